"""The command line of another release, run as the service's user: it knows itself best."""

import os
import pwd
import subprocess
from collections.abc import Mapping
from pathlib import Path

import msgspec

from appliance.errors import UpgradeError
from appliance.kit.place import USER, Place
from appliance.kit.release import Release

# A call is played at the speed of life, after the models were loaded.
REHEARSAL_S = 900.0
STATUS_S = 60.0


class Other:
    def __init__(self, place: Place, release: Release) -> None:
        self._place = place
        self._user = _service_user() if place.is_machine else None
        self.release = release

    def schemas(self) -> dict[str, int]:
        """The newest that it knows of each database. Raises UpgradeError."""
        said = self._ask("rehearse", "--schemas", limit_s=STATUS_S)
        try:
            return msgspec.json.decode(said, type=dict[str, int])
        except msgspec.MsgspecError as error:
            raise UpgradeError(
                f"Release {self.release.version} does not say what it knows: {error}.",
                fix="Take a kit that was made by scripts/bundle.",
            ) from error

    def rehearse(self, data: Path) -> str:
        """Has it open the databases there, and transcribe a call; what it says of that, in
        lines. Raises UpgradeError."""
        return self._ask("rehearse", "--data-dir", str(data), limit_s=REHEARSAL_S)

    def is_well(self) -> bool:
        """Whether the service that answers is this release, and all of it works."""
        try:
            said = self._ask("status", limit_s=STATUS_S)
        except UpgradeError:
            return False
        return said.startswith(f"appliance {self.release.version},")

    def _ask(self, *arguments: str, limit_s: float) -> str:
        try:
            done = subprocess.run(
                # Not its script, which names the root that it will once have.
                [self.release.folder / "bin/python", "-P", "-m", "appliance", *arguments],
                env=self._environ(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=limit_s,
                check=False,
                user=self._user,
                group=self._user,
                extra_groups=None if self._user is None else [],
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise UpgradeError(
                f"Release {self.release.version} cannot be run: {error}.",
                fix="Take another kit.",
            ) from error
        if done.returncode:
            raise _told(self.release.version, done.stderr)
        return done.stdout

    def _environ(self) -> Mapping[str, str]:
        """As its unit has it."""
        place = self._place
        own = {
            "APPLIANCE_SETTINGS": str(place.settings / "appliance.toml"),
            "APPLIANCE_SERVER_DATA_DIR": str(place.data),
            "APPLIANCE_MODELS_DIR": str(place.models),
            "HOME": str(place.data),
            "XDG_CACHE_HOME": str(place.cache),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        kept = ("PATH", "LANG", "TMPDIR")
        return {name: os.environ[name] for name in kept if name in os.environ} | own


def _service_user() -> str | None:
    """None where this is no root who could become it, or there is no such user."""
    try:
        pwd.getpwnam(USER)
    except KeyError:
        return None
    return USER if os.getuid() == 0 else None


def _told(version: str, said: str) -> UpgradeError:
    """What its command line tells, in its own two lines."""
    lines = dict(line.split(":", 1) for line in said.splitlines() if ":" in line)
    problem = (
        lines.get("Error", "").strip() or (said.strip().splitlines() or ["nothing"])[-1]
    )
    fix = lines.get("Fix", "").strip() or "See to it, then try again."
    return UpgradeError(f"Release {version} says: {problem}", fix=fix)
