"""What attackers try at the door."""

import anyio
import pytest

from appliance.access.access import Access
from appliance.access.commands import (
    SetDisabled,
)
from appliance.access.entrance import Came, Entrance
from appliance.access.hashing import STRANGERS
from appliance.access.office import Office
from appliance.access.refusals import NotSignedIn, TooOften
from appliance.access.rules import PACES
from tests.access.site import HERE, PASSWORD, SetClock, actions, came, hire, is_in, refused

pytestmark = pytest.mark.anyio

FREE = PACES["account"].free


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


async def test_no_secret_lies_in_the_file(access: Access) -> None:
    ann = await hire(access, "Ann")
    await anyio.to_thread.run_sync(access.close)
    stored = b""
    async for path in anyio.Path(access.folder).iterdir():
        stored += await path.read_bytes()
    assert b"Ann" in stored
    for secret in (ann.session, ann.device, PASSWORD):
        assert secret.encode() not in stored
