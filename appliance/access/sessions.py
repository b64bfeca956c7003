"""Sign-ins that last: which are in force, and when they end. No clock, no IO.

A session ends when it was not used for a while, when it is old, or when somebody ends it;
and it counts only while its person may come in (roster.py).
"""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from appliance.settings import AccessSettings


class Session(Struct, frozen=True, kw_only=True):
    digest: str  # of the secret in the cookie
    person_id: str
    created: datetime
    seen: datetime  # the last request, as it is on the disk
    address: str


class Sessions:
    def __init__(self, settings: AccessSettings) -> None:
        self._idle = timedelta(seconds=settings.idle_s)
        self._longest = timedelta(seconds=settings.session_s)
        self._sessions: dict[str, Session] = {}
        self._seen: dict[str, datetime] = {}

    def add(self, session: Session) -> None:
        self._sessions[session.digest] = session
        used = self._seen.get(session.digest, session.seen)
        self._seen[session.digest] = max(used, session.seen)

    def end(self, digest: str) -> None:
        self._sessions.pop(digest, None)
        self._seen.pop(digest, None)

    def find(self, digest: str, now: datetime) -> Session | None:
        """The session, which is used at this moment; None if it has ended."""
        session = self._sessions.get(digest)
        if session is None or self._over(session, now):
            return None
        self._seen[digest] = now
        return session

    def of(self, person_id: str) -> list[Session]:
        """Of one person, the oldest first."""
        found = [s for s in self._sessions.values() if s.person_id == person_id]
        return sorted(found, key=lambda session: session.created)

    def overdue(self, now: datetime) -> list[Session]:
        return [s for s in self._sessions.values() if self._over(s, now)]

    def used_since(self) -> list[Session]:
        """Those used since they were last written, as they are to be written now."""
        return [
            replace(session, seen=self._seen[digest])
            for digest, session in self._sessions.items()
            if self._seen[digest] > session.seen
        ]

    def _over(self, session: Session, now: datetime) -> bool:
        idle = now - self._seen[session.digest] >= self._idle
        return idle or now - session.created >= self._longest
