"""Passwords that are set, reset, used once, and hashed anew."""

from pathlib import Path

import anyio
import pytest
from msgspec.structs import replace

from appliance.access.access import Access
from appliance.access.commands import AddPeople, NewPerson, ResetPassword
from appliance.access.entrance import Came, Entrance
from appliance.access.first import FIRST, write_first_password
from appliance.access.office import Office
from appliance.access.refusals import NotSignedIn, PasswordRefused, TooOften
from appliance.access.roster import Password, Put
from appliance.access.rules import PACES
from tests.access.site import (
    CHEAP,
    HERE,
    PASSWORD,
    SetClock,
    actions,
    came,
    hire,
    is_in,
    open_access,
    refused,
)

pytestmark = pytest.mark.anyio


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
    assert tried <= PACES["account"].free + 1
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
