"""One live call: two people, their legs, what they hear of each other and what is said."""

import time
from datetime import UTC, datetime

from appliance.calls.registry import Call
from appliance.calls.room import Room
from appliance.errors import ProtocolError
from appliance.messages import (
    Alert,
    Customer,
    Gap,
    Partner,
    Role,
    Sent,
    Sentiment,
    Status,
    Transcript,
)
from appliance.pipeline.followed import Followed
from appliance.pipeline.recorded import Recorded
from appliance.pipeline.stages import Stages
from appliance.pipeline.voices import Voices
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


class LiveCall:
    def __init__(self, call: Call, room: Room, stages: Stages) -> None:
        self.call = call
        self.room = room
        self._stages = stages
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
        self.voices = Voices(
            room, call.queue, stages, self.recorded, self._tell, self.publish
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

    # ------------------------------------------------------------------ people

    @property
    def paused(self) -> bool:
        return self._payment.on

    def now_ms(self) -> int:
        """Call time of this moment."""
        return self.voices.now_ms()

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

    def tick(self) -> None:
        """Twice a second."""
        if self._payment.is_over(time.monotonic()):
            self.payment(on=False, by="timer")
        self.recorded.tick()
        self.voices.tick()
        now_ms = self.now_ms()
        self._stages.rules.tick(self.call.id, now_ms, self.voices.settled_ms())
        self._followed.passed(now_ms)

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
        if not self._payment.switch(on, time.monotonic()):
            return
        self._stages.publisher.note(
            self.room, Payment(on=on, by=by, reason=reason), self.now_ms()
        )
        self.voices.pause(on)
        if self._stages.assistant is not None:
            self._stages.assistant.pause(self.call.id, on)
        text = "nothing is recorded: payment" if on else "recorded again"
        self.publish(Status(part="call", state="paused" if on else "live", text=text))

    # ------------------------------------------------------------------ the end

    async def finish(self) -> None:
        """Settle what both have said."""
        await self.voices.finish()
        self.words.end()

    def close(self) -> None:
        """The last of the call, after its stages have ended."""
        self._followed.passed()


def _seen(role: Role, message: Mute | Hold) -> Partner:
    """What the other person is shown of it."""
    if isinstance(message, Mute):
        return Partner(role=role, event="muted" if message.on else "unmuted")
    return Partner(role=role, event="holding" if message.on else "unholding")
