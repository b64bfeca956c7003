"""Everybody who may come in, in memory: what every request is checked against.

The file has the same rows; what is put in here was written there, what is taken out here
takes effect at once. No IO.
"""

from datetime import datetime
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from appliance.access.people import Person, folded
from appliance.access.rules import DEVICE_LIFE
from appliance.access.sessions import Session, Sessions
from appliance.access.tokens import Machine
from appliance.settings import AccessSettings


class Password(Struct, frozen=True, kw_only=True):
    person_id: str
    hash: str


class Device(Struct, frozen=True, kw_only=True):
    """A browser in which a person has signed in."""

    digest: str
    person_id: str
    used: datetime


Record: TypeAlias = Person | Password | Session | Device | Machine

# What each is known by; a record replaces the one with the same key.
KEYS: dict[type[Record], str] = {
    Person: "id",
    Password: "person_id",
    Session: "digest",
    Device: "digest",
    Machine: "name",
}


class Put(NamedTuple):
    record: Record


class Drop(NamedTuple):
    kind: type[Record]
    key: str


Change: TypeAlias = Put | Drop


class Roster:
    def __init__(self, settings: AccessSettings) -> None:
        self.people: dict[str, Person] = {}
        self.machines: dict[str, Machine] = {}
        self.sessions = Sessions(settings)
        self._names: dict[str, str] = {}
        self._passwords: dict[str, str] = {}
        self._devices: dict[str, Device] = {}
        self._machine_names: dict[str, str] = {}  # by digest

    def apply(self, change: Change) -> None:
        match change:
            case Put(record):
                self._put(record)
            case Drop(kind, key):
                self._drop(kind, key)

    def named(self, name: str) -> Person | None:
        return self.people.get(self._names.get(folded(name), ""))

    def password(self, person_id: str) -> str | None:
        """The hash."""
        return self._passwords.get(person_id)

    def signed_in(self, digest: str, now: datetime) -> tuple[Person, Session] | None:
        """Whose session it is; None if it has ended, or its person may not come in."""
        session = self.sessions.find(digest, now)
        if session is None:
            return None
        person = self.people.get(session.person_id)
        return None if person is None or person.disabled else (person, session)

    def machine(self, digest: str, now: datetime) -> Machine | None:
        machine = self.machines.get(self._machine_names.get(digest, ""))
        return machine if machine is not None and now < machine.expires else None

    def knows(self, device: str, person: Person, now: datetime) -> bool:
        """Whether this person has signed in with the browser of this digest."""
        known = self._devices.get(device)
        if known is None or known.person_id != person.id:
            return False
        return now - known.used < DEVICE_LIFE

    def devices_of(self, person_id: str) -> list[Device]:
        return [d for d in self._devices.values() if d.person_id == person_id]

    def old_devices(self, now: datetime) -> list[Device]:
        return [d for d in self._devices.values() if now - d.used >= DEVICE_LIFE]

    def _put(self, record: Record) -> None:
        match record:
            case Person():
                self.people[record.id] = record
                self._names[folded(record.name)] = record.id
            case Password():
                self._passwords[record.person_id] = record.hash
            case Session():
                self.sessions.add(record)
            case Device():
                self._devices[record.digest] = record
            case Machine():
                self.machines[record.name] = record
                self._machine_names[record.digest] = record.name

    def _drop(self, kind: type[Record], key: str) -> None:
        if kind is Session:
            self.sessions.end(key)
        elif kind is Device:
            self._devices.pop(key, None)
        elif kind is Machine and key in self.machines:
            self._machine_names.pop(self.machines.pop(key).digest, None)
