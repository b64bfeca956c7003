"""Keep the speech engine busy with what matters most, and bring its words back.

Each process of the engine has one batch at a time: what arrives meanwhile is sorted when
one returns, so that a final never waits behind more than one batch.
"""

import logging
import time
from collections.abc import Callable, Sequence

import anyio
import msgspec

from appliance.errors import WorkerError
from appliance.messages import SpeechEvent, Transcript
from appliance.settings import SpeechSettings
from appliance.transcriber.admission import Admission
from appliance.transcriber.leg import LegTranscriber
from appliance.transcriber.port import Decoded, DecodeItem, DecodeJob, DecodeReply
from appliance.transcriber.scheduler import Load, Request, Scheduler
from appliance.transcriber.usage import Usage
from appliance.workers.port import Port, ask

log = logging.getLogger(__name__)

# An item that fails alone this often is given up; the screen is told that it failed.
MAX_FAILURES = 2


class Leg:
    """One leg's way into the transcriber, and its transcripts' way out."""

    def __init__(
        self,
        core: LegTranscriber,
        cut: Callable[[int, int], bytes],
        tell: Callable[[Transcript], None],
        sounds_finished: Callable[[], None],
    ) -> None:
        """`cut` gives s16le audio between two leg times; `tell` takes each transcript;
        `sounds_finished` is told when the words before a pause are a whole sentence."""
        self.core = core
        self.cut = cut
        self.tell = tell
        self.sounds_finished = sounds_finished
        self.finished = anyio.Event()  # set once closed and every final is told
        self.closed = False


class Transcriber:
    def __init__(
        self,
        port: Port,
        settings: SpeechSettings,
        on_load: Callable[[Load], None],
        *,
        lanes: int = 1,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """`on_load` is told when the load changes; the port takes `lanes` jobs at once."""
        self.usage = Usage(lanes=lanes)
        self._lanes = lanes
        self._clock_s = clock_s
        self._port = port
        self._on_load = on_load
        self._scheduler = Scheduler(
            max_batch=settings.max_batch,
            base_partial_ms=settings.partial_ms,
            lanes=lanes,
        )
        self.admission = Admission(lanes, settings.max_calls)
        self._legs: dict[object, Leg] = {}  # by core, which is what a request names
        self._speaking: set[Leg] = set()
        self._work = anyio.Event()

    @property
    def lag_ms(self) -> int:
        return int(self._scheduler.lag_ms(self._now_ms()))

    @property
    def load(self) -> Load:
        return self._scheduler.load

    def open(self, leg: Leg) -> None:
        self._legs[leg.core] = leg

    def close(self, leg: Leg) -> None:
        """No more events will come; the finals that wait are still told."""
        leg.closed = True
        self._finish(leg)

    def abandon(self, leg: Leg) -> None:
        """Forget the leg and whatever it waits for."""
        leg.closed = True
        leg.finished.set()
        self._legs.pop(leg.core, None)
        self._speaking.discard(leg)

    def heard(
        self, leg: Leg, events: Sequence[SpeechEvent], now_ms: int, *, voiced: bool
    ) -> None:
        """Take what the endpointer decided up to leg time `now_ms`; `voiced` says whether
        the newest window was speech."""
        # Not only when a batch is back: in an overload one takes a second.
        self._follow_load()
        for event in events:
            self._carry_out(leg, leg.core.on_event(event))
        if leg.core.speaking:
            self._speaking.add(leg)
        else:
            self._speaking.discard(leg)
        # Not in a silence: it may end the utterance, and the final would have to wait for
        # the partial's pass.
        if voiced and leg.core.speaking and self.load == "live":
            interval = self._scheduler.partial_interval_ms(
                len(self._speaking), self._now_ms()
            )
            request = leg.core.partial(now_ms, interval)
            if request is not None:
                self._carry_out(leg, [request])

    def give_up_oldest(self, leg: Leg) -> bool:
        """Settle the leg's oldest waiting utterance unread, because its audio cannot be
        kept any longer; False if none waits."""
        given_up = leg.core.give_up_oldest()
        self._carry_out(leg, given_up or ())
        return given_up is not None

    def withdraw(self, leg: Leg) -> None:
        """Nothing of what the leg has not told as final is wanted any more."""
        self._speaking.discard(leg)
        self._carry_out(leg, leg.core.withdraw())

    async def run(self) -> None:
        """Until cancelled."""
        async with anyio.create_task_group() as lanes:
            for _ in range(self._lanes):
                lanes.start_soon(self._lane)

    async def _lane(self) -> None:
        while True:
            self._follow_load()
            batch = self._scheduler.next_batch()
            if batch:
                await self._decode(batch)
                self._scheduler.done(batch)
                continue
            work = self._work
            await work.wait()
            if self._work is work:  # the first of the lanes that it woke
                self._work = anyio.Event()

    def _follow_load(self) -> None:
        if self._scheduler.update_load(self._now_ms()):
            self._on_load(self.load)

    async def _decode(self, batch: list[Request]) -> None:
        batch = [r for r in batch if r.leg in self._legs and self._leg(r).core.wants(r)]
        if not batch:
            return
        job = DecodeJob(
            items=[self._item(request) for request in batch],
            context_frames=batch[0].context_frames,
            careful=batch[0].careful,
        )
        started = self._now_ms()
        try:
            answer = await ask(self._port, msgspec.msgpack.encode(job))
        except WorkerError as error:
            log.warning("a batch of %d failed: %s", len(batch), error.problem)
            self._failed(batch)
            return
        finally:
            took_ms = self._now_ms() - started
            self.usage.took(batch, took_ms / 1000)
        self._scheduler.took(batch, took_ms, started + took_ms)
        if batch[0].careful:
            self.admission.took(took_ms)
        reply = msgspec.msgpack.decode(answer, type=DecodeReply)
        for request, decoded in zip(batch, reply.items, strict=True):
            self._decoded(request, decoded)

    def _item(self, request: Request) -> DecodeItem:
        leg = self._leg(request)
        language = leg.core.language
        return DecodeItem(
            pcm=leg.cut(request.start_ms, request.end_ms),
            language=language.to_ask,
            fallback=language.fallback,
            before=leg.core.said,
            choices=language.choices,
            guess=request.careful and language.doubts,
        )

    def _decoded(self, request: Request, decoded: Decoded) -> None:
        if request.leg in self._legs:
            leg = self._leg(request)
            if leg.core.ends_sentence(request, decoded):
                leg.sounds_finished()
            self._carry_out(
                leg, leg.core.on_decoded(request, decoded, hurried=self.load != "live")
            )

    def _failed(self, batch: Sequence[Request]) -> None:
        """A batch is tried again item by item; an item that fails alone is given up."""
        for request in batch:
            request.failures += 1
            if not request.careful or request.leg not in self._legs:
                continue
            leg = self._leg(request)
            if request.failures >= MAX_FAILURES:
                self._carry_out(leg, leg.core.on_failed(request))
            else:
                self._carry_out(leg, [request])

    def _carry_out(self, leg: Leg, actions: Sequence[Request | Transcript]) -> None:
        for action in actions:
            if isinstance(action, Request):
                self._scheduler.add(action, self._now_ms())
                self._work.set()
            else:
                leg.tell(action)
        self._finish(leg)

    def _finish(self, leg: Leg) -> None:
        if leg.closed and not leg.core.unfinished:
            self.abandon(leg)

    def _leg(self, request: Request) -> Leg:
        return self._legs[request.leg]

    def _now_ms(self) -> float:
        return self._clock_s() * 1000
