"""Who is in which call, and how calls begin and end. No clock, no IO.

    WAITING --the other role comes--> ACTIVE --hangup, timeout--> ENDED
       ^ somebody waits                  | a person who drops off is AWAY and may come back

Times are monotonic seconds, passed in.
"""

import secrets
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from appliance.errors import BoxFull, CallError, NotNow
from appliance.messages import ROLES, Role, partner_of
from appliance.settings import CallSettings

State: TypeAlias = Literal["waiting", "active", "ended"]

# Calls that wait or run at once. Far above what one box carries; it bounds what a faulty
# or hostile client can make the box remember.
MAX_CALLS = 2000

# Ended calls that are still answered for by `status`; the record has them all.
KEEP_ENDED = 200


@dataclass(slots=True)
class Person:
    role: Role
    name: str
    away_since: float | None  # s; None while a socket is open
    reason: str = ""  # why they call
    by: str = ""  # whose place it is, by the id of their account or token; "" of a customer


@dataclass(slots=True)
class Call:
    id: str
    started: float  # s
    state: State = "waiting"
    reason: str = ""  # why it ended
    queue: str = ""  # where it came in, as the site calls it
    people: dict[Role, Person] = field(default_factory=dict)


class Registry:
    capacity = MAX_CALLS + KEEP_ENDED

    def __init__(self, settings: CallSettings) -> None:
        self._settings = settings
        self._calls: dict[str, Call] = {}  # in the order they were started
        self.ended = 0
        self.held = False  # whoever comes waits, until an upgrade is over

    # ------------------------------------------------------------------ coming

    def start(
        self,
        role: Role,
        name: str,
        call_id: str | None,
        now: float,
        reason: str = "",
        by: str = "",
    ) -> Call:
        """Put a person into a call: the named one, else the one whose person of the other
        role has waited longest, else a new one.

        Raises CallError if the named call cannot take them, BoxFull if the box is full,
        NotNow while calls are held.
        """
        if call_id is not None:
            call = self.get(call_id)
        else:
            partner = None if self.held else self._longest_waiting(partner_of(role))
            call = partner or self._new(now)
        self._refuse_seat(call, role)
        if self.held and call.people:
            raise NotNow(
                "The box is about to be restarted: no call begins now.",
                fix="Answer it in a few minutes; who calls keeps waiting.",
            )
        # Away until the socket opens: a page that never connects must not hold a seat.
        call.people[role] = Person(role, name, away_since=now, reason=reason, by=by)
        if len(call.people) == len(ROLES):
            call.state = "active"
        return call

    def _refuse_seat(self, call: Call, role: Role) -> None:
        if call.state == "ended":
            raise CallError(
                f"Call {call.id} has ended ({call.reason}).", fix="Start a new one."
            )
        if role in call.people:
            raise CallError(
                f"Call {call.id} has its {role} already.",
                fix=f"Join as {partner_of(role)}, or start another call.",
            )

    def waiting(self, role: Role) -> list[Call]:
        """Calls in which somebody of this role waits, the longest first."""
        return [
            c for c in self._calls.values() if c.state == "waiting" and role in c.people
        ]

    def waits(self, call_id: str) -> bool:
        call = self._calls.get(call_id)
        return call is not None and call.state == "waiting"

    def _longest_waiting(self, role: Role) -> Call | None:
        return next(iter(self.waiting(role)), None)

    def _new(self, now: float) -> Call:
        if sum(call.state != "ended" for call in self._calls.values()) >= MAX_CALLS:
            raise BoxFull(
                f"The box has {MAX_CALLS} calls already.", fix="Try again when some end."
            )
        call = Call(id=secrets.token_hex(8), started=now)
        self._calls[call.id] = call
        return call

    def took_part(self, call_id: str, by: str) -> bool:
        """Whether a place in this call, as far as it is known here, is theirs."""
        call = self._calls.get(call_id) if by else None  # nobody's is not theirs
        return call is not None and any(p.by == by for p in call.people.values())

    # ------------------------------------------------------------------ being there

    def get(self, call_id: str) -> Call:
        call = self._calls.get(call_id)
        if call is None:
            raise CallError(
                f"There is no call {call_id!r}.",
                fix="Start one with POST /api/calls/start, or look in /api/sessions.",
            )
        return call

    def sits(self, call: Call, role: Role, by: str) -> bool:
        """False while the place is free. Raises CallError if it is somebody else's."""
        if role in call.people and call.people[role].by != by:
            raise CallError(
                f"The {role} of call {call.id} is somebody else.", fix="Join another call."
            )
        return role in call.people

    def connected(self, call: Call, role: Role) -> None:
        call.people[role].away_since = None

    def dropped(self, call: Call, role: Role, now: float) -> None:
        """The socket closed without a hang-up."""
        if role in call.people:
            call.people[role].away_since = now

    # ------------------------------------------------------------------ going

    def end(self, call: Call, reason: str) -> bool:
        """False if it had ended before."""
        if call.state == "ended":
            return False
        call.state, call.reason = "ended", reason
        self.ended += 1
        old = [c.id for c in self._calls.values() if c.state == "ended"]
        for call_id in old[: max(0, len(old) - KEEP_ENDED)]:
            del self._calls[call_id]
        return True

    def overdue(self, now: float) -> list[Call]:
        """Calls to end: somebody stayed away, or waited in vain, for too long."""
        return [call for call in self._calls.values() if self._is_overdue(call, now)]

    def _is_overdue(self, call: Call, now: float) -> bool:
        if call.state == "ended":
            return False
        if call.state == "waiting" and now - call.started > self._settings.wait_s:
            return True
        return any(
            p.away_since is not None and now - p.away_since > self._settings.rejoin_s
            for p in call.people.values()
        )

    def stats(self) -> dict[str, int]:
        states = [call.state for call in self._calls.values()]
        return {
            "waiting": states.count("waiting"),
            "active": states.count("active"),
            "ended": self.ended,
        }
