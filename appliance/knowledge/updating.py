"""Changing the articles: read, compared, made vectors of, tested, and put in place."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from appliance.errors import KnowledgeError
from appliance.knowledge.articles import Article, searched
from appliance.knowledge.catalogue import Library, changed
from appliance.knowledge.golden import Embed, Outcome, run
from appliance.knowledge.index import Vectors
from appliance.knowledge.shelf import index_of


class Sentences(Struct, frozen=True):
    """The sentence model that vectors are made with; no model: the words alone."""

    model: str = ""
    embed: Embed | None = None


class Report(Struct, frozen=True, kw_only=True):
    """Ids of the articles by what became of them."""

    added: list[str]
    changed: list[str]
    removed: list[str]
    same: int
    golden: Outcome | None = None  # of the kept questions; None without any
    kept: int = 0  # how many of them were right before


def update(
    folder: Path,
    articles: Sequence[Article],
    sentences: Sentences,
    *,
    remove: Iterable[str] = (),
    only: bool = False,
    force: bool = False,
    threshold: float,
) -> Report:
    """Put these articles in place, each with its id, and take out those of `remove`; with
    `only`, also all others.

    Raises KnowledgeError, with nothing changed, if two have one id, one to be removed is
    not there, or the kept questions come out worse and it is not forced.
    """
    given = {article.id: article for article in articles}
    if len(given) < len(articles):
        twice = next(a.id for a in articles if given[a.id] is not a)
        raise KnowledgeError(
            f"Two articles have the id {twice}.", fix="Give one of them another file name."
        )
    with changed(folder) as library:
        before = library.digests()
        gone = set(before) - set(given) if only else set(remove)
        if gone - set(before):
            raise KnowledgeError(
                f"There is no article {sorted(gone - set(before))[0]}.",
                fix="See `appliance kb list`.",
            )
        fresh = [a for a in articles if before.get(a.id) != a.digest]
        with library.together():
            _embed_again(library, sentences)
            for article, vectors in zip(fresh, _vectors(fresh, sentences), strict=True):
                library.put(article, vectors)
            for article_id in gone:
                library.remove(article_id)
        outcome, kept = _tested(library, sentences, threshold), library.kept()
        if outcome is not None:
            if outcome.rights < kept and not force:
                raise KnowledgeError(
                    f"With this change {outcome.rights} of {len(outcome.answers)} "
                    f"questions of the golden set come out right; before it were {kept}.",
                    fix="See `appliance kb test` for those that fail; --force changes it "
                    "all the same.",
                )
            library.keep_rights(outcome.rights)
    return Report(
        added=[a.id for a in fresh if a.id not in before],
        changed=[a.id for a in fresh if a.id in before],
        removed=sorted(gone),
        same=len(articles) - len(fresh),
        golden=outcome,
        kept=kept,
    )


def _tested(library: Library, sentences: Sentences, threshold: float) -> Outcome | None:
    questions = library.golden()
    if not questions:
        return None
    index = index_of(library, sentences.model)
    return run(index, questions, sentences.embed, threshold)


def _vectors(articles: Sequence[Article], sentences: Sentences) -> list[Vectors | None]:
    if sentences.embed is None or not articles:
        return [None] * len(articles)
    texts = [searched(a.title, passage) for a in articles for passage in a.passages]
    rows = sentences.embed(texts)
    ends = 0
    made: list[Vectors | None] = []
    for article in articles:
        made.append(rows[ends : ends + len(article.passages)])
        ends += len(article.passages)
    return made


def _embed_again(library: Library, sentences: Sentences) -> None:
    """Vectors of two models cannot be compared: with another one, all are made anew."""
    if sentences.embed is None:
        library.say_model("")  # what is added now has none
    if sentences.embed is None or library.model == sentences.model:
        return
    for article in library.current():
        texts = [searched(article.title, passage) for passage in article.passages]
        library.embed_again(article.id, sentences.embed(texts))
    library.say_model(sentences.model)
