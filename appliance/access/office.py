"""Adding, disabling and resetting people, and making tokens: what an administrator does."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import anyio
from msgspec.structs import replace

from appliance.access.access import Access
from appliance.access.audit import Note
from appliance.access.commands import (
    AddMachine,
    AddPeople,
    AnyAnswer,
    AnyCommand,
    Listed,
    ListMachines,
    ListPeople,
    Machines,
    MachineSecret,
    NewPerson,
    OneTime,
    Passwords,
    People,
    ReadAudit,
    ResetPassword,
    RevokeMachine,
    Rows,
    SetDisabled,
    SetRoles,
    SignOut,
)
from appliance.access.entrance import gone
from appliance.access.lockout import Key
from appliance.access.people import Person, StaffRole, checked_name, folded
from appliance.access.plan import Plan, checked, checked_roles, may_administer, note
from appliance.access.refusals import AccountError
from appliance.access.roster import Change, Drop, Password, Put
from appliance.access.secret import digest, new_secret, one_time_password, person_id
from appliance.access.tokens import PREFIX, Machine
from appliance.control.words import Done

# A token that nobody remembers is to end by itself.
MOST_DAYS = 730
MOST_PEOPLE = 10_000
MOST_ROWS = 2_000


class Office:
    def __init__(self, access: Access) -> None:
        self._access = access

    async def perform(self, command: AnyCommand, actor: str) -> AnyAnswer:
        """Raises AccountError, StoreError."""
        match command:
            case AddPeople():
                return await self.add(command, actor)
            case SetRoles() | SetDisabled() | SignOut() | ResetPassword():
                return await self._change(command, actor)
            case AddMachine():
                return await self.add_machine(command, actor)
            case RevokeMachine(name=name):
                return await self._revoke(name, actor)
            case ListPeople() | ListMachines() | ReadAudit():
                return await self._tell(command)

    async def _change(
        self, command: SetRoles | SetDisabled | SignOut | ResetPassword, actor: str
    ) -> AnyAnswer:
        match command:
            case SetRoles(name=name, roles=roles):
                return await self._set_roles(name, roles, actor)
            case SetDisabled(name=name, disabled=disabled):
                return await self._set_disabled(name, disabled, actor)
            case SignOut(name=name):
                return await self._sign_out(name, actor)
            case ResetPassword(name=name):
                return await self.reset(name, actor)

    async def _tell(self, command: ListPeople | ListMachines | ReadAudit) -> AnyAnswer:
        match command:
            case ListPeople():
                return self.people()
            case ListMachines():
                return self.machines()
            case ReadAudit(first=first, most=most):
                rows = await self._access.entries(first, min(most, MOST_ROWS))
                return Rows(rows=tuple(rows))

    def people(self) -> People:
        """By name."""
        everybody = self._access.roster.people.values()
        known = sorted(everybody, key=lambda one: folded(one.name))
        return People(people=tuple(self._listed(person) for person in known))

    def machines(self) -> Machines:
        return Machines(machines=tuple(self._access.roster.machines.values()))

    def _listed(self, person: Person) -> Listed:
        sessions = self._access.roster.sessions.of(person.id)
        seen = max((session.seen for session in sessions), default=None)
        return Listed(person=person, sessions=len(sessions), last_seen=seen)

    async def add(self, wish: AddPeople, actor: str) -> Passwords:
        """Raises AccountError, StoreError."""
        wanted = checked(wish.people)
        self._check_new(wanted, wish.known)
        # Hashed before anything is held: hundreds take half a minute, and people who sign
        # in meanwhile take turns with them.
        named = self._access.roster.named
        made = {one.name: await self._new(one) for one in wanted if not named(one.name)}
        plan = Plan(actor)
        async with self._access.changing:
            self._check_new(wanted, wish.known)
            for one in wanted:
                there = named(one.name)
                if there is None:
                    plan.add(one, *made[one.name])
                elif there.roles != one.roles:
                    plan.change(there, one)
            self._check_admin_left(plan.deny)
            await self._access.commit(allow=plan.allow, deny=plan.deny, notes=plan.notes)
        return Passwords(new=tuple(plan.new), changed=tuple(plan.changed))

    async def _new(self, one: NewPerson) -> tuple[OneTime, list[Change]]:
        password = one_time_password()
        person = Person(
            id=person_id(folded(one.name)),
            name=one.name,
            roles=one.roles,
            created=self._access.clock.now(),
            must_change=True,
        )
        kept = Password(person_id=person.id, hash=await self._access.hasher.hash(password))
        return OneTime(name=one.name, password=password), [Put(person), Put(kept)]

    async def _set_roles(self, name: str, roles: Sequence[StaffRole], actor: str) -> Done:
        wanted = NewPerson(name=name, roles=checked_roles(name, roles))
        plan = Plan(actor)
        async with self._access.changing:
            person = self._person(name)
            if person.roles != wanted.roles:
                plan.change(person, wanted)
                self._check_admin_left(plan.deny)
                await self._access.commit(deny=plan.deny, notes=plan.notes)
        return Done()

    async def _sign_out(self, name: str, actor: str) -> Done:
        async with self._access.changing:
            person = self._person(name)
            notes = [note(actor, "signed out everywhere", person.name)]
            await self._access.commit(deny=gone(self._access, person), notes=notes)
        return Done()

    async def _set_disabled(self, name: str, disabled: bool, actor: str) -> Done:
        async with self._access.changing:
            before = self._person(name)
            change = Put(replace(before, disabled=disabled))
            if disabled:
                self._check_admin_left([change])
                deny = [change, *gone(self._access, before)]
                notes = [note(actor, "user disabled", before.name)]
                await self._access.commit(deny=deny, notes=notes)
            else:
                notes = [note(actor, "user enabled", before.name)]
                await self._access.commit(allow=[change], notes=notes)
                self._forgive(before)
        return Done()

    async def reset(self, name: str, actor: str) -> Passwords:
        """Also for whoever is locked out: wrong tries before this are forgotten."""
        password = one_time_password()
        hashed = await self._access.hasher.hash(password)
        async with self._access.changing:
            person = self._person(name)
            await self._access.commit(
                deny=[
                    *gone(self._access, person),
                    Put(Password(person_id=person.id, hash=hashed)),
                    Put(replace(person, must_change=True)),
                ],
                notes=[note(actor, "password reset", person.name)],
            )
            self._forgive(person)
        return Passwords(new=(OneTime(name=person.name, password=password),))

    async def add_machine(self, wish: AddMachine, actor: str) -> MachineSecret:
        name, now = checked_name(wish.name), self._access.clock.now()
        if not 1 <= wish.days <= MOST_DAYS or not wish.scopes:
            raise AccountError(
                f"A token with {len(wish.scopes)} scopes for {wish.days} days is not made.",
                fix=f"Choose at least one scope, and 1 to {MOST_DAYS} days.",
            )
        secret = PREFIX + new_secret()
        machine = Machine(
            name=name,
            digest=digest(secret),
            scopes=tuple(sorted(set(wish.scopes))),
            created=now,
            expires=now + timedelta(days=wish.days),
            made_by=actor,
        )
        async with self._access.changing:
            if name in self._access.roster.machines:
                raise AccountError(
                    f"There is a token {name!r} already.",
                    fix="Revoke it first, or give another name.",
                )
            scopes = ", ".join(machine.scopes)
            made = Note(
                actor=actor,
                action="token added",
                subject=name,
                detail=f"{scopes}; expires {machine.expires:%Y-%m-%d}",
            )
            await self._access.commit(allow=[Put(machine)], notes=[made])
        return MachineSecret(secret=secret, expires=machine.expires)

    @asynccontextmanager
    async def lending(self, actor: str) -> AsyncGenerator[MachineSecret, None]:
        """A token for calls and figures, void after the block. Raises StoreError."""
        name = f"lent {new_secret()[:8]}"
        wish = AddMachine(name=name, scopes=("calls", "metrics"), days=1)
        made = await self.add_machine(wish, actor)
        try:
            yield made
        finally:
            with anyio.CancelScope(shield=True):
                await self._revoke(name, actor)

    async def _revoke(self, name: str, actor: str) -> Done:
        async with self._access.changing:
            if name not in self._access.roster.machines:
                raise AccountError(
                    f"There is no token {name!r}.", fix="See the list of tokens."
                )
            notes = [note(actor, "token revoked", name)]
            await self._access.commit(deny=[Drop(Machine, name)], notes=notes)
        return Done()

    def _person(self, name: str) -> Person:
        person = self._access.roster.named(name)
        if person is None:
            raise AccountError(
                f"There is no account {name!r}.", fix="See the list of people."
            )
        return person

    def _check_new(self, wanted: Sequence[NewPerson], known: bool) -> None:
        there = [one.name for one in wanted if self._access.roster.named(one.name)]
        if there and not known:
            raise AccountError(
                f"There is an account {there[0]!r} already.",
                fix="Choose another name, or reset its password.",
            )
        if len(self._access.roster.people) + len(wanted) > MOST_PEOPLE:
            raise AccountError(
                f"That would be more than {MOST_PEOPLE} accounts.", fix="Add fewer."
            )

    def _check_admin_left(self, changes: Sequence[Change]) -> None:
        after = dict(self._access.roster.people)
        for change in changes:
            if isinstance(change, Put) and isinstance(change.record, Person):
                after[change.record.id] = change.record
        before = self._access.roster.people.values()
        if any(map(may_administer, before)) and not any(
            map(may_administer, after.values())
        ):
            raise AccountError(
                "Nobody could administer the box any more.",
                fix="Make somebody else an admin first.",
            )

    def _forgive(self, person: Person) -> None:
        self._access.lockout.forget(Key("account", digest(folded(person.name))))
