"""What attackers try at the door."""

import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import pytest
from msgspec.structs import replace

from appliance.access.access import Access
from appliance.access.commands import (
    AddPeople,
    NewPerson,
    ResetPassword,
    SetDisabled,
)
from appliance.access.entrance import Came, Entrance, SignedIn, gone
from appliance.access.first import FIRST, write_first_password
from appliance.access.hashing import STRANGERS
from appliance.access.office import Office
from appliance.access.refusals import NotSignedIn, PasswordRefused, TooOften
from appliance.access.roster import Password, Put
from appliance.access.rules import MOST_SESSIONS, PACES
from appliance.access.secret import digest
from tests.access.site import CHEAP, HERE, PASSWORD, SetClock, came, hire, open_access

pytestmark = pytest.mark.anyio

FREE = PACES["account"].free


def is_in(access: Access, let_in: SignedIn) -> bool:
    return access.signed_in(digest(let_in.session)) is not None


async def actions(access: Access) -> list[str]:
    return [entry.action for entry in await access.entries(0, 10_000)]


async def refused(access: Access, name: str, password: str, where: Came = HERE) -> str:
    """What somebody is told who may not come in."""
    with pytest.raises(NotSignedIn) as error:
        await Entrance(access).sign_in(name, password, where)
    return str(error.value)


async def test_who_has_the_password_comes_in_whatever_the_case_of_the_name(
    access: Access,
) -> None:
    await hire(access, "Ann")
    let_in = await Entrance(access).sign_in(" ANN ", PASSWORD, HERE)
    assert is_in(access, let_in)
    assert (await actions(access))[-1] == "signed in"


async def test_every_failure_reads_the_same_and_costs_one_comparison(
    access: Access,
) -> None:
    await hire(access, "Ann")
    await hire(access, "Boss", "admin")
    await hire(access, "Gone")
    await Office(access).perform(SetDisabled(name="Gone", disabled=True), "the tests")
    told = set()
    for name, password in [
        ("Ann", "wrong"),
        ("Nobody", PASSWORD),
        ("Gone", PASSWORD),
        ("Ann", PASSWORD + "x" * 1000),
        ("", ""),
        ("'; DROP TABLE person;--", "\0"),
    ]:
        before = access.hasher.verified
        told.add(await refused(access, name, password))
        assert access.hasher.verified == before + 1
    assert len(told) == 1


async def test_a_name_that_nobody_has_is_not_logged(access: Access) -> None:
    await refused(access, "my secret password", "typed a line too high")
    [entry] = await access.entries(0, 10)
    assert "secret" not in repr(entry)
    assert entry.detail == "unknown name, from 10.0.0.5"


async def test_a_thousand_wrong_passwords_from_one_address_do_not_get_in(
    access: Access, clock: SetClock
) -> None:
    ann = await hire(access, "Ann")
    attacker = Came(address="10.0.0.66")
    compared, begun_s = access.hasher.verified, clock.passed_s
    for number in range(1000):
        clock.pass_(seconds=1)
        with pytest.raises((NotSignedIn, TooOften)):
            await Entrance(access).sign_in("Ann", f"guess {number}", attacker)
    # Most were not even looked at: a quarter of an hour of them is a second of hashing.
    assert access.hasher.verified - compared < 20
    # Ann goes on working, and comes in anew with the browser she has used.
    assert is_in(access, ann)
    assert is_in(access, await Entrance(access).sign_in("Ann", PASSWORD, came(ann)))
    # From elsewhere she waits as long as the attacker made her, five minutes at most.
    with pytest.raises(TooOften) as told:
        await Entrance(access).sign_in("Ann", PASSWORD, Came(address="10.0.0.7"))
    assert told.value.wait_s <= 300
    clock.pass_(seconds=told.value.wait_s)
    let_in = await Entrance(access).sign_in("Ann", PASSWORD, Came(address="10.0.0.7"))
    assert is_in(access, let_in)
    assert clock.passed_s - begun_s <= 1300


async def test_a_thousand_wrong_passwords_from_as_many_addresses_do_not_get_in(
    access: Access, clock: SetClock
) -> None:
    ann = await hire(access, "Ann")
    compared = access.hasher.verified
    for number in range(1000):
        clock.pass_(seconds=1)
        attacker = Came(address=f"10.1.{number // 250}.{number % 250}")
        with pytest.raises((NotSignedIn, TooOften)):
            await Entrance(access).sign_in("Ann", f"guess {number}", attacker)
    assert access.hasher.verified - compared < 20
    assert is_in(access, await Entrance(access).sign_in("Ann", PASSWORD, came(ann)))


async def test_one_password_tried_on_a_thousand_names_is_held_back_by_its_address(
    access: Access, clock: SetClock
) -> None:
    before = access.hasher.verified
    for number in range(1000):
        clock.pass_(seconds=0.1)
        with pytest.raises((NotSignedIn, TooOften)):
            await Entrance(access).sign_in(f"name {number}", "Summer", HERE)
    assert access.hasher.verified - before < 40


async def test_a_thousand_at_once_are_counted_before_the_first_has_failed(
    access: Access,
) -> None:
    await hire(access, "Ann")
    before, told = access.hasher.verified, list[str]()

    async def guess(number: int) -> None:
        attacker = Came(address=f"10.1.{number // 250}.{number % 250}")
        try:
            await Entrance(access).sign_in("Ann", f"guess {number}", attacker)
        except (NotSignedIn, TooOften) as error:
            told.append(type(error).__name__)

    async with anyio.create_task_group() as attack:
        for number in range(1000):
            attack.start_soon(guess, number)
    assert len(told) == 1000
    assert access.hasher.verified - before <= FREE + 1


async def test_a_flood_of_strangers_leaves_places_for_who_works_here(
    access: Access,
) -> None:
    ann = await hire(access, "Ann")
    told = list[str]()

    async def flood(number: int) -> None:
        attacker = Came(address=f"10.1.0.{number}")
        try:
            await Entrance(access).sign_in(f"name {number}", "guess", attacker)
        except (NotSignedIn, TooOften) as error:
            told.append(type(error).__name__)

    async with anyio.create_task_group() as attack:
        for number in range(100):
            attack.start_soon(flood, number)
        await anyio.wait_all_tasks_blocked()
        assert is_in(access, await Entrance(access).sign_in("Ann", PASSWORD, came(ann)))
    assert told.count("NotSignedIn") == STRANGERS
    assert told.count("TooOften") == 100 - STRANGERS


async def test_a_known_browser_is_held_back_by_its_own_wrong_tries(
    access: Access,
) -> None:
    ann = await hire(access, "Ann")
    for _ in range(FREE + 1):
        await refused(access, "Ann", "wrong", came(ann))
    with pytest.raises(TooOften):
        await Entrance(access).sign_in("Ann", PASSWORD, came(ann))
    # Elsewhere nobody has to wait for that.
    await Entrance(access).sign_in("Ann", PASSWORD, Came(address="10.0.0.8"))


async def test_somebody_elses_browser_is_a_stranger(access: Access) -> None:
    await hire(access, "Ann")
    bob = await hire(access, "Bob")
    for number in range(FREE + 1):
        await refused(access, "Ann", "wrong", Came(address=f"10.2.0.{number}"))
    with pytest.raises(TooOften):
        await Entrance(access).sign_in("Ann", PASSWORD, came(bob))


async def test_an_administrator_lets_in_who_is_locked_out(access: Access) -> None:
    await hire(access, "Ann")
    for _ in range(FREE + 1):
        await refused(access, "Ann", "wrong")
    elsewhere = Came(address="10.0.0.9")
    with pytest.raises(TooOften):
        await Entrance(access).sign_in("Ann", PASSWORD, elsewhere)
    await Office(access).perform(SetDisabled(name="Ann", disabled=False), "the tests")
    await Entrance(access).sign_in("Ann", PASSWORD, elsewhere)


async def test_a_stolen_cookie_is_worth_nothing_after_the_sign_out(
    access: Access,
) -> None:
    ann = await hire(access, "Ann")
    found = access.signed_in(digest(ann.session))
    assert found is not None
    await Entrance(access).sign_out(*found)
    assert not is_in(access, ann)


async def test_a_session_that_was_planted_is_never_adopted(access: Access) -> None:
    await hire(access, "Ann")
    planted = Came(address="10.0.0.5", session="planted", device="planted")
    let_in = await Entrance(access).sign_in("Ann", PASSWORD, planted)
    assert "planted" not in (let_in.session, let_in.device)
    assert access.signed_in(digest("planted")) is None


async def test_signing_in_again_ends_the_session_that_was_there(access: Access) -> None:
    ann = await hire(access, "Ann")
    again = await Entrance(access).sign_in("Ann", PASSWORD, came(ann))
    assert is_in(access, again)
    assert not is_in(access, ann)


async def test_signing_in_as_somebody_else_ends_the_first_ones_session(
    access: Access,
) -> None:
    ann = await hire(access, "Ann")
    await hire(access, "Bob")
    await Entrance(access).sign_in("Bob", PASSWORD, came(ann))
    assert not is_in(access, ann)


async def test_signing_out_everywhere_ends_every_session_and_no_one_elses(
    access: Access,
) -> None:
    ann, bob = await hire(access, "Ann"), await hire(access, "Bob")
    phone = await Entrance(access).sign_in("Ann", PASSWORD, Came(address="10.0.0.9"))
    await Entrance(access).sign_out_everywhere(ann.person)
    assert [is_in(access, one) for one in (ann, phone, bob)] == [False, False, True]


async def test_a_session_ends_when_it_is_not_used(access: Access, clock: SetClock) -> None:
    ann = await hire(access, "Ann")
    for _ in range(5):
        clock.pass_(minutes=59)
        assert is_in(access, ann)
    clock.pass_(minutes=60)
    assert not is_in(access, ann)


async def test_a_session_ends_after_a_shift_however_much_it_is_used(
    access: Access, clock: SetClock
) -> None:
    ann = await hire(access, "Ann")
    for _ in range(23):
        clock.pass_(minutes=30)
        assert is_in(access, ann)
    clock.pass_(minutes=31)
    assert not is_in(access, ann)


async def test_whoever_is_disabled_is_out_at_once(access: Access) -> None:
    ann = await hire(access, "Ann")
    await hire(access, "Boss", "admin")
    office = Office(access)
    async with anyio.create_task_group() as at_once:
        command = SetDisabled(name="ann", disabled=True)
        at_once.start_soon(office.perform, command, "the tests")
        await anyio.wait_all_tasks_blocked()
        # Not even the disk is waited for.
        assert not is_in(access, ann)
    await office.perform(SetDisabled(name="ann", disabled=False), "the tests")
    assert not is_in(access, ann)
    assert is_in(access, await Entrance(access).sign_in("Ann", PASSWORD, HERE))


async def disable(access: Access, ann: SignedIn) -> None:  # noqa: ARG001
    await Office(access).perform(SetDisabled(name="Ann", disabled=True), "the tests")


async def give_another_password(access: Access, ann: SignedIn) -> None:
    hashed = Password(person_id=ann.person.id, hash="another")
    await access.commit(deny=[*gone(access, ann.person), Put(hashed)])


@pytest.mark.parametrize("change", [disable, give_another_password])
async def test_who_may_not_come_in_any_more_once_the_password_was_compared_stays_out(
    access: Access, change: Callable[[Access, SignedIn], Awaitable[None]]
) -> None:
    ann = await hire(access, "Ann")
    go_on = threading.Event()
    told = list[str]()

    async def sign_in() -> None:
        told.append(await refused(access, "Ann", PASSWORD, came(ann)))

    async with anyio.create_task_group() as at_once:
        # The one thread of passwords is held up before the comparison.
        at_once.start_soon(access.hasher._run, go_on.wait, 10)
        await anyio.wait_all_tasks_blocked()
        at_once.start_soon(sign_in)
        await anyio.wait_all_tasks_blocked()
        await change(access, ann)
        go_on.set()
    assert told
    assert access.roster.sessions.of(ann.person.id) == []


async def test_a_new_password_ends_all_sessions_but_the_one_it_was_set_in(
    access: Access,
) -> None:
    ann = await hire(access, "Ann")
    thief = await Entrance(access).sign_in("Ann", PASSWORD, Came(address="10.0.0.66"))
    new = "seven slow trains to Lisbon"
    changed = await Entrance(access).change_password(ann.person, PASSWORD, new, came(ann))
    assert is_in(access, changed)
    assert not is_in(access, thief)
    assert not is_in(access, ann)
    await refused(access, "Ann", PASSWORD, came(changed))
    await Entrance(access).sign_in("Ann", new, came(changed))


async def test_a_stolen_session_does_not_change_the_password(access: Access) -> None:
    ann = await hire(access, "Ann")
    thief = Came(address="10.0.0.66", session=ann.session)
    tried = 0
    for number in range(100):
        try:
            await Entrance(access).change_password(
                ann.person, f"guess {number}", "seven slow trains to Lisbon", thief
            )
        except NotSignedIn:
            tried += 1
        except TooOften:
            pass
    assert tried <= FREE + 1
    assert "password change refused" in await actions(access)


@pytest.mark.parametrize("new", ["short", "password123456", "my name is ANN ok", PASSWORD])
async def test_a_bad_new_password_is_refused_and_the_old_one_stays(
    access: Access, new: str
) -> None:
    ann = await hire(access, "Ann")
    with pytest.raises(PasswordRefused):
        await Entrance(access).change_password(ann.person, PASSWORD, new, came(ann))
    assert is_in(access, ann)


async def test_a_one_time_password_has_to_be_changed(access: Access) -> None:
    office = Office(access)
    new = NewPerson(name="Eve", roles=("agent",))
    made = await office.perform(AddPeople(people=(new,)), "the tests")
    password = made.new[0].password  # type: ignore[union-attr]
    let_in = await Entrance(access).sign_in("Eve", password, HERE)
    assert let_in.person.must_change
    assert not (await hire(access, "Ann")).person.must_change
    reset = await office.perform(ResetPassword(name="Ann"), "the tests")
    password = reset.new[0].password  # type: ignore[union-attr]
    assert (await Entrance(access).sign_in("Ann", password, HERE)).person.must_change


async def test_a_reset_ends_every_session_and_the_old_password(access: Access) -> None:
    ann = await hire(access, "Ann")
    await Office(access).perform(ResetPassword(name="Ann"), "the tests")
    assert not is_in(access, ann)
    await refused(access, "Ann", PASSWORD, came(ann))


async def test_the_first_password_is_gone_once_it_was_used(access: Access) -> None:
    def write() -> Path:
        return write_first_password(access.folder, "something")

    path = await anyio.to_thread.run_sync(write)
    await hire(access, "Ann")
    assert await anyio.Path(path).exists()
    assert (await anyio.Path(path).stat()).st_mode & 0o777 == 0o600
    await hire(access, FIRST, "admin")
    assert not await anyio.Path(path).exists()


async def test_a_restart_keeps_who_is_signed_in_and_who_is_not(
    tmp_path: Path, clock: SetClock
) -> None:
    def opened() -> Access:
        return open_access(tmp_path, clock)

    access = await anyio.to_thread.run_sync(opened)
    ann, bob = await hire(access, "Ann"), await hire(access, "Bob")
    found = access.signed_in(digest(bob.session))
    assert found is not None
    await Entrance(access).sign_out(*found)
    clock.pass_(minutes=50)
    assert is_in(access, ann)
    await access.sweep()
    await anyio.to_thread.run_sync(access.close)

    again = await anyio.to_thread.run_sync(opened)
    clock.pass_(minutes=50)
    assert [is_in(again, ann), is_in(again, bob)] == [True, False]
    clock.pass_(minutes=61)
    await again.sweep()
    assert again.roster.sessions.of(ann.person.id) == []
    # The browser is still known: guesses elsewhere do not keep Ann out.
    assert again.roster.knows(digest(ann.device), ann.person, clock.now())
    await anyio.to_thread.run_sync(again.close)


async def test_who_signs_out_while_it_is_tidied_does_not_come_back(
    access: Access, clock: SetClock
) -> None:
    ann = await hire(access, "Ann")
    clock.pass_(minutes=5)
    found = access.signed_in(digest(ann.session))
    assert found is not None
    async with anyio.create_task_group() as at_once:
        at_once.start_soon(access.sweep)
        at_once.start_soon(Entrance(access).sign_out, *found)
    assert not is_in(access, ann)


async def test_a_password_hashed_more_cheaply_is_hashed_anew(
    tmp_path: Path, clock: SetClock
) -> None:
    def opened(passes: int) -> Access:
        return open_access(tmp_path, clock, replace(CHEAP, hash_passes=passes))

    access = await anyio.to_thread.run_sync(opened, 1)
    ann = await hire(access, "Ann")
    await anyio.to_thread.run_sync(access.close)
    again = await anyio.to_thread.run_sync(opened, 2)
    await Entrance(again).sign_in("Ann", PASSWORD, HERE)
    assert "t=2" in (again.roster.password(ann.person.id) or "")
    await Entrance(again).sign_in("Ann", PASSWORD, HERE)
    await anyio.to_thread.run_sync(again.close)


async def test_a_hash_that_is_damaged_lets_nobody_in(access: Access) -> None:
    ann = await hire(access, "Ann")
    await access.commit(allow=[Put(Password(person_id=ann.person.id, hash="damaged"))])
    await refused(access, "Ann", PASSWORD)
    await refused(access, "Ann", "damaged")


async def test_nobody_has_sessions_without_end(access: Access) -> None:
    ann = await hire(access, "Ann")
    for number in range(MOST_SESSIONS + 5):
        await Entrance(access).sign_in("Ann", PASSWORD, Came(address=f"10.0.1.{number}"))
    assert len(access.roster.sessions.of(ann.person.id)) == MOST_SESSIONS
    assert not is_in(access, ann)


async def test_no_secret_lies_in_the_file(access: Access) -> None:
    ann = await hire(access, "Ann")
    await anyio.to_thread.run_sync(access.close)
    stored = b""
    async for path in anyio.Path(access.folder).iterdir():
        stored += await path.read_bytes()
    assert b"Ann" in stored
    for secret in (ann.session, ann.device, PASSWORD):
        assert secret.encode() not in stored
