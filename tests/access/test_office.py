from pathlib import Path

import anyio
import pytest

from appliance.access.access import Access
from appliance.access.commands import (
    AddMachine,
    AddPeople,
    AnyCommand,
    ListMachines,
    ListPeople,
    Machines,
    MachineSecret,
    NewPerson,
    Passwords,
    People,
    RevokeMachine,
    SetDisabled,
)
from appliance.access.entrance import Entrance
from appliance.access.office import Office
from appliance.access.people import StaffRole
from appliance.access.refusals import AccountError
from appliance.access.secret import digest
from appliance.access.tokens import Guests
from tests.access.site import HERE, SetClock, hire, open_access

pytestmark = pytest.mark.anyio


def new(name: str, *roles: StaffRole) -> NewPerson:
    return NewPerson(name=name, roles=roles or ("agent",))


async def done(access: Access, command: AnyCommand) -> object:
    return await Office(access).perform(command, "the tests")


async def token(access: Access, name: str = "prometheus", days: int = 30) -> MachineSecret:
    wish = AddMachine(name=name, scopes=("metrics",), days=days)
    made = await done(access, wish)
    assert isinstance(made, MachineSecret)
    return made


@pytest.mark.parametrize(
    "name",
    ["", "   ", "x" * 65, "=cmd()", "@SUM(A1)", "a\nb", "a\x1b[2Jb", "-", "a\u202eb"],
)
async def test_a_name_that_is_a_formula_or_a_control_character_is_refused(
    access: Access, name: str
) -> None:
    with pytest.raises(AccountError):
        await done(access, AddPeople(people=(new(name),)))


@pytest.mark.parametrize(
    "name", ["<b>Ann</b>", "Robert'); DROP TABLE person;--", "O'Brien"]
)
async def test_what_looks_like_html_or_sql_is_only_a_name(
    access: Access, name: str
) -> None:
    await done(access, AddPeople(people=(new(name),)))
    told = await done(access, ListPeople())
    assert isinstance(told, People)
    assert [one.person.name for one in told.people] == [name]


async def test_nobody_is_there_twice_whatever_the_case(access: Access) -> None:
    await done(access, AddPeople(people=(new("Ann"),)))
    with pytest.raises(AccountError, match="already"):
        await done(access, AddPeople(people=(new("ＡＮＮ"),)))  # noqa: RUF001
    with pytest.raises(AccountError, match="twice"):
        await done(access, AddPeople(people=(new("Bob"), new("bob"))))


async def test_of_many_all_are_added_or_none(access: Access) -> None:
    with pytest.raises(AccountError):
        await done(access, AddPeople(people=(new("Ann"), new("=Bob"))))
    assert access.roster.people == {}


async def test_an_import_gives_people_who_are_there_their_new_roles(
    access: Access,
) -> None:
    ann = await hire(access, "Ann")
    await hire(access, "Bob")
    wish = (new("ann", "agent", "supervisor"), new("Bob"), new("Eve"))
    told = await done(access, AddPeople(people=wish, known=True))
    assert isinstance(told, Passwords)
    assert ([one.name for one in told.new], told.changed) == (["Eve"], ("Ann",))
    found = access.signed_in(digest(ann.session))
    assert found is not None
    assert found[0].roles == ("agent", "supervisor")


async def test_the_last_who_may_administer_stays_so(access: Access) -> None:
    await hire(access, "Boss", "admin")
    with pytest.raises(AccountError, match="administer"):
        await done(access, SetDisabled(name="Boss", disabled=True))
    with pytest.raises(AccountError, match="administer"):
        await done(access, AddPeople(people=(new("Boss", "agent"),), known=True))
    await hire(access, "Second", "admin")
    await done(access, SetDisabled(name="Boss", disabled=True))


async def test_a_token_is_good_until_it_ends(access: Access, clock: SetClock) -> None:
    made = await token(access)
    found = access.roster.machine(digest(made.secret), clock.now())
    assert found is not None
    assert found.scopes == ("metrics",)
    clock.pass_(days=30)
    assert access.roster.machine(digest(made.secret), clock.now()) is None


async def test_a_revoked_token_is_void_at_once_and_after_a_restart(
    tmp_path: Path, clock: SetClock
) -> None:
    def opened() -> Access:
        return open_access(tmp_path, clock)

    access = await anyio.to_thread.run_sync(opened)
    void, good = await token(access, "old"), await token(access, "new")
    await done(access, RevokeMachine(name="old"))
    assert access.roster.machine(digest(void.secret), clock.now()) is None
    await anyio.to_thread.run_sync(access.close)
    again = await anyio.to_thread.run_sync(opened)
    assert again.roster.machine(digest(void.secret), clock.now()) is None
    assert again.roster.machine(digest(good.secret), clock.now()) is not None
    await anyio.to_thread.run_sync(again.close)


async def test_a_token_is_not_told_again(access: Access) -> None:
    made = await token(access)
    told = await done(access, ListMachines())
    assert isinstance(told, Machines)
    assert made.secret not in repr(told)
    assert [one.name for one in told.machines] == ["prometheus"]


@pytest.mark.parametrize(("days", "name"), [(0, "x"), (10_000, "x"), (30, "=x")])
async def test_a_token_without_end_or_name_is_refused(
    access: Access, days: int, name: str
) -> None:
    with pytest.raises(AccountError):
        await token(access, name, days)


async def test_a_token_does_not_take_the_place_of_another(access: Access) -> None:
    await token(access)
    with pytest.raises(AccountError, match="already"):
        await token(access)


async def test_a_session_is_no_token_and_a_token_no_session(
    access: Access, clock: SetClock
) -> None:
    ann, machine = await hire(access, "Ann"), await token(access)
    assert access.roster.machine(digest(ann.session), clock.now()) is None
    assert access.signed_in(digest(machine.secret)) is None


async def test_every_change_is_in_the_log_with_who_made_it(access: Access) -> None:
    await hire(access, "Ann")
    await hire(access, "Boss", "admin")
    await done(access, SetDisabled(name="Ann", disabled=True))
    await token(access)
    await Entrance(access).sign_in("Boss", "green kettle under nine clouds", HERE)
    told = [
        (entry.actor, entry.action, entry.subject) for entry in await access.entries(0, 50)
    ]
    assert ("the tests", "user added", "Ann") in told
    assert ("Ann", "password changed", "Ann") in told
    assert ("the tests", "user disabled", "Ann") in told
    assert ("the tests", "token added", "prometheus") in told
    assert told[-1] == ("Boss", "signed in", "Boss")


def test_a_customers_token_opens_one_call_for_a_while(clock: SetClock) -> None:
    guests = Guests()
    secret = guests.admit("call 1", clock.now())
    other = guests.admit("call 2", clock.now())
    assert guests.find(digest(secret), clock.now()) == "call 1"
    assert guests.find(digest(other), clock.now()) == "call 2"
    assert guests.find(digest("guessed"), clock.now()) == ""
    clock.pass_(hours=4)
    assert guests.find(digest(secret), clock.now()) == ""


def test_a_customers_token_ends_with_the_call_and_with_the_next_one(
    clock: SetClock,
) -> None:
    guests = Guests()
    secret = guests.admit("call 1", clock.now())
    newer = guests.admit("call 1", clock.now())
    assert guests.find(digest(secret), clock.now()) == ""
    guests.end("call 1")
    assert guests.find(digest(newer), clock.now()) == ""
    guests.end("call 1")
