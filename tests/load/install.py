"""A real kit, installed where nothing is: no network, a root of its own, no systemd.

    python -m tests.load.install KIT                    this machine's programs, alone
    python -m tests.load.install KIT --suite bookworm   a Debian made anew, by mmdebstrap

Installs, plays a sample call through what was installed, of which words and advice have to
come, installs again over it, removes it and, in the end, its data; says how long each took
and what it takes. For root alone.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.kit.clean_root import borrow, debian, within

SAMPLE = "lost-bank-card"
COMMAND = "/usr/local/bin/appliance"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kit", type=Path)
    parser.add_argument("--suite", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="appliance-root-") as folder:
        root = Path(folder)
        if given.suite:
            debian(root, given.suite)
        else:
            borrow(root)
        kit = given.kit.absolute()
        _step(root, kit, "install", "/kit/install", "--lan", "10.1.0.0/16")
        said = _step(root, kit, "a call", COMMAND, "replay", "--sample", SAMPLE, "--plain")
        for label in (" customer: ", " advice: ["):
            if label not in said:
                sys.exit(f"the call has no line with{label}")
        _step(root, kit, "doctor", COMMAND, "doctor", check=False)
        _step(root, kit, "again", "/kit/install")
        _step(root, kit, "uninstall", "/kit/install", "--uninstall")
        left = sorted(p.name for p in (root / "var/lib/appliance").iterdir())
        print(f"left after it: {', '.join(left)}")
        _step(root, kit, "purge", "/kit/install", "--uninstall", "--purge")
        left = [
            p
            for p in ("opt/appliance", "etc/appliance", "var/lib/appliance")
            if (root / p).exists()
        ]
        print(f"left after that: {', '.join(left) or 'nothing'}")


def _step(root: Path, kit: Path, name: str, *command: str, check: bool = True) -> str:
    print(f"--- {name}: {' '.join(command)}", flush=True)
    begun = time.monotonic()
    done = within(root, kit, *command)
    print(done.stdout + done.stderr, end="")
    print(
        f"--- {name}: {time.monotonic() - begun:.0f} s, status {done.returncode}",
        flush=True,
    )
    if check and done.returncode:
        sys.exit(1)
    return done.stdout


if __name__ == "__main__":
    main()
