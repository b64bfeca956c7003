"""The lock: every package that a kit for one Python has, by version and checksum.

`scripts/kit-3.11.lock` is what pip reads. It is renewed from what is installed here and
was tested, never by hand: `scripts/bundle --renew-lock`.
"""

import json
import platform
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from appliance.errors import KitError

OWN = "appliance"
INSTALLER = "pip"

# Without a wheel anywhere; built from its source, for the processors that are named.
FROM_SOURCE = "llama-cpp-python"

# The oldest glibc that a kit could run with is told by the wheels that were found.
GLIBC_MINORS = range(5, 40)

HEAD = """\
# What a kit for Python {python} holds. Made by `scripts/bundle --renew-lock`, of what is
# installed and tested here.
"""


def lock_file(root: Path, python: str) -> Path:
    return root / "scripts" / f"kit-{python}.lock"


def read_lock(path: Path) -> dict[str, str]:
    """The line of each package, by its name. Raises KitError."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        raise KitError(
            f"There is no lock for this Python: {path.name}.",
            fix="Make one, with `scripts/bundle --renew-lock --python X.Y`, where an index "
            "has torch's build for processors alone.",
        ) from None
    wanted = [line for line in lines if line and not line.startswith("#")]
    return {line.partition("==")[0]: line for line in wanted}


def renew(path: Path, python: str) -> int:
    """Write the lock anew; how many packages it has. Raises KitError."""
    pins = dict(_closure(OWN, python))
    source = f"{FROM_SOURCE}=={pins.pop(FROM_SOURCE)}"
    found = _hashes([f"{name}=={version}" for name, version in pins.items()], python)
    found |= _hashes([source], None)
    lines = [f"{pin} --hash=sha256:{sha}" for pin, sha in sorted(found.items())]
    path.write_text(HEAD.format(python=python) + "".join(f"{line}\n" for line in lines))
    return len(lines)


def _closure(root: str, python: str) -> Iterator[tuple[str, str]]:
    """What is installed here of all that `root` needs on that Python; names and versions.
    Which packages a wheel asks for is the same for each of its builds."""
    place = {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    seen, left = set[str](), [root, INSTALLER]
    while left:
        name = canonicalize_name(left.pop())
        if name in seen:
            continue
        seen.add(name)
        try:
            found = distribution(name)
        except PackageNotFoundError:
            raise KitError(
                f"{name} is not installed.", fix="Run ./scripts/setup."
            ) from None
        if name != root:
            # torch says "2.13.0+cpu"; pip is asked for 2.13.0, and finds what setup found.
            yield name, found.version.partition("+")[0]
        left += _needs(found.requires or [], place)


def _needs(requirements: list[str], place: Mapping[str, str]) -> list[str]:
    asked = [Requirement(text) for text in requirements]
    return [
        one.name for one in asked if one.marker is None or one.marker.evaluate(dict(place))
    ]


def _hashes(pins: list[str], python: str | None) -> dict[str, str]:
    """The checksum of the file that pip would take for each pin: a wheel for that Python,
    or for none the source."""
    kind = [f"--no-binary={FROM_SOURCE}"] if python is None else for_target(python)
    command = [sys.executable, "-P", "-m", "pip", "install", "--dry-run", "--quiet"]
    command += ["--ignore-installed", "--no-deps", "--report=-", *kind, *pins]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise refused("find every package", done.stderr)
    report: dict[str, Any] = json.loads(done.stdout)
    found = {}
    for one in report["install"]:
        facts = one["metadata"]
        pin = f"{canonicalize_name(facts['name'])}=={facts['version'].partition('+')[0]}"
        found[pin] = one["download_info"]["archive_info"]["hashes"]["sha256"]
    return found


def for_target(python: str) -> list[str]:
    """pip's options for wheels of that Python on this kind of machine."""
    machine = re.sub(r"\W", "_", sys.platform + "_" + platform.machine())
    tags = [f"manylinux_2_{minor}_{platform.machine()}" for minor in reversed(GLIBC_MINORS)]
    tags += [f"manylinux{year}_{platform.machine()}" for year in ("2014", "2010", "1")]
    named = [f"--platform={tag}" for tag in (*tags, machine)]
    # Only said to silence pip, which would refuse to install for another Python here.
    return ["--only-binary=:all:", f"--python-version={python}", "--target=nowhere", *named]


def refused(what: str, said: str) -> KitError:
    errors = [line for line in said.splitlines() if line.startswith("ERROR")] or [
        "no reason"
    ]
    return KitError(
        f"pip could not {what}: {errors[-1].removeprefix('ERROR: ')}.",
        fix="Check the network and which index pip is set to (`pip config list`).",
    )
