"""The short cuts of the search find what a look at every word of every call does."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.store import reader
from appliance.store.log import SessionLog
from appliance.store.search import LOOK_INTO, Search, fours_of, grams_of
from appliance.store.writer import Store
from tests.store.test_search import a_call, ended, wrapped

pytestmark = pytest.mark.anyio

# Few letters, so that words are often parts of others.
LETTERS = "aabß1é\N{SEGMENTED DIGIT ZERO}"

MARKS = """
SELECT words, grams_of(words), fours_of(words) FROM (SELECT words_of($text) AS words)
"""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionLog]:
    log = SessionLog(tmp_path_factory.mktemp("record") / "record.duckdb")
    yield log
    log.close()


@given(st.lists(st.text(max_size=12), max_size=4))
@settings(max_examples=30, deadline=None)
def test_runs_of_letters_are_the_same_in_the_record_and_in_a_question(
    log: SessionLog, texts: list[str]
) -> None:
    for text in texts:
        [(words, grams, fours)] = log.ask(MARKS, {"text": text})
        assert (grams_of(words), fours_of(words)) == (sorted(grams), sorted(fours))


def texts(chance: Random, longest: int) -> list[str]:
    def word() -> str:
        return "".join(chance.choices(LETTERS, k=chance.randint(1, longest)))

    return [" ".join(word() for _ in range(chance.randint(1, 3))) for _ in range(32)]


def has_all(log: SessionLog, said: str, asked: str) -> bool:
    folded = "SELECT words_of($said), words_of($asked)"
    [(there, wanted)] = log.ask(folded, {"said": said, "asked": asked})
    return all(any(word in one for one in there) for word in wanted)


@pytest.fixture
def empty(tmp_path: Path) -> SessionLog:
    return SessionLog(tmp_path / "record.duckdb")


async def test_a_page_has_the_newest_calls_with_all_of_the_words(
    empty: SessionLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, log = Random(1), empty
    said = texts(chance, 7)
    for n, text in enumerate(said):
        events = a_call(f"c{n}", text, agent="", customer="")
        end = [ended(f"c{n}")] if n % 4 else []
        log.write([*events, *end, *([wrapped(f"c{n}", "resolved", text)] if n % 3 else [])])
    store = Store(log)
    for text in texts(chance, 4)[:12]:
        at = [n for n, one in enumerate(said) if has_all(log, one, text)][::-1]
        for look_into in ((), (1, 1), (2, 30), LOOK_INTO):
            monkeypatch.setattr(reader, "LOOK_INTO", look_into)
            limit = chance.choice([1, 3, 50])
            page = await store.sessions(Search(text=text, limit=limit))
            assert [row.call_id for row in page.sessions] == [f"c{n}" for n in at[:limit]]
            assert (page.next is not None) == (len(at) > limit)
    await store.aclose()


def test_a_row_is_looked_up_by_its_position(log: SessionLog) -> None:
    log.write([event for n in range(20) for event in (*a_call(f"c{n}"), ended(f"c{n}"))])
    [(_, plan)] = log.ask("EXPLAIN ANALYZE SELECT texts FROM session WHERE n IN (0, 4)")
    assert "Index Scan" in plan
