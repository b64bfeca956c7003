"""Kits that are whole and signed, and no good: what an upgrade has to go back from.

Made of a real kit and its key; what does not change is linked and takes no room.
"""

import os
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias

from appliance.bundle.repacking import repack
from appliance.bundle.signing import read
from appliance.kit.checking import check
from appliance.kit.listing import NAME, SIGNATURE, list_files

Fault: TypeAlias = Literal["migration", "model", "start"]

MIGRATIONS = "appliance/store/migrations"
SERVE = "appliance/cli/serve.py"
# Where it would say that it serves: the record is open, and of the newer schema.
SERVES = "    host, port = listener.getsockname()[:2]\n"
DIES = "    if port == 8080:\n        signal.raise_signal(signal.SIGKILL)\n"


def broken(kit: Path, to: Path, fault: Fault, key: Path) -> Path:
    """`migration`: one fails. `model`: one that is not what the manifest says. `start`: a
    newer schema, and the service dies once it has written it."""
    shutil.copytree(kit, to, copy_function=os.link)
    match fault:
        case "model":
            _damage(max((to / "models").rglob("*"), key=lambda path: path.stat().st_size))
        case "migration":
            _change(
                to, _next_migration(to, "ALTER TABLE nobody ADD COLUMN more INTEGER;\n")
            )
        case "start":
            serve = _wheel(to, SERVE).replace(SERVES, SERVES + DIES)
            newer = _next_migration(to, "CREATE TABLE newer (nothing INTEGER);\n")
            _change(to, {SERVE: serve.encode(), **newer})
    signer = read(key)
    content = replace(check(kit, signer.public), files=list_files(to)).encode()
    for name in (NAME, SIGNATURE):
        (to / name).unlink()  # a link to the good one's
    (to / NAME).write_bytes(content)
    (to / SIGNATURE).write_text(f"{signer.sign(content)}\n")
    return to


def _damage(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.unlink()
    file.write_bytes(content)


def _next_migration(kit: Path, sql: str) -> dict[str, bytes]:
    with zipfile.ZipFile(_own(kit)) as archive:
        names = archive.namelist()
    newest = max(int(m[1]) for n in names if (m := re.match(rf"{MIGRATIONS}/(\d+)_", n)))
    return {f"{MIGRATIONS}/{newest + 1:04}_next.sql": sql.encode()}


def _change(kit: Path, files: dict[str, bytes]) -> None:
    wheel = _own(kit)
    changed = wheel.with_suffix(".new")
    repack(wheel, changed, files)
    changed.replace(wheel)


def _wheel(kit: Path, name: str) -> str:
    with zipfile.ZipFile(_own(kit)) as archive:
        return archive.read(name).decode()


def _own(kit: Path) -> Path:
    [wheel] = kit.glob("wheels/appliance-*.whl")
    return wheel
