"""What adding people comes to: who is new, who gets other roles, and what is logged of it.
No IO."""

from collections.abc import Sequence

from msgspec.structs import replace

from appliance.access.audit import Action, Note
from appliance.access.commands import NewPerson, OneTime
from appliance.access.people import Person, StaffRole, checked_name, folded
from appliance.access.refusals import AccountError
from appliance.access.roster import Change, Put


class Plan:
    """What adding people comes to."""

    def __init__(self, actor: str) -> None:
        self.new: list[OneTime] = []
        self.changed: list[str] = []
        self.allow: list[Change] = []
        self.deny: list[Change] = []
        self.notes: list[Note] = []
        self._actor = actor

    def add(self, one: NewPerson, told: OneTime, changes: list[Change]) -> None:
        self.new.append(told)
        self.allow += changes
        self.notes.append(note(self._actor, "user added", one.name, one.roles))

    def change(self, there: Person, one: NewPerson) -> None:
        self.changed.append(there.name)
        # A role that is taken away is gone at once.
        self.deny.append(Put(replace(there, roles=one.roles)))
        self.notes.append(note(self._actor, "user changed", there.name, one.roles))


def may_administer(person: Person) -> bool:
    return "admin" in person.roles and not person.disabled


def checked(people: Sequence[NewPerson]) -> list[NewPerson]:
    """As they will be kept. Raises AccountError for a bad name, no role, a name twice."""
    wanted = dict[str, NewPerson]()
    for one in people:
        name = checked_name(one.name)
        if folded(name) in wanted:
            raise AccountError(
                f"The name {name!r} is given twice.", fix="Give each person one."
            )
        roles = checked_roles(name, one.roles)
        wanted[folded(name)] = NewPerson(name=name, roles=roles)
    return list(wanted.values())


def checked_roles(name: str, roles: Sequence[StaffRole]) -> tuple[StaffRole, ...]:
    """As they will be kept. Raises AccountError if there is none."""
    if not roles:
        raise AccountError(f"{name!r} has no role.", fix="Give agent, supervisor or admin.")
    return tuple(sorted(set(roles)))


def note(actor: str, action: Action, subject: str, roles: Sequence[str] = ()) -> Note:
    return Note(actor=actor, action=action, subject=subject, detail=", ".join(roles))
