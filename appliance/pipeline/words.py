"""What is said and typed in one call: looked up as it is, told without what is personal."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

import msgspec

from appliance.messages import (
    Alert,
    ChatLine,
    Customer,
    Received,
    Role,
    Sent,
    Sentiment,
    Transcript,
)
from appliance.pipeline.followed import Followed
from appliance.pipeline.stages import Stages
from appliance.pipeline.tally import CallTally
from appliance.pipeline.typed import Typed
from appliance.privacy.redactor import Redactor
from appliance.received import Ask, Chat, Feedback

W = TypeVar("W", bound=Received)


class Publish(Protocol):
    def __call__(self, message: Sent, at_ms: int | None = None) -> None: ...


class Words:
    def __init__(
        self,
        call_id: str,
        stages: Stages,
        publish: Publish,
        now_ms: Callable[[], int],
        followed: Followed,
        told: Callable[[Transcript], None],
    ) -> None:
        """`told` is called with each line as people are told it."""
        self._told = told
        self._followed = followed
        self._call_id = call_id
        self._stages = stages
        self._publish = publish
        self._now_ms = now_ms
        self._tally = CallTally(stages.tally)
        self._typed = Typed()
        self._redactor = Redactor(stages.settings.privacy.redact)
        self.customer: Customer | None = None  # as far as the box can tell
        self.mood: Sentiment | None = None  # the newest
        self.alerts: dict[str, Alert] = {}  # raised and not over, by id, the newest last
        self.lag_ms = 0  # how late the newest final was

    def heard(self, message: Transcript) -> None:
        if message.is_final and message.text:
            # Who calls is found out by what nobody else gets to see.
            self._stages.desk.heard(self._call_id, message.speaker, message.text)
        before, message = self._redactor.heard(message)
        self._tell_again(before, message.end_ms)
        self._publish(message, message.end_ms)
        self._told(message)
        self._tally.heard(message, self._now_ms())
        if message.is_final and message.text:
            self.lag_ms = max(0, self._now_ms() - message.end_ms)
        self._followed.heard(message, self._now_ms())
        self._stages.heard(self._call_id, message)

    def typed(self, role: Role, chat: Chat, *, paused: bool) -> None:
        """Raises ProtocolError if it cannot be shown."""
        line = self._typed.line(role, chat, self._now_ms())
        if line is None:
            return
        self._stages.desk.heard(self._call_id, role, line.text)
        before, line = self._redactor.typed(line)
        self._tell_again(before, self._now_ms())
        self._publish(line)
        self._followed.heard(line, self._now_ms())
        self._stages.typed(self._call_id, line, paused=paused)

    def know(self, customer: Customer) -> None:
        """Who the customer is, as far as the box can tell."""
        self.customer = customer
        if customer.card is not None:
            self._redactor.know([customer.card.name])
        self._publish(customer)

    def advised(self, message: Sent) -> None:
        self._tally.advised(message, self._now_ms())
        if isinstance(message, Sentiment):
            self.mood = message
        if isinstance(message, Alert):
            self._alerted(message)
        self._publish(message)
        self._followed.advised(message, self._now_ms())

    def _alerted(self, alert: Alert) -> None:
        if alert.state == "raised":
            self.alerts[alert.id] = alert
        else:
            self.alerts.pop(alert.id, None)

    def plain(self, wish: W) -> W:
        """What an agent wrote with it, without what is personal."""
        match wish:
            case Ask(text=text):
                return msgspec.structs.replace(wish, text=self._redactor.text(text))
            case Feedback(reason=reason):
                return msgspec.structs.replace(wish, reason=self._redactor.text(reason))
            case _:
                return wish

    def end(self) -> None:
        """Nobody says anything more."""
        self._tell_again(self._redactor.end(), self._now_ms())

    def _tell_again(self, lines: Iterable[Transcript | ChatLine], at_ms: int) -> None:
        """Lines that read otherwise now."""
        for line in lines:
            self._publish(line, at_ms)
            if isinstance(line, Transcript):
                self._told(line)
            self._stages.summaries.heard(self._call_id, line)
