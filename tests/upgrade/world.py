"""A machine in a folder: two small releases, a record that is a text file, and a service
that is started by a script. The releases are stand-ins; what takes one up for the other is
the real thing.

The record's first line is its schema, each other line is a call that was acknowledged. A
release brings the schema up to its own when it starts, and takes one call.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from appliance.bundle.signing import Signer
from appliance.kit import release
from appliance.kit.checking import check
from appliance.kit.machine import look
from appliance.kit.place import Place, write
from appliance.upgrade.hands import own_schemas
from tests.kit.tiny import signer, tiny_kit

HERE = Path(__file__).resolve().parents[2]
OLD, NEW = "0.1.0", "0.2.0"

PROGRAM = '''
"""A release that is small."""
import json, os, sys
from pathlib import Path
from appliance import __version__

SCHEMAS = {schemas}
FAULT = {fault!r}

def migrate(data):
    record = data / "appliance.duckdb"
    schema, *calls = record.read_text().splitlines()
    if int(schema) > SCHEMAS["record"]:
        sys.exit("Error: the record has a newer schema\\nFix:   Install the newer version.")
    part = data / "appliance.duckdb.tmp"
    part.write_text("\\n".join([str(SCHEMAS["record"]), *calls]) + "\\n")
    part.replace(record)

def main():
    data = Path(os.environ["APPLIANCE_SERVER_DATA_DIR"])
    state = data.parent / "running"
    match sys.argv[1:]:
        case ["rehearse", "--schemas"]:
            print(json.dumps(SCHEMAS))
        case ["rehearse", "--data-dir", folder]:
            migrate(Path(folder))
            if FAULT == "rehearse":
                sys.exit("Error: no word was heard.\\nFix:   Take another kit.")
            print("The databases are ready after 1 s.")
        case ["start"]:
            migrate(data)
            with (data / "appliance.duckdb").open("a") as record:
                record.write(f"a call that {{__version__}} took\\n")
            if FAULT != "start":
                state.write_text(__version__)
        case ["status"]:
            if not state.exists() or state.read_text() != __version__:
                sys.exit("Error: The box does not answer.\\nFix:   Start it.")
            print(f"appliance {{__version__}}, process 1: all of it works")

if __name__ == "__main__":
    main()
'''

SERVICE = """\
#!/bin/sh
set -eu
unset PYTHONPATH
export APPLIANCE_SERVER_DATA_DIR={data}
rm -f {data}/../running
[ "$1" = stop ] || {current}/bin/python -P -m appliance start
"""


def program(schema: int, fault: str = "") -> str:
    schemas = {**own_schemas(), "record": schema}
    return PROGRAM.format(schemas=schemas, fault=fault)


class World:
    """One machine, on which OLD runs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.place = Place(root)

    @classmethod
    def make(cls, folder: Path) -> tuple["World", Signer]:
        world, by = cls(folder / "root"), signer(folder)
        kit = tiny_kit(folder / "kit-old", by, OLD, program(own_schemas()["record"]))
        place = world.place
        world.build(kit)
        release.use(place, OLD)
        write(place.key, by.public + "\n")
        place.data.mkdir(parents=True)
        (place.data / "access").mkdir()
        (place.data / "access/access.duckdb").write_text("accounts\n")
        (place.data / "appliance.duckdb").write_text(f"{own_schemas()['record']}\n")
        world.service.write_text(SERVICE.format(data=place.data, current=place.current))
        return world, by

    def build(self, kit: Path) -> None:
        """Its release, beside those that are there."""
        listing = check(kit, None)
        python = next(iter(look(listing, ()).pythons.values()))
        release.build(kit, listing, self.place, python)

    def know(self, version: str, schema: int) -> None:
        """Have that release know no more than this schema, and the record be of it."""
        folder = release.release(self.place, version).folder
        [main] = folder.glob("lib/python*/site-packages/appliance/__main__.py")
        main.write_text(program(schema))
        record = self.place.data / "appliance.duckdb"
        record.write_text("\n".join([str(schema), *self.calls]) + "\n")

    def moved_to(self, root: Path) -> "World":
        """A copy of it."""
        shutil.copytree(self.root, root, symlinks=True)
        copied = World(root)
        text = SERVICE.format(data=copied.place.data, current=copied.place.current)
        copied.service.write_text(text)
        return copied

    @property
    def service(self) -> Path:
        return self.root / "service"

    def start(self) -> None:
        subprocess.run(["sh", self.service, "start"], check=True)

    def run(self, *arguments: str, cut: int = 0) -> "subprocess.CompletedProcess[str]":
        """`appliance ARGUMENTS` about this machine; with `cut`, killed at that point."""
        command = [sys.executable, "-m", "tests.upgrade.cut", str(cut), *arguments]
        command += ["--root", str(self.root), "--service", f"sh {self.service}"]
        return subprocess.run(
            command,
            cwd=HERE,
            env={**os.environ, "PYTHONPATH": str(HERE)},
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )

    # ------------------------------------------------------------------ how it is

    @property
    def used(self) -> str:
        found = release.current(self.place)
        assert found is not None
        return found.version

    @property
    def runs(self) -> str:
        """The release that answers; "" where none does."""
        state = self.place.data.parent / "running"
        return state.read_text() if state.exists() else ""

    @property
    def record(self) -> list[str]:
        return (self.place.data / "appliance.duckdb").read_text().splitlines()

    @property
    def calls(self) -> list[str]:
        return self.record[1:]

    @property
    def set_aside(self) -> list[str]:
        """Calls in databases that were given up, and are kept."""
        saved = self.place.data.with_name("appliance.saved")
        found = sorted(saved.glob("given-up-*/appliance.duckdb"))
        return [line for path in found for line in path.read_text().splitlines()[1:]]

    @property
    def journal(self) -> Path:
        return self.place.software / "upgrade.json"
