from appliance.knowledge.articles import Passage
from appliance.knowledge.index import Entry, Index
from appliance.knowledge.topic import Topic
from tests.knowledge.site import articles, by_words


def entry(article: str, text: str, about: tuple[str, ...] = ()) -> Entry:
    passage = Passage(section="", text=text)
    return Entry(article=article, title=article, version=1, about=about, passage=passage)


def index() -> Index:
    entries = [
        Entry(article=a.id, title=a.title, version=1, about=a.about, passage=passage)
        for a in articles()
        for passage in a.passages
    ]
    texts = [f"{entry.title} {entry.passage.text}" for entry in entries]
    return Index(entries, by_words(texts))


def find(asked: str) -> list[str]:
    return [hit.entry.article for hit in index().find(asked, by_words([asked])[0])]


def test_no_article_answers_nothing() -> None:
    assert Index((), None).find("anything", None) == []


def test_words_that_a_recogniser_has_bent_still_find_their_article() -> None:
    words_only = Index(index().entries, None)
    assert words_only.find("overdrafts cossts", None)[0].entry.article == "fees"


def test_a_name_that_fell_earlier_chooses_between_articles_that_say_the_same() -> None:
    hotels = Index(
        [
            entry("grant", "Check-in starts at three.", ("Grant Hotel",)),
            entry("palace", "Check-in starts at two.", ("Palace Inn",)),
        ],
        None,
    )
    said = ["a room at the grand hotel please", "the Grant Hotel has one free"]
    best = hotels.find("what time is check in", None, said)[0]
    assert (best.entry.article, best.fit.name > 0.9) == ("grant", True)


def test_the_name_said_last_is_the_one_meant() -> None:
    hotels = Index(
        [
            entry("grant", "Check-in starts at three.", ("Grant Hotel",)),
            entry("palace", "Check-in starts at two.", ("Palace Inn",)),
        ],
        None,
    )
    said = ["The Grant Hotel is full", "Then the Palace Inn"]
    assert hotels.find("when is check in", None, said)[0].entry.article == "palace"


def test_a_call_stays_with_its_article_while_an_address_is_dictated() -> None:
    topic, shelf = Topic(), index()

    def heard(line: str, asked: str) -> None:
        topic.heard(line, shelf.find(asked, by_words([asked])[0]))

    heard("t1", "My card is lost: block it and send one")
    for number, word in enumerate(("seven", "main street", "springfield")):
        heard(f"t{number + 2}", word)
    lead = topic.best(0.3)
    assert lead is not None
    assert (lead.hit.entry.article, lead.line) == ("card", "t1")
    assert lead.hit.entry.passage.steps == ("Block it.", "Send one.")
    assert topic.best(0.99) is None


def test_another_subject_takes_over() -> None:
    topic, shelf = Topic(), index()
    for line, asked in (
        ("t1", "My card was lost."),
        ("t2", "An overdraft costs which overdraft fee?"),
    ):
        topic.heard(line, shelf.find(asked, by_words([asked])[0]))
    lead = topic.best(0.2)
    assert lead is not None
    assert (lead.hit.entry.article, lead.line) == ("fees", "t2")
