"""How a session begins, and all the ways in which it ends."""

import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import pytest

from appliance.access.access import Access
from appliance.access.commands import SetDisabled
from appliance.access.entrance import Came, Entrance, SignedIn, gone
from appliance.access.office import Office
from appliance.access.roster import Password, Put
from appliance.access.rules import MOST_SESSIONS
from appliance.access.secret import digest
from tests.access.site import (
    HERE,
    PASSWORD,
    SetClock,
    came,
    hire,
    is_in,
    open_access,
    refused,
)

pytestmark = pytest.mark.anyio


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


async def test_nobody_has_sessions_without_end(access: Access) -> None:
    ann = await hire(access, "Ann")
    for number in range(MOST_SESSIONS + 5):
        await Entrance(access).sign_in("Ann", PASSWORD, Came(address=f"10.0.1.{number}"))
    assert len(access.roster.sessions.of(ann.person.id)) == MOST_SESSIONS
    assert not is_in(access, ann)
