"""The audio of one call: what each person sends, and what the partner hears of it."""

import time
from collections.abc import Callable, Mapping

import anyio

from appliance.audio.wire import bytes_per_sample, encode_frame, parse_frame
from appliance.calls.outbox import Outbox
from appliance.calls.room import Room
from appliance.errors import ProtocolError
from appliance.messages import (
    Ack,
    AudioFormat,
    Gap,
    Role,
    Status,
    Transcript,
    encode,
    partner_of,
)
from appliance.pipeline.allowance import Allowance
from appliance.pipeline.lateness import Lateness
from appliance.pipeline.leg import Leg
from appliance.pipeline.overheard import Overheard
from appliance.pipeline.recorded import Recorded
from appliance.pipeline.sending import STALE_S, Sending
from appliance.pipeline.stages import Stages

# Audio between two acknowledgements. Often enough that a page keeps little to resend.
ACK_MS = 200


class Voices:
    """Call time begins here: at the first sample that anybody sends."""

    def __init__(
        self,
        room: Room,
        queue: str,
        stages: Stages,
        recorded: Recorded,
        tell: Callable[[Transcript | Gap], None],
        publish: Callable[[Status], None],
    ) -> None:
        self._room = room
        self._queue = queue
        self._stages = stages
        self._recorded = recorded
        self._tell = tell
        self._publish = publish
        self._sending: dict[Role, Sending] = {}
        self._formats: dict[Role, AudioFormat] = {}
        self._began: float | None = None  # monotonic s of the call's first sample
        self._over_ms: int | None = None
        self._paused = False
        self.overheard = Overheard(room.listeners)
        self.waiting = False  # for room: nobody listens

    def now_ms(self) -> int:
        """Call time of this moment: 0 until the first audio frame; it stands still once
        the call is over."""
        if self._over_ms is not None:
            return self._over_ms
        return 0 if self._began is None else round((time.monotonic() - self._began) * 1000)

    def settled_ms(self) -> Mapping[Role, int | None]:
        """Call time until which all that this person said is told; None: nobody listens."""
        return {role: one.leg.settled_ms for role, one in self._sending.items()}

    def announce(self, role: Role, audio: AudioFormat) -> None:
        """The format of this person's frames from now on.

        Raises ProtocolError if there is no such format, or if it changes within a leg.
        """
        bytes_per_sample(audio)
        sending = self._sending.get(role)
        if sending is not None and sending.leg.format != audio:
            raise ProtocolError(
                f"The audio of this leg was {sending.leg.format.codec} and is now "
                f"{audio.codec}.",
                fix="Resume with the format that the call was joined with.",
            )
        self._formats[role] = audio

    def next_seq(self, role: Role) -> int:
        """Of the first frame that the box does not have from this person."""
        sending = self._sending.get(role)
        return sending.leg.next_seq if sending else 0

    def take(self, role: Role, data: bytes, outbox: Outbox) -> float:
        """One binary message. Seconds that its sender has to wait before the next, 0.0 as
        a rule. Raises ProtocolError if it cannot be used."""
        frame = parse_frame(data, self._formats[role])
        now = time.monotonic()
        sending = self._sending.get(role) or self._begin(role, now)
        sending.allowance.check(now)
        before_ms = sending.leg.taken_ms
        taken = sending.leg.take(frame)
        sending.last_frame = now
        if taken.spoken:
            self._relay(role, sending, taken.spoken, now)
        if taken.duplicate or sending.leg.taken_ms - sending.acked_ms >= ACK_MS:
            _acknowledge(sending, outbox)
        return sending.allowance.spend(sending.leg.taken_ms - before_ms, now)

    def listen(self) -> None:
        """There is room now: recognise what is said from here on."""
        self.waiting = False
        hearing = self._stages.hearing
        if hearing is None:
            return
        for sending in self._sending.values():
            sending.leg.listen(hearing)
        text = "transcribed from here on"
        self._publish(Status(part="speech", state="live", text=text))

    def pause(self, on: bool) -> None:
        """Neither keep nor read what is said from here on, or do so again."""
        self._paused = on
        now = time.monotonic()
        for sending in self._sending.values():
            sending.pause(on, now)

    def tick(self) -> None:
        """Twice a second: acknowledge the rest of what somebody who stopped has sent."""
        now = time.monotonic()
        self.overheard.flush()
        for role, sending in self._sending.items():
            outbox = self._room.outbox(role)
            if outbox is None:
                continue  # a dropped socket: its frames come again after a resume
            if sending.acked_ms < sending.leg.taken_ms:
                _acknowledge(sending, outbox)
            sending.settle_if_stalled(now)

    async def finish(self) -> None:
        """Settle what both have said."""
        self.overheard.flush()
        if self.waiting:
            for sending in self._sending.values():
                sending.leg.missed()
        async with anyio.create_task_group() as both:
            for sending in self._sending.values():
                both.start_soon(sending.leg.finish)

    def abandon(self) -> None:
        """Nothing more is settled, and call time stands still."""
        self._over_ms = self.now_ms()
        for sending in self._sending.values():
            sending.leg.abandon()

    def _begin(self, role: Role, now: float) -> Sending:
        if self._began is None:
            self._began = now
            self._ask_for_room(now)
        offset_ms = round((now - self._began) * 1000)
        leg = Leg(
            role,
            self._formats[role],
            settings=self._stages.settings,
            offset_ms=offset_ms,
            tell=self._tell,
            queue=self._queue,
            track=self._recorded.track(role, offset_ms),
        )
        if self._stages.hearing is not None and not self.waiting:
            leg.listen(self._stages.hearing)
        if self._paused:
            leg.pause()
        sending = Sending(
            leg=leg, lateness=Lateness(now), last_frame=now, allowance=Allowance(now)
        )
        self._sending[role] = sending
        return sending

    def _ask_for_room(self, now: float) -> None:
        hearing = self._stages.hearing
        if hearing is None or hearing.transcriber.admission.enter(self._room.call_id, now):
            return
        self.waiting = True
        text = "not transcribed: as many calls as this box can read are going on"
        self._publish(Status(part="speech", state="waiting", text=text))

    def _relay(self, role: Role, sending: Sending, pcm: bytes, now: float) -> None:
        """Let the partner hear it, before any model does."""
        if sending.lateness.seconds(sending.leg.taken_ms, now) > STALE_S:
            return
        listener = self._room.outbox(partner_of(role))
        if listener is not None:
            listener.play(encode_frame(sending.relayed, sending.relayed_ms, pcm))
        # A card number, say, is for the two alone.
        if not self._paused:
            self.overheard.relay(role, pcm, sending.leg.offset_ms + sending.leg.taken_ms)
        sending.relayed += 1
        sending.relayed_ms = round(sending.leg.taken_ms)


def _acknowledge(sending: Sending, outbox: Outbox) -> None:
    sending.acked_ms = sending.leg.taken_ms
    outbox.acknowledge(encode(Ack(audio_seq=sending.leg.next_seq - 1)))
