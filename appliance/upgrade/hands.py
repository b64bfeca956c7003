"""The steps of an upgrade as they are done on a machine."""

import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import msgspec

from appliance.access.access import FOLDER
from appliance.control.line import NoServer, ask, asking
from appliance.database.migrations import migrations
from appliance.errors import UpgradeError
from appliance.kit import release, system
from appliance.kit.listing import Listing
from appliance.kit.place import Place, point
from appliance.upgrade import journal as journals
from appliance.upgrade import saving
from appliance.upgrade.commands import Calls, CountCalls, HoldCalls
from appliance.upgrade.journal import Journal
from appliance.upgrade.other import Other
from appliance.upgrade.service import Manager
from appliance.upgrade.steps import Step, Undo

# Whose code takes back what was begun, when the machine starts: the older one's, which
# has run on it.
KEEPER = "keeper"

LOOK_S = 1.0


class Patience(NamedTuple):
    drain_s: float  # for the calls that go on to end
    prove_s: float  # for the new service to be well


NONE = Patience(0.0, 0.0)


class Kit:
    """What a release is made from; a rollback has none."""

    def __init__(self, folder: Path, listing: Listing, python: Path) -> None:
        self.folder, self.listing, self.python = folder, listing, python


class MachineHands:
    def __init__(
        self,
        place: Place,
        manager: Manager,
        say: Callable[[str], None],
        *,
        kit: Kit | None = None,
        patience: Patience = NONE,
        keep_releases: int = release.KEEP,
    ) -> None:
        self._place = place
        self._manager = manager
        self._say = say
        self._kit = kit
        self._patience = patience
        self._keep_releases = keep_releases
        self._line = ExitStack()  # to the server, which holds calls until it is closed

    # ------------------------------------------------------------------ what is kept

    def keep(self, journal: Journal) -> None:
        if not journal.begun[1:]:
            # Before the journal: whoever finds one finds who can read it.
            point(self._place.software / KEEPER, f"releases/{journal.old}")
        journals.keep(self._place, journal)

    # ------------------------------------------------------------------ doing

    def do(self, step: Step, journal: Journal) -> Journal:
        self._say(f"{step} ...")
        doing: dict[Step, Callable[[Journal], Journal | None]] = {
            "build": self._build,
            "rehearse": self._rehearse,
            "hold": self._hold,
            "stop": self._stop,
            "save": self._save,
            "put back": self._put_back,
            "switch": lambda journal: self._switch(journal.new),
            "start": lambda _: self._manager.start(),
            "prove": self._prove,
            "done": lambda _: None,
        }
        return doing[step](journal) or journal

    def _stop(self, _journal: Journal) -> None:
        self._line.close()
        self._manager.stop()

    def _save(self, journal: Journal) -> None:
        saving.copy(self._place.data, Path(journal.saved))

    def _put_back(self, journal: Journal) -> None:
        saved = saved_of(self._place, journal.new, journal.old)
        aside = self._aside(journal.old, journal)
        saving.put_back(saved, self._place.data, aside)
        self._say(f"What {journal.old} has written lies in {aside}.")

    def _build(self, _journal: Journal) -> None:
        if self._kit is None:
            raise AssertionError("only an upgrade builds, and it has a kit")
        kit = self._kit
        made = release.build(kit.folder, kit.listing, self._place, kit.python)
        system.bring_models(self._place, kit.folder, kit.listing.models, made)
        system.give(self._place)

    def _rehearse(self, journal: Journal) -> Journal:
        other = Other(self._place, release.release(self._place, journal.new))
        changes = other.schemas() != own_schemas()
        scratch = self._scratch
        try:
            saving.copy(self._place.data, scratch)
            for line in other.rehearse(scratch).splitlines():
                self._say(line)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        changed = msgspec.structs.replace(journal, changes_data=changes)
        self.keep(changed)
        return changed

    @property
    def _scratch(self) -> Path:
        return self._place.data.with_name(f"{self._place.data.name}.rehearsal")

    def _hold(self, _journal: Journal) -> None:
        folder = self._place.data / FOLDER
        try:
            self._line.enter_context(asking(folder, HoldCalls(), Calls))
            until = time.monotonic() + self._patience.drain_s
            while (going := ask(folder, CountCalls(), Calls).active) and (
                time.monotonic() < until
            ):
                self._say(f"{going} calls go on")
                time.sleep(LOOK_S)
        except NoServer:
            return  # it does not run: nobody calls

    def _switch(self, version: str) -> None:
        system.place_units(self._place, release.release(self._place, version))
        release.use(self._place, version)

    def _prove(self, journal: Journal) -> None:
        version = journal.new
        other = Other(self._place, release.release(self._place, version))
        until = time.monotonic() + self._patience.prove_s
        while not other.is_well():
            if time.monotonic() > until:
                raise UpgradeError(
                    f"{version} was started, and is not well in the time that was given.",
                    fix="`journalctl -u appliance` says why.",
                )
            time.sleep(LOOK_S)

    # ------------------------------------------------------------------ undoing

    def undo(self, undo: Undo, journal: Journal) -> None:
        match undo:
            case "stop":
                self._manager.stop()
            case "databases":
                aside = self._aside(journal.new, journal)
                saving.put_back(Path(journal.saved), self._place.data, aside)
                self._say(f"What {journal.new} has written since lies in {aside}.")
            case "switch":
                self._switch(journal.old)
            case "release":
                self._remove(journal)
            case "start":
                self._manager.start()
            case "tidy":
                self._line.close()
                shutil.rmtree(self._scratch, ignore_errors=True)
                if "done" in journal.begun:
                    spared = (journal.old, journal.new)
                    release.prune(self._place, self._keep_releases, spared)
                journals.drop(self._place)

    def _remove(self, journal: Journal) -> None:
        used = release.current(self._place)
        if journal.made and used is not None and used.version != journal.new:
            release.remove(self._place, journal.new)

    def _aside(self, version: str, journal: Journal) -> Path:
        """Where the databases of a release that was given up are kept: each time in a
        folder of its own, or a second time would take the first one's for half done."""
        return saved_folder(self._place) / f"given-up-{version}-{journal.id}"


def saved_folder(place: Place) -> Path:
    return place.data.with_name(f"{place.data.name}.saved")


def saved_of(place: Place, version: str, before: str) -> Path:
    """The databases as `version` left them before `before` took over."""
    return saved_folder(place) / f"{version}-before-{before}"


def own_schemas() -> dict[str, int]:
    """The newest that this release knows of each database."""
    packages = {"record": "appliance.store", "access": "appliance.access"}
    return {name: migrations(package)[-1].version for name, package in packages.items()}
