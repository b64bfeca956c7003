"""The site's own classifier as it lies on the disk now: one that is trained while calls go
on is used from its installation on."""

import logging
from pathlib import Path

import anyio
from anyio import to_thread

from appliance.assistant.actions.classifier import Classifier, File
from appliance.assistant.actions.shelf import read_version, versions
from appliance.errors import ApplianceError, ModelError

log = logging.getLogger(__name__)

# Somebody who has trained one looks soon whether it is used; a look costs nothing.
LOOK_S = 10.0


class Own:
    """What `classifier` is changes while the box runs; ask for it anew each time."""

    def __init__(self, folder: Path, known: tuple[str, ...]) -> None:
        """`known` is the site's list of actions. Reads the newest; one that cannot be used
        must not keep the box from starting."""
        self._folder = folder
        self._known = frozenset(known)
        self._seen: tuple[str, int] | None = None  # name and time of what was read
        self.classifier: Classifier | None = None  # None: the language model chooses
        self.problem: ApplianceError | None = None  # with the newest
        self.read_again()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await anyio.sleep(LOOK_S)
            await to_thread.run_sync(self.read_again)

    def read_again(self) -> None:
        """Use the newest if it is another than before. With one that cannot be used,
        everything stays as it was, and the log says so. Blocks."""
        try:
            newest = self._newest()
            if newest is None:
                return
            self.classifier, self.problem = self._read(newest), None
        except ApplianceError as error:
            self.problem = error
            log.error("%s %s Until then nothing changes.", error.problem, error.fix)  # noqa: TRY400 - the fault is in the file

    def _newest(self) -> Path | None:
        """None if it is what was read before."""
        found = versions(self._folder)
        if not found:
            self._nothing_left()
            return None
        seen = (found[-1].name, _changed(found[-1]))
        if seen == self._seen:
            return None
        self._seen = seen
        return found[-1]

    def _nothing_left(self) -> None:
        if self._seen is not None:
            self._seen = self.classifier = self.problem = None
            log.info("No action classifier is left: the language model chooses.")

    def _read(self, path: Path) -> Classifier:
        file, classifier = read_version(path)
        if unknown := set(classifier.labels) - self._known:
            raise ModelError(
                f"The action classifier {path} has labels that are not in [advice] "
                f"actions: {', '.join(sorted(unknown))}.",
                fix="Train it anew, or add them and start again.",
            )
        log.info("%s", _told(path, file))
        return classifier


def _changed(path: Path) -> int:
    """When, in ns; 0 for a file that is gone again, which the next look finds out."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _told(path: Path, file: File) -> str:
    return (
        f"actions are chosen by {path.name}, trained {file.trained:%Y-%m-%d %H:%M} on "
        f"{file.source}, right in {file.figures.accuracy:.1%}"
    )
