"""A short real call with two voices, and what became of its words."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

import anyio
import jiwer
from whisper_normalizer.english import EnglishTextNormalizer

from appliance.messages import ROLES, AiSuggestion, Role, ServerMessage, Status, Transcript
from appliance.replay.client import Outcome, Plan, Told, play
from appliance.replay.recording import Recording, read_recording
from appliance.replay.samples import find_sample
from tests.faults.process import Serving

# Four turns, two of each person: the customer speaks from 5.1 to 9.7 s and from 14.7 to
# 16.6 s, the agent before each.
SAMPLE = "lost-bank-card"
SECONDS = 17.0

# Twice as fast as life leaves two cores room for what a fault makes them do again.
# Patience covers a hang (10 s until it is seen), a restart and what is then caught up.
PLAN = Plan(speed=2.0, patience_s=45.0)

# A batch that is decoded again may be padded differently, which can turn a word.
MOST_WER = 0.05

_normalise = EnglishTextNormalizer()


def short_call() -> Recording:
    whole = read_recording(find_sample(SAMPLE).path)
    return Recording(whole.samples[: round(SECONDS * whole.rate)], whole.rate)


def call(
    server: Serving, *, on_message: Callable[[Told], None] | None = None, plan: Plan = PLAN
) -> Outcome:
    """Make the call and return when it is over."""
    recording = short_call()
    url, token = server.url, server.token
    return anyio.run(
        partial(play, url, recording, plan, on_message=on_message, token=token)
    )


Fits: TypeAlias = Callable[[ServerMessage], bool]


class Once:
    """Do something at the first message of the agent's that fits."""

    def __init__(self, fits: Fits, do: Callable[[], object]) -> None:
        self.fits = fits
        self.do = do
        self.done = False

    def __call__(self, told: Told) -> None:
        if self.done or told.role != "agent" or told.message is None:
            return
        if self.fits(told.message):
            self.done = True
            self.do()


def customer_is_speaking(message: ServerMessage) -> bool:
    """In the middle of a turn: the customer's first words are on the screen."""
    return (
        isinstance(message, Transcript)
        and message.speaker == "customer"
        and not message.is_final
    )


def advice_is_being_written(message: ServerMessage) -> bool:
    return (
        isinstance(message, AiSuggestion)
        and message.status == "streaming"
        and bool(message.suggestion)
    )


def finals(outcome: Outcome, seen_by: Role = "agent") -> list[Transcript]:
    """In the order they came."""
    return [
        told.message
        for told in outcome.told[seen_by]
        if isinstance(told.message, Transcript) and told.message.is_final
    ]


def of_speaker(transcripts: Sequence[Transcript], role: Role) -> list[Transcript]:
    return sorted((t for t in transcripts if t.speaker == role), key=lambda t: t.start_ms)


def states(outcome: Outcome, part: str) -> list[tuple[str, str]]:
    """State and text of each status that the agent's screen was shown. Being behind
    (`degraded`) for a moment is left out: this machine may have other work as well."""
    shown = [
        (message.state, message.text)
        for message in outcome.messages
        if isinstance(message, Status)
        and message.part == part
        and message.state != "degraded"
    ]
    # Live, degraded, live is live all the time.
    changes: list[tuple[str, str]] = [
        one for one, before in zip(shown, [None, *shown], strict=False) if one != before
    ]
    return changes[1:] if changes[:1] == [("live", f"{part} live")] else changes


def advice(outcome: Outcome) -> list[AiSuggestion]:
    """Finished ones."""
    return [m for m in outcome.messages if isinstance(m, AiSuggestion) and m.is_final]


def assert_nothing_lost(outcome: Outcome, undisturbed: Outcome) -> None:
    """Every turn once, on both screens, with the words it would have had anyway."""
    assert outcome.settled
    assert outcome.ended
    heard = finals(outcome)
    assert len({final.id for final in heard}) == len(heard), "a turn was told twice"
    assert not any(final.failed for final in heard)
    assert {(f.id, f.text) for f in finals(outcome, "customer")} == {
        (f.id, f.text) for f in heard
    }
    for role in ROLES:
        expected = of_speaker(finals(undisturbed), role)
        mine = of_speaker(heard, role)
        assert [f.id for f in mine] == [f.id for f in expected]
        wer = jiwer.wer(_words(expected), _words(mine))
        assert wer <= MOST_WER, (_words(expected), _words(mine))


def _words(transcripts: Sequence[Transcript]) -> str:
    return str(_normalise(" ".join(t.text for t in transcripts)))
