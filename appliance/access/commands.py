"""What the command line asks of the accounts, and what it is answered: data alone.

While the server runs the file is the server's, and these go through its control socket.
"""

from datetime import datetime
from typing import TypeAlias

from msgspec import Struct

from appliance.access.audit import Entry
from appliance.access.people import Person, StaffRole
from appliance.access.tokens import Machine, Scope
from appliance.control.words import Answer, Command, Done


class NewPerson(Struct, frozen=True, kw_only=True):
    name: str
    roles: tuple[StaffRole, ...]


class AddPeople(Command, frozen=True, kw_only=True, tag="add people"):
    """All or none. Where `known` is allowed, people who are there get these roles."""

    people: tuple[NewPerson, ...]
    known: bool = False


class ListPeople(Command, frozen=True, kw_only=True, tag="list people"):
    pass


class SetRoles(Command, frozen=True, kw_only=True, tag="set roles"):
    """Those that are taken away are gone at once, in what is open too."""

    name: str
    roles: tuple[StaffRole, ...]


class SignOut(Command, frozen=True, kw_only=True, tag="sign out"):
    """Everywhere; they may sign in again."""

    name: str


class SetDisabled(Command, frozen=True, kw_only=True, tag="set disabled"):
    name: str
    disabled: bool


class ResetPassword(Command, frozen=True, kw_only=True, tag="reset password"):
    name: str


class AddMachine(Command, frozen=True, kw_only=True, tag="add token"):
    name: str
    scopes: tuple[Scope, ...]
    days: int


class LendToken(Command, frozen=True, kw_only=True, tag="lend token"):
    """One that is void once the line closes, for whoever works on the box itself."""

    lasts = True


class ListMachines(Command, frozen=True, kw_only=True, tag="list tokens"):
    pass


class RevokeMachine(Command, frozen=True, kw_only=True, tag="revoke token"):
    name: str


class ReadAudit(Command, frozen=True, kw_only=True, tag="read audit"):
    """Rows from number `first` on; a negative one counts from the end."""

    first: int
    most: int


AnyCommand: TypeAlias = (
    AddPeople
    | ListPeople
    | SetRoles
    | SetDisabled
    | SignOut
    | ResetPassword
    | AddMachine
    | ListMachines
    | RevokeMachine
    | ReadAudit
)


class Listed(Struct, frozen=True, kw_only=True):
    person: Person
    sessions: int
    last_seen: datetime | None  # of those that have not ended


class People(Answer, frozen=True, kw_only=True, tag="people"):
    people: tuple[Listed, ...]


class OneTime(Struct, frozen=True, kw_only=True):
    """Told once. The account is good for nothing but changing it."""

    name: str
    password: str


class Passwords(Answer, frozen=True, kw_only=True, tag="passwords"):
    new: tuple[OneTime, ...]
    changed: tuple[str, ...] = ()  # people who were there, and have other roles now


class Machines(Answer, frozen=True, kw_only=True, tag="tokens"):
    machines: tuple[Machine, ...]


class MachineSecret(Answer, frozen=True, kw_only=True, tag="token"):
    secret: str  # told once
    expires: datetime


class Rows(Answer, frozen=True, kw_only=True, tag="rows"):
    rows: tuple[Entry, ...]


AnyAnswer: TypeAlias = People | Passwords | Machines | MachineSecret | Rows | Done
