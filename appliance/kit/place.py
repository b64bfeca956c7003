"""Where things lie on a machine, or in a folder that is to become one."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from appliance.durable import sync_folder

USER = "appliance"


@dataclass(frozen=True)
class Place:
    """`root` is / but for who prepares another machine's disk, and for tests."""

    root: Path = Path("/")

    @property
    def software(self) -> Path:
        return self.root / "opt/appliance"

    @property
    def releases(self) -> Path:
        return self.software / "releases"

    @property
    def current(self) -> Path:
        return self.software / "current"

    @property
    def settings(self) -> Path:
        return self.root / "etc/appliance"

    @property
    def key(self) -> Path:
        """Whose kits are taken."""
        return self.settings / "kit.key"

    @property
    def data(self) -> Path:
        return self.root / "var/lib/appliance"

    @property
    def cache(self) -> Path:
        return self.root / "var/cache/appliance"

    @property
    def models(self) -> Path:
        return self.data / "models"

    @property
    def units(self) -> Path:
        return self.root / "etc/systemd/system"

    @property
    def command(self) -> Path:
        return self.root / "usr/local/bin/appliance"

    @property
    def is_machine(self) -> bool:
        return self.root == Path("/")

    def seen(self, path: Path) -> Path:
        """The path as it is once `root` is the root."""
        return Path("/", path.relative_to(self.root))


def write(path: Path, content: str, mode: int = 0o644) -> None:
    """Whole or not at all, also where power is lost. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123 - a handle, no path
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        os.fchmod(file.fileno(), mode)
    Path(part).replace(path)
    sync_folder(path.parent)


def point(link: Path, target: str) -> None:
    """Make `link` lead to `target`, from one moment to the next. Raises OSError."""
    part = link.with_name(f".{link.name}.new")
    part.unlink(missing_ok=True)
    part.symlink_to(target)
    part.replace(link)
    sync_folder(link.parent)
