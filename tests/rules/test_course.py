"""What rules do in a call: ticks, alerts, conditions."""

from datetime import UTC, datetime

import pytest

from appliance.messages import Alert, Checklist, Customer, CustomerCard, Sentiment
from appliance.rules.book import Book, Item, Rule, When
from appliance.rules.course import TAIL_MS, Course
from appliance.rules.rulebook import Rulebook
from tests.rules.site import alerts, course, line, states, typed

ITEMS = (Item(id="a", text="A", weight=3), Item(id="b", text="B"))
TICKS = (
    Rule(name="a", any=("apple",), tick="a"),
    Rule(name="b", any=("banana",), tick="b"),
)
LIST = Book(items=ITEMS, rules=TICKS)


def refund(**more: object) -> Book:
    rule = Rule(name="refund", any=("refund",), alert=("agent",), text="A refund!", **more)  # type: ignore[arg-type]
    return Book(rules=(rule,))


def test_the_list_is_told_first_and_then_whenever_it_changes() -> None:
    whole = Course(Rulebook(LIST))
    assert states(whole.arrived("agent", 0)) == {"a": "open", "b": "open"}
    assert whole.hear(line("Nothing.", 1000)) == []
    [told] = whole.hear(line("An apple.", 5000))
    assert isinstance(told, Checklist)
    assert told.score == 75
    [done] = [item for item in told.items if item.state == "done"]
    assert (done.by, done.line, done.at_ms, done.rule) == ("rule", "agent-5000", 5000, "a")
    assert whole.hear(line("Another apple.", 9000)) == []


def test_what_the_agent_says_by_hand_stays() -> None:
    whole = course(LIST)
    assert states(whole.by_hand("a", 100, on=True)) == {"a": "done", "b": "open"}
    assert states(whole.by_hand("a", 200, on=False)) == {"a": "open", "b": "open"}
    assert whole.hear(line("An apple.", 5000)) == []


def test_the_customer_does_not_tick_what_the_agent_has_to_say() -> None:
    assert course(LIST).hear(line("An apple.", 0, "customer")) == []


def test_a_sentence_cut_in_two_is_found_and_one_long_ago_is_not() -> None:
    book = Book(
        items=ITEMS[:1], rules=(Rule(name="a", any=("call is recorded",), tick="a"),)
    )
    whole = course(book)
    whole.hear(line("This call", 0))
    assert states(whole.hear(line("is recorded.", 2000 + TAIL_MS))) == {"a": "done"}
    whole = course(book)
    whole.hear(line("This call", 0))
    assert whole.hear(line("is recorded.", 2001 + TAIL_MS)) == []


def test_words_that_were_looked_at_before_do_not_count_again() -> None:
    whole = course(refund(cool_down_s=0))
    assert alerts(whole.hear(line("A refund.", 0))) == [("refund", "raised")]
    assert whole.hear(line("Of course.", 2500)) == []


def test_an_alert_cools_down() -> None:
    whole = course(refund(cool_down_s=60))
    told = [whole.read(typed("A refund.", ms)) for ms in (0, 59_999, 60_000)]
    assert [len(one) for one in told] == [1, 0, 1]
    assert [one.id for some in told for one in some if isinstance(one, Alert)] == [
        "rule-1",
        "rule-2",
    ]


def test_what_must_not_be_said_with_it_keeps_a_rule_away() -> None:
    whole = course(refund(none=("no refund",)))
    assert whole.hear(line("There is no refund.", 0)) == []


def test_all_of_it_has_to_be_said() -> None:
    both = Rule(name="x", all=("apple", "banana"), alert=("agent",), text="Fruit.")
    whole = course(Book(rules=(both,)))
    assert whole.read(typed("An apple.", 0)) == []
    assert alerts(whole.read(typed("A banana, an apple.", 1))) == [("x", "raised")]


def card(**known: object) -> Customer:
    kept: dict[str, object] = {
        "id": "1",
        "name": "A",
        "email": "",
        "phone": "",
        "status": "Gold",
        "lifetime_value": 900.0,
        "currency": "",
        "since": "",
    }
    return Customer(source="start", card=CustomerCard(**(kept | known)))  # type: ignore[arg-type]


UNHAPPY = Alert(id="mood-1", kind="mood", state="raised", lines=(), text="")
READ = Sentiment(
    id="c1",
    label="negative",
    score=-0.9,
    confidence=0.9,
    source="",
    quarters=(),
    trend="down",
    call_score=-40,
)


@pytest.mark.parametrize(
    ("when", "fact"),
    [
        (When(mood="unhappy"), UNHAPPY),
        (When(score_below=-20), READ),
        (When(customer_known=True), card()),
        (When(customer_status=("gold",)), card()),
        (When(value_from=900), card()),
    ],
)
def test_a_rule_without_words_applies_once_its_conditions_hold(
    when: When, fact: Alert | Sentiment | Customer
) -> None:
    rule = Rule(name="x", when=when, alert=("supervisor",), text="Look.")
    whole = course(Book(rules=(rule,)))
    assert whole.tick(1000, {}) == []
    assert alerts(whole.know(fact, 2000)) == [("x", "raised")]
    assert whole.tick(3000, {}) == []


@pytest.mark.parametrize(
    ("when", "queue", "reason", "holds"),
    [
        (When(queue=("Sales",)), "sales", "", True),
        (When(queue=("sales",)), "", "", False),
        (When(reason=("refund", "money back")), "", "I want refunds", True),
        (When(reason=("refund",)), "", "Hello", False),
        (When(tickets_from=1), "", "", False),
        (When(customer_known=False), "", "", True),
        (When(until_s=1), "", "", True),
        (When(from_s=1), "", "", False),
        (When(unless="b"), "", "", True),
        (When(after="b"), "", "", False),
    ],
)
def test_an_item_is_asked_for_where_its_conditions_hold(
    when: When, queue: str, reason: str, holds: bool
) -> None:
    items = (Item(id="a", text="A", when=when),)
    book = Book(items=items, rules=(Rule(name="b", any=("banana",), tick="a"),))
    told = Course(Rulebook(book)).arrived("customer", 0, queue=queue, reason=reason)
    assert states(told) == ({"a": "open"} if holds else {})


def test_what_nobody_could_hear_is_not_held_against_the_agent() -> None:
    whole = course(LIST)
    whole.hear(line("An apple.", 500))
    whole.tick(4000, {"agent": 4000})
    whole.tick(10_000, {"agent": None})
    [told] = whole.end(10_000)
    assert isinstance(told, Checklist)
    assert states([told]) == {"a": "done", "b": "unchecked"}
    assert told.score == 100


def test_what_was_not_said_counts_as_not_done() -> None:
    whole = course(LIST)
    whole.tick(10_000, {"agent": 10_000})
    assert whole.end(10_000) == []


def test_a_box_without_rules_tells_nothing() -> None:
    whole = Course(Rulebook(Book()))
    assert [*whole.arrived("agent", 0), *whole.tick(9, {}), *whole.end(9)] == []


def test_a_thousand_repeated_words_are_no_burden() -> None:
    rules = tuple(
        Rule(
            name=f"{n}",
            any=(f"call NEAR/30 (call NEAR/30 x{n})",),
            alert=("agent",),
            text="x",
        )
        for n in range(200)
    )
    whole = course(Book(rules=rules))
    started = datetime.now(UTC)
    whole.read(typed("call " * 800, 0))
    assert (datetime.now(UTC) - started).total_seconds() < 5
