"""What is copied from a call into its record, without a model."""

from appliance.assistant.summary.lines import Said
from appliance.assistant.summary.quotes import deed, facts, follow_ups, problem
from appliance.messages import Role

AGENT: Role = "agent"
CUSTOMER: Role = "customer"


def call(*said: str) -> list[Said]:
    """The agent first."""
    return [
        Said(id=f"u{n}", speaker=CUSTOMER if n % 2 else AGENT, text=text)
        for n, text in enumerate(said)
    ]


LOST = call(
    "Good morning, Granite Acorn Bank, how can I help you?",
    "Hello. I've lost my card on the train. It was there this morning.",
    "Oh dear. Can I take your full name?",
    "Yes, it's Arthur Example, and I paid eighteen pounds on the first of January.",
    "Let me check. I've blocked the card now. Your new card will be with you in five days.",
    "Brilliant. My reference is four seven oh double two.",
    "Thank you. Anything else I can do for you?",
    "No. Bye.",
    "Have a lovely day.",
)


def texts(found: list[Said]) -> list[str]:
    return [said.text for said in found]


def test_the_problem_is_the_first_thing_with_something_to_it() -> None:
    assert texts(problem(LOST)) == [
        "I've lost my card on the train.",
        "It was there this morning.",
    ]


def test_an_introduction_is_no_problem() -> None:
    said = call(
        "Hello.", "Hi, my name is Jennifer Williams.", "Yes?", "I need a checkbook."
    )
    assert texts(problem(said)) == ["I need a checkbook."]


def test_the_deed_is_the_last_thing_done_before_the_goodbye() -> None:
    assert texts(deed(LOST)) == ["Your new card will be with you in five days."]


def test_a_promise_is_followed_up_and_a_look_at_the_screen_is_not() -> None:
    assert texts(follow_ups(LOST)) == ["Your new card will be with you in five days."]


def test_facts_are_copied_as_they_stand_there_with_their_line() -> None:
    assert [(fact.kind, fact.text, fact.line) for fact in facts(LOST)] == [
        ("name", "Granite Acorn Bank", "u0"),
        ("name", "Arthur Example", "u3"),
        ("amount", "eighteen pounds", "u3"),
        ("date", "first of January", "u3"),
        ("number", "four seven oh double two", "u5"),
    ]


def test_a_payment_card_is_no_fact() -> None:
    assert (
        facts(call("", "four one one one, one one one one, one one one one, one one")) == []
    )


def test_nothing_is_quoted_of_a_call_without_words() -> None:
    assert [problem([]), deed([]), follow_ups([]), facts([])] == [[], [], [], []]
