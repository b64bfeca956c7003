from pathlib import Path

import pytest

from appliance.errors import KnowledgeError
from appliance.knowledge.catalogue import FILE, Library, Question, changed
from appliance.knowledge.golden import read_golden, run
from appliance.knowledge.shelf import read_index
from appliance.knowledge.updating import Sentences, update
from tests.knowledge.site import article, articles, by_words

ALONE = Sentences()
WITH = Sentences("stand-in", by_words)
LIKELY = 0.3


def test_articles_are_added_changed_and_removed_and_every_version_stays(
    tmp_path: Path,
) -> None:
    first = update(tmp_path, articles(), ALONE, threshold=LIKELY)
    assert (sorted(first.added), first.same) == (["card", "fees", "hours"], 0)
    fresh = article("hours", "# Opening hours\n\nOpen from ten to four.\n")
    second = update(tmp_path, [article("card"), fresh], ALONE, threshold=LIKELY)
    assert (second.added, second.changed, second.same) == ([], ["hours"], 1)
    third = update(tmp_path, [], ALONE, remove=["fees"], threshold=LIKELY)
    assert third.removed == ["fees"]
    with Library(tmp_path / FILE) as library:
        assert [a.id for a in library.current()] == ["card", "hours"]
        newest, oldest = library.versions("hours")
        assert (newest.version, newest.current) == (2, True)
        assert (oldest.version, oldest.current) == (1, False)
        assert "nine to five" in oldest.passages[0].text
        assert library.versions("fees")[0].passages[0].text.startswith("An overdraft")


def test_with_only_what_is_not_given_goes(tmp_path: Path) -> None:
    update(tmp_path, articles(), ALONE, threshold=LIKELY)
    report = update(tmp_path, [article("card")], ALONE, only=True, threshold=LIKELY)
    assert (report.removed, report.same) == (["fees", "hours"], 1)


def test_an_unknown_article_cannot_be_removed_and_nothing_changes(tmp_path: Path) -> None:
    update(tmp_path, articles(), ALONE, threshold=LIKELY)
    before = (tmp_path / FILE).stat().st_ino
    with pytest.raises(KnowledgeError, match="no article nothing"):
        update(tmp_path, [], ALONE, remove=["nothing"], threshold=LIKELY)
    assert (tmp_path / FILE).stat().st_ino == before
    assert not list(tmp_path.glob(".knowledge-*"))


def test_two_articles_of_one_id_are_refused(tmp_path: Path) -> None:
    twice = [article("card"), article("card", "# Lost card\n\nSomething else.\n")]
    with pytest.raises(KnowledgeError, match="have the id card"):
        update(tmp_path, twice, ALONE, threshold=LIKELY)


def test_another_sentence_model_makes_every_vector_anew(tmp_path: Path) -> None:
    update(tmp_path, articles(), ALONE, threshold=LIKELY)
    assert read_index(tmp_path, "stand-in").find("branch hours", None)[0].fit.sense == 0
    update(tmp_path, [], WITH, threshold=LIKELY)
    (vector,) = by_words(["when is the branch open"])
    best = read_index(tmp_path, "stand-in").find("when is the branch open", vector)[0]
    assert (best.entry.article, best.fit.sense > 0.5) == ("hours", True)


def test_a_change_that_makes_the_golden_set_worse_is_refused_unless_forced(
    tmp_path: Path,
) -> None:
    update(tmp_path, articles(), ALONE, threshold=LIKELY)
    questions = read_golden(
        "golden.csv",
        b"question,article\nWhat does an overdraft cost?,fees\nI lost my card,card\n",
    )
    outcome = run(read_index(tmp_path, ""), questions, None, LIKELY)
    assert (outcome.rights, outcome.wrongs, outcome.found_among(1)) == (2, 0, 2)
    with changed(tmp_path) as library, library.together():
        library.keep(questions, outcome.rights)
    with pytest.raises(KnowledgeError, match="1 of 2 questions"):
        update(tmp_path, [], ALONE, remove=["fees"], threshold=LIKELY)
    with Library(tmp_path / FILE) as library:
        assert len(library.current()) == 3
    report = update(tmp_path, [], ALONE, remove=["fees"], force=True, threshold=LIKELY)
    assert (report.kept, report.golden and report.golden.rights) == (2, 1)


def test_a_question_that_nothing_answers_is_right_when_nothing_is_shown(
    tmp_path: Path,
) -> None:
    update(tmp_path, articles(), ALONE, threshold=LIKELY)
    asked = [Question("Do you sell bicycles?", "")]
    outcome = run(read_index(tmp_path, ""), asked, None, LIKELY)
    assert (outcome.rights, outcome.wrongs) == (1, 0)


def test_a_golden_set_without_its_columns_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="no rows with a question"):
        read_golden("golden.csv", b"a,b\n1,2\n")
