"""The places in the language engine where calls are read and advised on.

What its calls bring into a batch, in this order:

1. the next tokens of every answer that is being written;
2. what an Ask still has to read, in bounded pieces, so that a long call does not hold up
   the words of another;
3. only if nobody waits for advice or a draft: what an Extend has to read.
"""

from collections import OrderedDict

import msgspec

from appliance.assistant import prompt
from appliance.assistant.examples import LOOK_UP, NONE
from appliance.assistant.grammar import Calibration, Grammar, Writer
from appliance.assistant.port import AdviceDelta, Ask, Extend, pack
from appliance.assistant.seat import Entry, Model, Seat
from appliance.assistant.text import heard
from appliance.workers.port import Reply

READ_CHUNK = 64  # tokens of an Ask, in one step: 0.15 s on 2 cores

# An Ask that comes in the middle of a step waits for its end: 16 tokens are 0.07 s on 2
# cores and cost 80 % more each than 64 at once.
BACKGROUND_CHUNK = 16

# With a passage of an article before it, the 0.5B still offered to look up what it says, or
# nothing at all, in half of the cases. In log odds.
CITING = Calibration(bias={LOOK_UP: -1.5, NONE: -1.5})

WRITING = 16  # an answer with at most this many tokens to feed is not made to wait


class AdviceDesk:
    """Lives as long as the engine, which asks it for what to decode."""

    def __init__(
        self,
        model: Model,
        actions: tuple[str, ...],
        *,
        base: int,
        max_calls: int,
        context_tokens: int,
    ) -> None:
        """Sequence 0 holds the `base` tokens that all calls share; takes those from 1 to
        `max_calls`."""
        self._model = model
        self._grammar = Grammar(prompt.form(actions), model)
        self._citing = Grammar(prompt.form(actions), model, CITING)
        self.seats = [
            Seat(model, sequence, base, context_tokens)
            for sequence in range(1, max_calls + 1)
        ]
        # Not bounded here: the parent has at most one Ask and one Extend of each call out.
        self._waiting: OrderedDict[int, Extend] = OrderedDict()
        self._out: list[Reply] = []
        self._jobs = 0
        self._ready: list[tuple[Seat, int]] = []  # whose logits come next, and where

    @property
    def idle(self) -> bool:
        return (
            not self._waiting
            and not self._out
            and all(seat.pending == 0 for seat in self.seats)
        )

    @property
    def writing(self) -> bool:
        """Somebody waits for advice that is being written."""
        return any(seat.writing is not None for seat in self.seats)

    def submit(self, job_id: int, job: Extend) -> None:
        if isinstance(job, Ask):
            self._supersede(job.call_id)
        self._waiting[job_id] = job

    def cancel(self, job_id: int) -> None:
        self._waiting.pop(job_id, None)
        for seat in self.seats:
            if seat.writing is not None and seat.writing.job_id == job_id:
                seat.stop()
            if seat.reader == job_id:
                seat.reader = None

    def forget(self, call_id: str) -> None:
        self._supersede(call_id)
        for job_id in [i for i, job in self._waiting.items() if job.call_id == call_id]:
            del self._waiting[job_id]
            self._end(job_id)
        seat = self._seat_of(call_id)
        if seat is not None:
            self._end(seat.reader)
            seat.clear()

    # ------------------------------------------------------------------ decoding

    def admit(self) -> None:
        """Give waiting jobs a seat, those that someone waits for first."""
        for asks in (True, False):
            for job_id, job in list(self._waiting.items()):
                if isinstance(job, Ask) is asks and self._seated(job_id, job):
                    del self._waiting[job_id]

    def feed(self, room: int, *, ahead: bool) -> list[Entry]:
        """The next tokens, at most `room`; of calls that are read ahead only with `ahead`,
        and if nobody waits for advice."""
        entries: list[Entry] = []
        for seat, most in self._plan(room, ahead=ahead):
            entries += seat.feed(most)
            if entries[-1].wanted:
                self._ready.append((seat, len(entries) - 1))
            if not seat.missing:
                self._end(seat.reader)
                seat.reader = None
        return entries

    def decoded(self) -> list[Reply]:
        """The model has decoded what was fed, at the beginning of its batch. What is to be
        answered."""
        ready, self._ready = self._ready, []
        for seat, index in ready:
            self._write(seat, index)
        out, self._out = self._out, []
        return out

    def _plan(self, room: int, *, ahead: bool) -> list[tuple[Seat, int]]:
        """Which seats may feed how many tokens in this step."""
        asking = [seat for seat in self.seats if seat.writing is not None]
        asking.sort(key=lambda seat: seat.touched)
        plan = [(seat, WRITING) for seat in asking if seat.pending <= WRITING]
        plan = plan[: room // WRITING]
        room = min(READ_CHUNK, room - sum(seat.pending for seat, _ in plan))
        for seat in asking:
            if seat.pending > WRITING and room > 0:
                plan.append((seat, room))
                room -= seat.pending
        if not plan and ahead:
            readers = [seat for seat in self.seats if seat.missing]
            readers.sort(key=lambda seat: seat.touched)
            plan = [(seat, BACKGROUND_CHUNK) for seat in readers[:1]]
        return plan

    def _write(self, seat: Seat, index: int) -> None:
        if seat.writing is None:
            raise AssertionError("logits were wanted for a seat that writes nothing")
        job_id, writer = seat.writing
        seat.task = writer.take(self._model.logits(index))
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

    # ------------------------------------------------------------------ seats

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
                evidence=job.passages,
            )
            grammar = self._citing if job.passages else self._grammar
            seat.start(job_id, Writer(grammar, said, job.action), job)
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

    def _end(self, job_id: int | None, payload: bytes = b"") -> None:
        if job_id is not None:
            self._out.append(Reply(job_id, payload, last=True))
