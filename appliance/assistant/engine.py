"""Advice for many calls at once: every step decodes one batch for all of them.

What goes into a batch, in this order:

1. the next tokens of every answer that is being written;
2. what an Ask still has to read, in bounded pieces, so that a long call does not hold up
   the words of another;
3. only if nobody waits for advice: what an Extend has to read;
4. only if there is nothing else to do: a line whose mood is wanted, and last a call that
   is read ahead to be written up.

A draft that somebody waits for goes along with the answers token by token, and before the
Extends when there are none.

Runs in the language worker, on its only working thread.
"""

import logging
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import msgspec

from appliance.assistant import prompt
from appliance.assistant.examples import ACTIONS
from appliance.assistant.grammar import Grammar, Writer
from appliance.assistant.llama import Llama
from appliance.assistant.mood import prompt as mood_prompt
from appliance.assistant.mood.seat import MoodSeat
from appliance.assistant.port import (
    AdviceDelta,
    Ask,
    Extend,
    Forget,
    ForgetDraft,
    ReadMood,
    WriteDraft,
    pack,
    unpack_config,
    unpack_job,
)
from appliance.assistant.seat import Entry, Model, Seat, encode
from appliance.assistant.summary import desk as drafts
from appliance.assistant.summary.desk import DraftDesk
from appliance.assistant.summary.prompt import DISPOSITIONS
from appliance.assistant.text import heard
from appliance.workers.port import Refusal, Reply

logger = logging.getLogger(__name__)

BATCH = 256  # tokens at most in one decode
READ_CHUNK = 64  # of an Ask, in one step: 0.15 s on 2 cores

# An Ask that comes in the middle of a step waits for its end: 16 tokens are 0.07 s on 2
# cores and cost 80 % more each than 64 at once.
BACKGROUND_CHUNK = 16

# Tokens of a draft in a batch of advice, which takes 20 ms longer for them. What is not
# read of a call by its end, 600 tokens at most, is then read in 9 s.
RIDING = 4

WRITING = 16  # an answer with at most this many tokens to feed is not made to wait


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
        self.actions = actions
        self.grammar = Grammar(prompt.form(actions), model)
        prefix = self._read_prefix()
        self.seats = [
            Seat(model, sequence, prefix, context_tokens)
            for sequence in range(1, max_calls + 1)
        ]
        self.mood = MoodSeat(model, sequence=max_calls + 1)
        self.drafts = DraftDesk(model, max_calls + 2, dispositions)
        # Not bounded here: the parent has at most one Ask and one Extend of each call out.
        self._waiting: OrderedDict[int, Extend] = OrderedDict()
        self._out: list[Reply | Refusal] = []
        self._jobs = 0

    # ------------------------------------------------------------------ the port

    def submit(self, job_id: int, payload: bytes) -> None:
        try:
            job = unpack_job(payload)
        except msgspec.DecodeError as error:
            self._out.append(Refusal(job_id, f"Not a job of the assistant: {error}."))
            return
        if isinstance(job, Forget):
            self._forget(job.call_id)
            self._end(job_id)
        elif isinstance(job, ReadMood):
            self.mood.submit(job_id, job)
        elif isinstance(job, WriteDraft):
            self.drafts.submit(job_id, job)
        elif isinstance(job, ForgetDraft):
            self.drafts.forget(job.call_id)
            self._end(job_id)
        elif isinstance(job, Ask):
            self._supersede(job.call_id)
            self._waiting[job_id] = job
        else:
            self._waiting[job_id] = job

    def cancel(self, job_id: int) -> None:
        self._waiting.pop(job_id, None)
        self.mood.cancel(job_id)
        self.drafts.cancel(job_id)
        for seat in self.seats:
            if seat.writing is not None and seat.writing.job_id == job_id:
                seat.stop()
            if seat.reader == job_id:
                seat.reader = None

    def step(self) -> Sequence[Reply | Refusal]:
        self._admit()
        self._decode()
        out, self._out = self._out, []
        return out

    def idle(self) -> bool:
        return (
            not self._waiting
            and not self._out
            and self.mood.idle
            and self.drafts.idle
            and all(seat.pending == 0 for seat in self.seats)
        )

    # ------------------------------------------------------------------ jobs

    def _end(self, job_id: int | None, payload: bytes = b"") -> None:
        if job_id is not None:
            self._out.append(Reply(job_id, payload, last=True))

    def _forget(self, call_id: str) -> None:
        self._supersede(call_id)
        for job_id in [i for i, job in self._waiting.items() if job.call_id == call_id]:
            del self._waiting[job_id]
            self._end(job_id)
        seat = self._seat_of(call_id)
        if seat is not None:
            self._end(seat.reader)
            seat.clear()

    def _supersede(self, call_id: str) -> None:
        """End the call's older Ask with what it has: nobody will read on."""
        for job_id in [
            i
            for i, job in self._waiting.items()
            if isinstance(job, Ask) and job.call_id == call_id
        ]:
            del self._waiting[job_id]
            self._end(job_id, pack(AdviceDelta(done=True)))
        seat = self._seat_of(call_id)
        if seat is not None and seat.writing is not None:
            shown = msgspec.structs.replace(seat.shown, done=True)
            self._end(seat.writing.job_id, pack(shown))
            seat.stop()

    def _seat_of(self, call_id: str) -> Seat | None:
        return next((seat for seat in self.seats if seat.call_id == call_id), None)

    def _admit(self) -> None:
        """Give waiting jobs a seat, those that someone waits for first."""
        for asks in (True, False):
            for job_id, job in list(self._waiting.items()):
                if isinstance(job, Ask) is asks and self._seated(job_id, job):
                    del self._waiting[job_id]

    def _seated(self, job_id: int, job: Extend) -> bool:
        seat = self._seat_of(job.call_id)
        if seat is not None and seat.writing is not None:
            return False  # an Extend; it waits until the answer is written
        if seat is None:
            seat = self._free_seat(evict=isinstance(job, Ask))
            if seat is None:
                return self._turned_away(job_id, job)
            seat.take_in(job.call_id)
        self._jobs += 1
        seat.touched = self._jobs
        self._end(seat.reader)
        seat.reader = None
        seat.lay_out(job)
        if isinstance(job, Ask):
            said = heard(
                [
                    *(line.text for line in job.lines),
                    job.card,
                    job.question,
                    *job.passages,
                ],
                latest=prompt.latest(job.lines),
            )
            seat.start(job_id, Writer(self.grammar, said, job.action), job)
        elif seat.missing:
            seat.reader = job_id
        else:
            self._end(job_id)
        return True

    def _free_seat(self, *, evict: bool) -> Seat | None:
        for seat in self.seats:
            if seat.call_id is None:
                return seat
        cold = [seat for seat in self.seats if seat.writing is None] if evict else []
        coldest = min(cold, key=lambda seat: seat.touched, default=None)
        if coldest is not None:
            self._end(coldest.reader)
        return coldest

    def _turned_away(self, job_id: int, job: Extend) -> bool:
        """No seat: an Ask waits for one. Reading ahead does not push another call out,
        or more calls than seats would throw each other out at every line."""
        if isinstance(job, Ask):
            return False
        self._end(job_id)
        return True

    # ------------------------------------------------------------------ decoding

    def _read_prefix(self) -> int:
        """Read what all calls share into sequence 0. Returns its length in tokens."""
        tokens = encode(self.model, prompt.prefix(self.actions))
        for start in range(0, len(tokens), BATCH):
            chunk = tokens[start : start + BATCH]
            self.model.decode(
                [Entry(token, start + i, 0, False) for i, token in enumerate(chunk)]
            )
        return len(tokens)

    def _plan(self) -> list[tuple[Seat, int]]:
        """Which seats may feed how many tokens in this step."""
        asking = [seat for seat in self.seats if seat.writing is not None]
        asking.sort(key=lambda seat: seat.touched)
        plan = [(seat, WRITING) for seat in asking if seat.pending <= WRITING]
        plan = plan[: (BATCH - RIDING) // WRITING]
        room = min(READ_CHUNK, BATCH - RIDING - sum(seat.pending for seat, _ in plan))
        for seat in asking:
            if seat.pending > WRITING and room > 0:
                plan.append((seat, room))
                room -= seat.pending
        if not plan and not self.drafts.writing:
            readers = [seat for seat in self.seats if seat.missing]
            readers.sort(key=lambda seat: seat.touched)
            plan = [(seat, BACKGROUND_CHUNK) for seat in readers[:1]]
        return plan

    def _decode(self) -> None:
        entries: list[Entry] = []
        ready: list[tuple[Seat, int]] = []
        drafting = self._draft()
        for seat, room in self._plan():
            entries += seat.feed(room)
            if entries[-1].wanted:
                ready.append((seat, len(entries) - 1))
            if not seat.missing:
                self._end(seat.reader)
                seat.reader = None
        if not entries and not drafting:
            if not self.mood.idle:
                self._out += self.mood.step(BACKGROUND_CHUNK)
                return
            drafting = self.drafts.feed(BACKGROUND_CHUNK)
        if entries or drafting:
            self.model.decode(entries + drafting)
        for seat, index in ready:
            self._write(seat, index)
        self._out += self.drafts.decoded(len(entries))

    def _draft(self) -> list[Entry]:
        """What goes into this batch of a draft that somebody waits for."""
        if not self.drafts.writing:
            return []
        advising = any(seat.writing is not None for seat in self.seats)
        return self.drafts.feed(RIDING if advising else READ_CHUNK)

    def _write(self, seat: Seat, index: int) -> None:
        if seat.writing is None:
            raise AssertionError("logits were wanted for a seat that writes nothing")
        job_id, writer = seat.writing
        seat.task = writer.take(self.model.logits(index))
        delta = AdviceDelta(
            action=writer.fields["action"],
            confidence=writer.confidence,
            suggestion=writer.fields["suggestion"],
            reasoning=writer.fields["reasoning"],
            done=writer.done,
        )
        if delta != seat.shown:
            seat.shown = delta
            self._out.append(Reply(job_id, pack(delta), last=delta.done))
        if writer.done:
            seat.stop()


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
