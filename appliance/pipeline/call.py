"""One live call: two people, their legs, what they hear of each other and what is said."""

import time
from datetime import UTC, datetime

import anyio

from appliance.audio.wire import bytes_per_sample, encode_frame, parse_frame
from appliance.calls.outbox import Outbox
from appliance.calls.registry import Call
from appliance.calls.room import Room
from appliance.errors import ProtocolError
from appliance.messages import (
    Ack,
    Alert,
    AudioFormat,
    Customer,
    Gap,
    Partner,
    Role,
    Sent,
    Sentiment,
    Status,
    Transcript,
    encode,
    partner_of,
)
from appliance.pipeline.allowance import Allowance
from appliance.pipeline.followed import Followed
from appliance.pipeline.leg import Leg
from appliance.pipeline.overheard import Overheard
from appliance.pipeline.recorded import Recorded
from appliance.pipeline.sending import STALE_S, Sending
from appliance.pipeline.stages import Stages
from appliance.pipeline.wishes import grant
from appliance.pipeline.words import Words
from appliance.privacy.payment import PaymentMode
from appliance.received import (
    Ask,
    Chat,
    ChooseCustomer,
    ClientMessage,
    Feedback,
    Hangup,
    Hold,
    Mute,
    Pause,
    RecordWish,
    Stop,
    Summarise,
    Tick,
)
from appliance.store.event import Payment, PaymentCause

# Audio between two acknowledgements. Often enough that a page keeps little to resend.
ACK_MS = 200


class LiveCall:
    def __init__(self, call: Call, room: Room, stages: Stages) -> None:
        self.call = call
        self.room = room
        self._stages = stages
        self._sending: dict[Role, Sending] = {}
        self._formats: dict[Role, AudioFormat] = {}
        self._began: float | None = None  # monotonic s of the call's first sample
        self._over_ms: int | None = None
        self._followed = Followed(
            lambda fact: stages.publisher.note(room, fact, self.now_ms())
        )
        self.since = datetime.now(UTC)
        self.recorded = Recorded(
            call.id,
            call.queue,
            self.since,
            stages.recorder,
            self.publish,
            lambda fact: stages.publisher.note(room, fact, self.now_ms()),
        )
        self.words = Words(
            call.id,
            stages,
            self.publish,
            self.now_ms,
            self._followed,
            self.recorded.heard,
        )
        privacy = stages.settings.privacy
        self._payment = PaymentMode(privacy.payment_phrases, privacy.payment_minutes)
        self.overheard = Overheard(room.listeners)
        self.waiting = False  # for room: nobody listens

    # ------------------------------------------------------------------ people

    @property
    def paused(self) -> bool:
        return self._payment.on

    def now_ms(self) -> int:
        """Call time of this moment: 0 until the first audio frame; it stands still once
        the call is over."""
        if self._over_ms is not None:
            return self._over_ms
        return 0 if self._began is None else round((time.monotonic() - self._began) * 1000)

    def arrived(self, role: Role) -> None:
        """This person is connected now."""
        person = self.call.people[role]
        self._stages.rules.arrived(
            self.call.id,
            role,
            self.now_ms(),
            queue=self.call.queue,
            reason=person.reason,
        )

    def publish(self, message: Sent, at_ms: int | None = None) -> None:
        moment = self.now_ms() if at_ms is None else at_ms
        self._stages.publisher.publish(self.room, message, moment)

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

    def next_audio_seq(self, role: Role) -> int:
        sending = self._sending.get(role)
        return sending.leg.next_seq if sending else 0

    # ------------------------------------------------------------------ audio

    def on_audio(self, role: Role, data: bytes, outbox: Outbox) -> float:
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
            self._acknowledge(sending, outbox)
        return sending.allowance.spend(sending.leg.taken_ms - before_ms, now)

    def _acknowledge(self, sending: Sending, outbox: Outbox) -> None:
        sending.acked_ms = sending.leg.taken_ms
        outbox.acknowledge(encode(Ack(audio_seq=sending.leg.next_seq - 1)))

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
            queue=self.call.queue,
            track=self.recorded.track(role, offset_ms),
        )
        if self._stages.hearing is not None and not self.waiting:
            leg.listen(self._stages.hearing)
        if self.paused:
            leg.pause()
        sending = Sending(leg=leg, began=now, last_frame=now, allowance=Allowance(now))
        self._sending[role] = sending
        return sending

    def _ask_for_room(self, now: float) -> None:
        hearing = self._stages.hearing
        if hearing is None or hearing.transcriber.admission.enter(self.call.id, now):
            return
        self.waiting = True
        text = "not transcribed: as many calls as this box can read are going on"
        self.publish(Status(part="speech", state="waiting", text=text))

    def listen(self) -> None:
        """There is room now: recognise what is said from here on."""
        self.waiting = False
        hearing = self._stages.hearing
        if hearing is None:
            return
        for sending in self._sending.values():
            sending.leg.listen(hearing)
        text = "transcribed from here on"
        self.publish(Status(part="speech", state="live", text=text))

    def _relay(self, role: Role, sending: Sending, pcm: bytes, now: float) -> None:
        """Let the partner hear it, before any model does."""
        due = now - sending.leg.taken_ms / 1000
        sending.began = min(sending.began, due)
        if due - sending.began > STALE_S:
            return
        listener = self.room.outbox(partner_of(role))
        if listener is not None:
            listener.play(encode_frame(sending.relayed, sending.relayed_ms, pcm))
        # A card number, say, is for the two alone.
        if not self.paused:
            self.overheard.relay(role, pcm, sending.leg.offset_ms + sending.leg.taken_ms)
        sending.relayed += 1
        sending.relayed_ms = round(sending.leg.taken_ms)

    def tick(self) -> None:
        """Twice a second: acknowledge the rest of what somebody who stopped has sent."""
        now = time.monotonic()
        if self._payment.is_over(now):
            self.payment(on=False, by="timer")
        self.overheard.flush()
        self.recorded.tick()
        for role, sending in self._sending.items():
            outbox = self.room.outbox(role)
            if outbox is None:
                continue  # a dropped socket: its frames come again after a resume
            if sending.acked_ms < sending.leg.taken_ms:
                self._acknowledge(sending, outbox)
            sending.settle_if_stalled(now)
        settled = {role: one.leg.settled_ms for role, one in self._sending.items()}
        self._stages.rules.tick(self.call.id, self.now_ms(), settled)
        self._followed.passed(self.now_ms())

    # ------------------------------------------------------------------ words

    def _tell(self, message: Transcript | Gap) -> None:
        if not isinstance(message, Transcript):
            self.publish(message, message.end_ms)
            self._stages.heard(self.call.id, message)
            return
        if message.speaker == "agent" and self._payment.is_asked_for(message.text):
            self.payment(on=True, by="phrase")
        self.words.heard(message)

    @property
    def customer(self) -> Customer | None:
        """As far as the box can tell."""
        return self.words.customer

    def know(self, customer: Customer) -> None:
        self.words.know(customer)

    def on_advice(self, message: Sent) -> None:
        self.words.advised(message)
        if isinstance(message, Sentiment | Alert):
            self._stages.rules.know(self.call.id, message, self.now_ms())

    def on_message(self, role: Role, message: ClientMessage) -> None:
        """One text message. Raises ProtocolError if it makes no sense now."""
        match message:
            case Chat():
                self.words.typed(role, message, paused=self.paused)
            case Stop() | Ask() | ChooseCustomer() | Summarise() | Tick():
                wish = self.words.plain(message)
                grant(self._stages, self.room, wish, self.now_ms())
            case Feedback():
                self._followed.judged(message)
                told = self.words.plain(message)
                self._stages.publisher.note(self.room, told, self.now_ms())
            case Mute() | Hold():
                self.publish(_seen(role, message))
            case Pause(on=on):
                self.payment(on=on, by=role)
            case RecordWish():
                self.recorded.ask(role, message)
            case Hangup():
                self._stages.hang_up(self.call)
            case _:
                raise ProtocolError(
                    "This socket has said hello already.",
                    fix="Open a new socket to join or resume a call.",
                )

    def payment(self, *, on: bool, by: PaymentCause, reason: str = "") -> None:
        """Neither keep nor read nor advise on what is said, or do so again. `reason` is for
        the record: a rule's name, nothing that was said."""
        now = time.monotonic()
        if not self._payment.switch(on, now):
            return
        self._stages.publisher.note(
            self.room, Payment(on=on, by=by, reason=reason), self.now_ms()
        )
        for sending in self._sending.values():
            sending.pause(on, now)
        if self._stages.assistant is not None:
            self._stages.assistant.pause(self.call.id, on)
        text = "nothing is recorded: payment" if on else "recorded again"
        self.publish(Status(part="call", state="paused" if on else "live", text=text))

    # ------------------------------------------------------------------ the end

    async def finish(self) -> None:
        """Settle what both have said."""
        self.overheard.flush()
        if self.waiting:
            for sending in self._sending.values():
                sending.leg.missed()
        async with anyio.create_task_group() as both:
            for sending in self._sending.values():
                both.start_soon(sending.leg.finish)
        self.words.end()

    def abandon(self) -> None:
        self._over_ms = self.now_ms()
        for sending in self._sending.values():
            sending.leg.abandon()

    def close(self) -> None:
        """The last of the call, after its stages have ended."""
        self._followed.passed()


def _seen(role: Role, message: Mute | Hold) -> Partner:
    """What the other person is shown of it."""
    if isinstance(message, Mute):
        return Partner(role=role, event="muted" if message.on else "unmuted")
    return Partner(role=role, event="holding" if message.on else "unholding")
