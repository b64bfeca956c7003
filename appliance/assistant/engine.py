"""Advice, moods and drafts of many calls at once: every step decodes one batch for all.

What goes into a batch, in this order:

1. what the calls that are advised bring, see `assistant.desk`;
2. only if there is nothing else to do: a line whose mood is wanted, and last a call that
   is read ahead to be written up.

A draft that somebody waits for goes along with the answers token by token, and before what
is read ahead of calls when there are none.

Runs in the language worker, on its only working thread.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

import msgspec

from appliance.assistant import prompt
from appliance.assistant.desk import BACKGROUND_CHUNK, READ_CHUNK, AdviceDesk
from appliance.assistant.examples import ACTIONS
from appliance.assistant.llama import Llama
from appliance.assistant.mood import prompt as mood_prompt
from appliance.assistant.mood.seat import MoodSeat
from appliance.assistant.port import (
    AnyJob,
    Forget,
    ForgetDraft,
    ReadMood,
    WriteDraft,
    unpack_config,
    unpack_job,
)
from appliance.assistant.seat import Entry, Model, encode
from appliance.assistant.summary import desk as drafts
from appliance.assistant.summary.desk import DraftDesk
from appliance.assistant.summary.prompt import DISPOSITIONS
from appliance.workers.port import Refusal, Reply

logger = logging.getLogger(__name__)

BATCH = 256  # tokens at most in one decode

# Tokens of a draft in a batch of advice, which takes 20 ms longer for them. What is not
# read of a call by its end, 600 tokens at most, is then read in 9 s.
RIDING = 4


class AdviceEngine:
    """Implements `appliance.workers.port.Engine`."""

    def __init__(
        self,
        model: Model,
        *,
        max_calls: int,
        context_tokens: int,
        dispositions: Sequence[str] = DISPOSITIONS,
        actions: tuple[str, ...] = ACTIONS,
    ) -> None:
        self.model = model
        self.advice = AdviceDesk(
            model,
            actions,
            base=_read_prefix(model, actions),
            max_calls=max_calls,
            context_tokens=context_tokens,
        )
        self.mood = MoodSeat(model, sequence=max_calls + 1)
        self.drafts = DraftDesk(model, max_calls + 2, dispositions)
        self._out: list[Reply | Refusal] = []

    # ------------------------------------------------------------------ the port

    def submit(self, job_id: int, payload: bytes) -> None:
        try:
            self._take(job_id, unpack_job(payload))
        except msgspec.DecodeError as error:
            self._out.append(Refusal(job_id, f"Not a job of the assistant: {error}."))

    def _take(self, job_id: int, job: AnyJob) -> None:
        if isinstance(job, Forget):
            self.advice.forget(job.call_id)
            self._out.append(Reply(job_id, b"", last=True))
        elif isinstance(job, ForgetDraft):
            self.drafts.forget(job.call_id)
            self._out.append(Reply(job_id, b"", last=True))
        elif isinstance(job, ReadMood):
            self.mood.submit(job_id, job)
        elif isinstance(job, WriteDraft):
            self.drafts.submit(job_id, job)
        else:
            self.advice.submit(job_id, job)

    def cancel(self, job_id: int) -> None:
        self.advice.cancel(job_id)
        self.mood.cancel(job_id)
        self.drafts.cancel(job_id)

    def step(self) -> Sequence[Reply | Refusal]:
        self.advice.admit()
        self._decode()
        out, self._out = self._out, []
        return out

    def idle(self) -> bool:
        return not self._out and self.advice.idle and self.mood.idle and self.drafts.idle

    # ------------------------------------------------------------------ decoding

    def _decode(self) -> None:
        drafting = self._draft()
        entries = self.advice.feed(BATCH - RIDING, ahead=not self.drafts.writing)
        if not entries and not drafting:
            if not self.mood.idle:
                self._out += self.advice.decoded() + self.mood.step(BACKGROUND_CHUNK)
                return
            drafting = self.drafts.feed(BACKGROUND_CHUNK)
        if entries or drafting:
            self.model.decode(entries + drafting)
        self._out += self.advice.decoded() + self.drafts.decoded(len(entries))

    def _draft(self) -> list[Entry]:
        """What goes into this batch of a draft that somebody waits for."""
        if not self.drafts.writing:
            return []
        return self.drafts.feed(RIDING if self.advice.writing else READ_CHUNK)


def _read_prefix(model: Model, actions: tuple[str, ...]) -> int:
    """Read what all calls share into sequence 0. Returns its length in tokens."""
    tokens = encode(model, prompt.prefix(actions))
    for start in range(0, len(tokens), BATCH):
        chunk = tokens[start : start + BATCH]
        model.decode([Entry(token, start + i, 0, False) for i, token in enumerate(chunk)])
    return len(tokens)


def build(config: bytes) -> AdviceEngine:
    """What the child process calls. Decodes one token before it returns, because a
    library built for another processor dies then, not when it is loaded. Raises ModelError.
    """
    wanted = unpack_config(config)
    actions = wanted.actions or ACTIONS
    model = Llama(
        Path(wanted.model),
        threads=wanted.threads,
        sequences=wanted.max_calls + 3 + drafts.PLACES,
        # Every seat full at once, each with a task and an answer, and the shared prefixes.
        cells=prefix_room(actions)
        + (mood_prompt.room() if wanted.mood else 0)
        + (drafts.room(wanted.dispositions) if wanted.dispositions else 0)
        + wanted.max_calls * (wanted.context_tokens + prompt.TASK_ROOM),
        batch=BATCH,
        gpu_layers=wanted.gpu_layers,
    )
    model.prove()
    return AdviceEngine(
        model,
        max_calls=wanted.max_calls,
        context_tokens=wanted.context_tokens,
        dispositions=wanted.dispositions or DISPOSITIONS,
        actions=actions,
    )


def prefix_room(actions: tuple[str, ...] = ACTIONS) -> int:
    """Cells for the shared prefix. Its tokens are 4.5 characters long on average."""
    return sum(len(span.text) for span in prompt.prefix(actions)) // 3
