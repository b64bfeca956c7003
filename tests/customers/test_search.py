from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.customers.card import read_card
from appliance.customers.database import Reader
from appliance.customers.importing import FILE
from appliance.customers.phone import digits_of, nearly_same, same
from appliance.customers.rank import distance, name_score
from appliance.customers.search import search
from tests.customers.site import bring_in, settle, write


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("site")
    settle(folder)
    reader = Reader(folder / FILE)
    yield reader
    reader.close()


@pytest.mark.parametrize(
    ("query", "found", "matched", "exact"),
    [
        ("Arthur Example", "C1", "name", True),
        ("  EXAMPLE   arthur ", "C1", "name", True),
        ("Artur Exampel", "C1", "name", False),
        ("arth", "C1", "name", False),
        ("juergen mueller luedenscheidt", "C2", "name", True),
        ("Jurgen Muller", "C2", "name", False),
        ("obrien", "C5", "name", False),
        ("Siobhan OBrien", "C5", "name", True),
        ("020 7946 0271", "C1", "phone", True),
        ("0044 (0)20-7946-0271", "C1", "phone", True),
        ("+44 20 7946 0272", "C1", "phone", False),
        ("+49 30 1234567", "C2", "phone", True),
        ("ARTHUR@example.test", "C1", "email", True),
        ("arhtur@example.test", "C1", "email", False),
        ("c2", "C2", "id", True),
        ("ord 470295", "C3", "order", True),
        ("470295", "C3", "order", True),
        ("ab-12", "C1", "order", True),
    ],
)
def test_a_customer_is_found_and_it_says_why(
    reader: Reader, query: str, found: str, matched: str, exact: bool
) -> None:
    best = search(reader, query)[0]
    assert (best.id, best.matched, best.exact) == (found, matched, exact)


def test_everybody_of_a_name_is_found_and_others_come_behind(reader: Reader) -> None:
    hits = search(reader, "ann smith")
    assert [hit.id for hit in hits[:2]] == ["C3", "C4"]
    assert [hit.exact for hit in hits[:2]] == [True, True]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "%",
        "_",
        "*",
        "'",
        "''; DROP TABLE customer; --",
        '"',
        "\\",
        "\0",
        "{}",
        "{0}{query}",
        "$1 ?",
        "(((((",
        "😀😀😀",
        "é" * 300,
        "a" * 100_000,
        "a b " * 25_000,
        "1" * 100_000,
        "@" * 50,
        "a@",
        "@b",
        "漢字",
    ],
)
def test_hostile_queries_find_nobody_and_break_nothing(reader: Reader, query: str) -> None:
    assert search(reader, query) == []
    assert search(reader, "C1")[0].id == "C1"


@given(st.text(max_size=40))
def test_any_text_can_be_searched_for(reader: Reader, query: str) -> None:
    search(reader, query.encode("utf-8", "ignore").decode())


def test_a_number_with_quotes_and_wildcards_is_found_as_it_is(reader: Reader) -> None:
    [best, *_] = search(reader, "100% _x'; DROP TABLE customer;--")
    assert best.name == "Bobby Tables"
    card = read_card(reader, best.id)
    assert card is not None
    assert card.email == "bobby@example.test"


@pytest.mark.parametrize("wrong", ["", "c1", "C%", "C1'", "C1\0", "x" * 100_000])
def test_a_card_is_for_the_exact_number_only(reader: Reader, wrong: str) -> None:
    assert read_card(reader, wrong) is None


def test_a_card_has_the_newest_orders_and_open_tickets_only(tmp_path: Path) -> None:
    settle(tmp_path)
    orders = [[f"N{n}", "C1", f"2025-01-{n:02}", "9.5"] for n in range(1, 9)]
    tickets = [["T1", "C1", "Closed"], ["T2", "C1", "open"], ["T3", "C1", ""]]
    bring_in(
        tmp_path,
        write(tmp_path / "orders.csv", ["number", "customer_id", "date", "total"], orders),
        write(tmp_path / "tickets.csv", ["number", "customer_id", "status"], tickets),
    )
    reader = Reader(tmp_path / FILE)
    card = read_card(reader, "C1")
    reader.close()
    assert card is not None
    assert [order.number for order in card.orders] == ["N8", "N7", "N6", "N5", "N4"]
    assert card.orders[0].placed == "2025-01-08"
    assert {ticket.number for ticket in card.tickets} == {"T2", "T3"}


@pytest.mark.parametrize(
    ("one", "other", "is_same", "is_near"),
    [
        ("+49 30 1234567", "030 1234567", True, True),
        ("0049 (0)30 / 123-4567", "+49301234567", True, True),
        ("+45 12 34 56 78", "12345678", True, True),
        ("+49 30 1234567", "+49 30 1234568", False, True),
        ("+49 30 1234567", "+49 30 1234576", False, True),
        ("+49 30 1234567", "+49 30 123456", False, True),
        ("+49 30 1234567", "+49 40 1234568", False, False),
        ("123456", "123456", False, False),
    ],
)
def test_telephone_numbers_in_two_notations(
    one: str, other: str, is_same: bool, is_near: bool
) -> None:
    a, b = digits_of(one), digits_of(other)
    assert (same(a, b), nearly_same(a, b)) == (is_same, is_near)


def test_a_swapped_pair_of_letters_is_one_mistake() -> None:
    assert distance("arthur", "artuhr") == 1
    assert distance("", "abc") == 3
    assert name_score(["ann", "le"], ["ann", "lee"], open_end=True) > name_score(
        ["ann", "le"], ["ann", "lena", "roy"], open_end=True
    )
