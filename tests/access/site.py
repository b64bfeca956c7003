"""A site with people, a clock that is set by hand, and passwords that are cheap to hash."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal

from appliance.access.access import Access, Clock
from appliance.access.commands import AddPeople, NewPerson, Passwords
from appliance.access.entrance import Came, Entrance, SignedIn
from appliance.access.office import Office
from appliance.access.people import StaffRole
from appliance.access.refusals import NotSignedIn
from appliance.access.secret import digest
from appliance.cli.reception import Reception
from appliance.control import line as control
from appliance.reporting.desk import Reporting
from appliance.retention.building import custodian_of
from appliance.settings import AccessSettings, ReportingSettings, Settings
from appliance.store.writer import Store
from appliance.upgrade.desk import CallDesk

CHEAP = AccessSettings(hash_kib=8, hash_passes=1)

PASSWORD = "green kettle under nine clouds"
HERE = Came(address="10.0.0.5")


class SetClock:
    """A clock that somebody sets."""

    def __init__(self) -> None:
        self.passed_s = 0.0

    def pass_(self, **time: float) -> None:
        self.passed_s += timedelta(**time).total_seconds()

    def now(self) -> datetime:
        return datetime(2026, 3, 1, 9, tzinfo=UTC) + timedelta(seconds=self.passed_s)

    def monotonic_s(self) -> float:
        return self.passed_s

    def clock(self) -> Clock:
        return Clock(now=self.now, monotonic_s=self.monotonic_s)


def open_access(folder: Path, clock: SetClock, settings: AccessSettings = CHEAP) -> Access:
    return Access.open(folder, settings, clock.clock())


async def hire(
    access: Access, name: str, *roles: StaffRole, password: str = PASSWORD
) -> SignedIn:
    """An account whose owner has changed the one-time password; they are signed in."""
    new = NewPerson(name=name, roles=roles or ("agent",))
    made = await Office(access).perform(AddPeople(people=(new,)), "the tests")
    assert isinstance(made, Passwords)
    entrance = Entrance(access)
    first = await entrance.sign_in(name, made.new[0].password, HERE)
    return await entrance.change_password(
        first.person, made.new[0].password, password, came(first)
    )


def came(let_in: SignedIn, address: str = HERE.address) -> Came:
    """From the browser that has these cookies."""
    return Came(address=address, session=let_in.session, device=let_in.device)


def is_in(access: Access, let_in: SignedIn) -> bool:
    return access.signed_in(digest(let_in.session)) is not None


async def actions(access: Access) -> list[str]:
    return [entry.action for entry in await access.entries(0, 10_000)]


async def refused(access: Access, name: str, password: str, where: Came = HERE) -> str:
    """What somebody is told who may not come in."""
    with pytest.raises(NotSignedIn) as error:
        await Entrance(access).sign_in(name, password, where)
    return str(error.value)


def desk_of(
    folder: Path, store: Store, access: Access, calls: CallDesk | None = None
) -> Reception:
    """What answers on the control socket of a server on this folder."""
    custodian = custodian_of(Settings(), folder, store, access, live=True)
    calls = calls or CallDesk(lambda _: None, dict)
    reporting = Reporting(ReportingSettings(time_zone="UTC"), store)
    return Reception(access, store, calls, custodian, reporting)


@contextmanager
def answering(folder: Path) -> Iterator[Access]:
    """As long as it lasts a server answers the commands that are given for this folder."""
    with (
        open_access(folder, SetClock()) as access,
        Store.open(folder / "appliance.duckdb") as store,
        control.listening(access.folder) as line,
        start_blocking_portal() as portal,
    ):
        serving = portal.start_task_soon(
            control.serve, line, desk_of(folder, store, access)
        )
        yield access
        serving.cancel()
