"""Accounts while the disk takes nothing."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import anyio
import pytest

from appliance.access.access import FOLDER, Access
from appliance.access.audit import Note
from appliance.access.commands import SetDisabled
from appliance.access.entrance import Entrance
from appliance.access.file import AccessFile
from appliance.access.office import Office
from appliance.access.roster import Change
from appliance.access.secret import digest
from appliance.errors import StoreError
from tests.access.site import CHEAP, PASSWORD, SetClock, came, hire, open_access

pytestmark = pytest.mark.anyio


class FullFile(AccessFile):
    """A file that takes nothing while it is `full`."""

    full = False

    def write(
        self, changes: Sequence[Change], notes: Sequence[Note] = (), cut: int = -1
    ) -> None:
        if self.full:
            raise StoreError("The disk is full.", fix="Free some space.")
        super().write(changes, notes, cut)


@pytest.fixture
def file(tmp_path: Path) -> FullFile:
    return FullFile(tmp_path / FOLDER)


@pytest.fixture
def access(file: FullFile, clock: SetClock) -> Iterator[Access]:
    with Access(file, CHEAP, clock.clock()) as opened:
        yield opened


@pytest.mark.fault("disk full")
async def test_what_cannot_be_logged_is_not_allowed(access: Access, file: FullFile) -> None:
    ann = await hire(access, "Ann")
    file.full = True
    with pytest.raises(StoreError):
        await Entrance(access).sign_in("Ann", PASSWORD, came(ann))
    with pytest.raises(StoreError):
        await Entrance(access).sign_in("Ann", "wrong", came(ann))


async def test_who_is_denied_while_the_disk_is_full_is_out_now_and_later(
    access: Access, file: FullFile, tmp_path: Path, clock: SetClock
) -> None:
    ann = await hire(access, "Ann")
    file.full = True
    command = SetDisabled(name="Ann", disabled=True)
    with pytest.raises(StoreError):
        await Office(access).perform(command, "the tests")
    assert access.signed_in(digest(ann.session)) is None
    file.full = False
    await hire(access, "Bob")
    await anyio.to_thread.run_sync(access.close)
    again = await anyio.to_thread.run_sync(open_access, tmp_path, clock)
    assert again.roster.people[ann.person.id].disabled
    assert again.signed_in(digest(ann.session)) is None
    await anyio.to_thread.run_sync(again.close)
