from msgspec.structs import replace

from appliance.messages import AdviceStatus, AiSuggestion, Role, Transcript
from appliance.pipeline.followed import Followed
from appliance.received import Feedback
from appliance.store.event import AdviceBecame, AdviceBegan


def advice(status: AdviceStatus, *, is_final: bool = True, id_: str = "a1") -> AiSuggestion:
    return AiSuggestion(
        id=id_,
        answers="t1",
        action="look_up",
        suggestion="Let me check your invoice and the price.",
        reasoning="",
        confidence=0.9,
        is_final=is_final,
        status=status,
    )


def line(speaker: Role, *, is_final: bool = True) -> Transcript:
    text = "let me check the invoice and the price"
    return Transcript(
        id="t2", speaker=speaker, text=text, is_final=is_final, start_ms=0, end_ms=9
    )


def test_what_only_the_agent_says_and_has_finished_saying_counts() -> None:
    told: list[AdviceBecame | AdviceBegan] = []
    followed = Followed(told.append)
    followed.advised(advice("streaming", is_final=False), 0)
    followed.heard(line("agent"), 5)
    assert told == []  # nothing had been written to its end
    followed.advised(advice("done"), 10)
    followed.heard(line("customer"), 20)
    followed.heard(line("agent", is_final=False), 20)
    assert told == []
    followed.heard(line("agent"), 30)
    assert told == [AdviceBecame(id="a1", fate="said", line="t2")]


def test_advice_expires_unless_the_agent_did_something_with_it() -> None:
    told: list[AdviceBecame | AdviceBegan] = []
    followed = Followed(told.append)
    ends: tuple[AdviceStatus, ...] = ("done", "stopped", "superseded")
    for number, status in enumerate(ends, 1):
        followed.advised(advice(status, id_=f"a{number}"), 0)
    followed.judged(Feedback(id="a2", verdict="dismissed"))
    followed.passed(29_000)
    assert told == []
    followed.passed()
    assert told == [AdviceBecame(id=i, fate="expired") for i in ("a1", "a3")]


def test_a_note_that_there_is_no_advice_becomes_nothing() -> None:
    told: list[AdviceBecame | AdviceBegan] = []
    followed = Followed(told.append)
    followed.advised(advice("unavailable"), 0)
    followed.passed()
    assert told == []


def test_the_first_word_counts_from_the_end_of_the_line_it_answers_and_once() -> None:
    told: list[AdviceBecame | AdviceBegan] = []
    followed = Followed(told.append)
    asked = Transcript(
        id="t1", speaker="customer", text="why", is_final=True, start_ms=0, end_ms=900
    )
    followed.heard(asked, 1200)
    followed.advised(replace(advice("streaming", is_final=False), suggestion=""), 1300)
    followed.advised(advice("streaming", is_final=False), 1500)
    followed.advised(advice("done"), 1800)
    assert told == [AdviceBegan(id="a1", after_ms=600)]


def test_advice_on_an_older_line_is_not_timed() -> None:
    told: list[AdviceBecame | AdviceBegan] = []
    followed = Followed(told.append)
    followed.heard(replace(line("customer"), id="t9"), 10)
    followed.advised(advice("done"), 20)
    assert told == []
