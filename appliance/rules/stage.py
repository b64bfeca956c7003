"""The rules for all calls: what happens in them comes in, alerts and checklists go out.

Nothing here waits. A file that is read again while calls go on counts for new calls; those
that run keep the rules they began with.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from appliance.errors import ProtocolError, RulesError
from appliance.messages import (
    Alert,
    ChatLine,
    Checklist,
    Customer,
    Gap,
    Role,
    Sentiment,
    Transcript,
)
from appliance.rules.book import Book
from appliance.rules.course import Course, StartPayment, Told
from appliance.rules.reading import read_book
from appliance.rules.rulebook import Rulebook
from appliance.settings import RuleSettings

log = logging.getLogger(__name__)


class Rules:
    """One for the whole box."""

    def __init__(
        self,
        settings: RuleSettings,
        publish: Callable[[str, Alert | Checklist], None],
        pay: Callable[[str, str], None],
    ) -> None:
        """`publish` must not block; it gets messages with `seq` 0. `pay` is told by which
        rule payment mode is to begin in a call. Raises RulesError if there is a file that
        cannot be used."""
        self._file = Path(settings.file).expanduser() if settings.file else None
        self._publish = publish
        self._pay = pay
        self._courses: dict[str, Course] = {}
        self._book = Rulebook(read_book(self._file) if self._file else Book())

    def read_again(self) -> None:
        """For the calls from now on; a file with faults changes nothing, and the log says
        so."""
        if self._file is None:
            return
        try:
            self._book = Rulebook(read_book(self._file))
        except RulesError as error:
            log.error("the rules stay as they were: %s %s", error.problem, error.fix)  # noqa: TRY400 - the fault is in the file, and where is said
            return
        log.info("%d rules are read; they count for new calls", len(self._book.rules))

    # ------------------------------------------------------------------ what happens

    def arrived(
        self, call_id: str, role: Role, at_ms: int, *, queue: str, reason: str
    ) -> None:
        """Somebody is connected to the call."""
        course = self._courses.get(call_id)
        if course is None:
            if not self._book.rules and not self._book.items:
                return
            course = self._courses[call_id] = Course(self._book)
        told = course.arrived(role, at_ms, queue=queue, reason=reason)
        self._tell(call_id, told)

    def hear(self, call_id: str, message: Transcript | Gap) -> None:
        if course := self._courses.get(call_id):
            self._tell(call_id, course.hear(message))

    def read(self, call_id: str, line: ChatLine) -> None:
        if course := self._courses.get(call_id):
            self._tell(call_id, course.read(line))

    def know(
        self, call_id: str, message: Sentiment | Alert | Customer, now_ms: int
    ) -> None:
        """How the customer reads, and who they are."""
        if course := self._courses.get(call_id):
            self._tell(call_id, course.know(message, now_ms))

    def tick(self, call_id: str, now_ms: int, settled: Mapping[Role, int | None]) -> None:
        """Called twice a second; see `Course.tick`."""
        if course := self._courses.get(call_id):
            self._tell(call_id, course.tick(now_ms, settled))

    def by_hand(self, call_id: str, item: str, now_ms: int, *, on: bool) -> None:
        """Raises ProtocolError if the call's checklist has no such item."""
        course = self._courses.get(call_id)
        if course is None or not course.has_item(item):
            raise ProtocolError(
                f"The checklist of this call has no item {item!r}.",
                fix="Name one of the newest `checklist` message.",
            )
        self._tell(call_id, course.by_hand(item, now_ms, on=on))

    def end(self, call_id: str, now_ms: int) -> None:
        """Nobody will say anything more, and all that was said has been heard."""
        if course := self._courses.pop(call_id, None):
            self._tell(call_id, course.end(now_ms))

    def _tell(self, call_id: str, told: Sequence[Told]) -> None:
        for message in told:
            if isinstance(message, StartPayment):
                self._pay(call_id, message.rule)
            else:
                self._publish(call_id, message)
