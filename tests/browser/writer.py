"""A language model that is foreseeable and slow: it advises the same, a word at a time."""

import time
from collections.abc import Sequence

import msgspec

from appliance.assistant.port import (
    AdviceDelta,
    AnyJob,
    Ask,
    DraftDelta,
    ReadMood,
    WriteDraft,
)
from appliance.workers.port import Refusal, Reply

WORD_S = 0.12

# Long enough that a person, or a test, can stop it half way.
ADVICE = (
    "I am sorry about the card. May I have your customer number, so that I can block it at "
    "once and send you a new one to the address that we have for you?"
)

# What an agent who asks is told, so that it is not taken for advice that came before.
ANSWER = (
    "You block it in the card office: open the customer's account, choose the card, press "
    "Block and read the question that comes up to them before you confirm it with Yes."
)

DRAFT = "asking to block the card that is lost."


class Writer:
    def __init__(self) -> None:
        self._written: dict[int, int] = {}  # words of each job
        self._texts: dict[int, list[str]] = {}
        self._refused: list[int] = []

    def submit(self, job_id: int, payload: bytes) -> None:
        job = msgspec.msgpack.decode(payload, type=AnyJob)
        if isinstance(job, ReadMood):  # the word list reads it then
            self._refused.append(job_id)
            return
        drafts = isinstance(job, WriteDraft) and not job.ahead
        self._written[job_id] = 0 if isinstance(job, Ask) or drafts else -1
        asked = isinstance(job, Ask) and job.question
        text = DRAFT if drafts else ANSWER if asked else ADVICE
        self._texts[job_id] = text.split()

    def cancel(self, job_id: int) -> None:
        self._written.pop(job_id, None)

    def idle(self) -> bool:
        return not self._written and not self._refused

    def step(self) -> Sequence[Reply | Refusal]:
        if self._refused:
            return [Refusal(self._refused.pop(), "I only write.")]
        for job_id, words in self._written.items():
            if words < 0:
                del self._written[job_id]
                return [Reply(job_id, msgspec.msgpack.encode(AdviceDelta(done=True)))]
        time.sleep(WORD_S)
        replies = []
        for job_id in list(self._written):
            self._written[job_id] += 1
            replies.append(self._reply(job_id))
        return replies

    def _reply(self, job_id: int) -> Reply:
        words = self._texts[job_id]
        done = self._written[job_id] >= len(words)
        text = " ".join(words[: self._written[job_id]])
        drafts = words == DRAFT.split()
        delta = _drafted(text, done=done) if drafts else _advised(text, done=done)
        if done:
            del self._written[job_id]
        return Reply(job_id, msgspec.msgpack.encode(delta), last=done)


def _advised(text: str, *, done: bool) -> AdviceDelta:
    return AdviceDelta(
        action="ask_question",
        confidence=0.82,
        suggestion=text,
        reasoning="the card must be blocked first" if done else "",
        done=done,
    )


def _drafted(text: str, *, done: bool) -> DraftDelta:
    return DraftDelta(
        situation=text,
        action="blocked the card that was lost." if done else "",
        disposition="resolved" if done else "",
        disposition_sure=0.8,
        done=done,
    )


def build(_config: bytes) -> Writer:
    return Writer()
