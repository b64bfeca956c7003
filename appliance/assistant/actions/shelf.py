"""The site's classifiers on the disk: numbered, each written whole or not at all."""

from pathlib import Path

from appliance.assistant.actions.classifier import Classifier, File, read
from appliance.errors import ModelError
from appliance.models.files import replace_with

FOLDER = "actions"  # within the data folder
SUFFIX = ".model"
KEPT = 3  # the newest is used; to go back, delete it


def versions(folder: Path) -> list[Path]:
    """Oldest first."""
    files = [file for file in folder.glob(f"*{SUFFIX}") if file.stem.isdecimal()]
    return sorted(files, key=lambda file: int(file.stem))


def newest(folder: Path) -> tuple[File, Classifier] | None:
    """The one in use, None where the site has none. Raises ModelError if it cannot be
    read."""
    before = versions(folder)
    return read_version(before[-1]) if before else None


def read_version(path: Path) -> tuple[File, Classifier]:
    """Raises ModelError if it cannot be read."""
    try:
        return read(path.read_bytes())
    except OSError as error:
        raise ModelError(
            f"Cannot read the action classifier {path}: {error.strerror}.",
            fix="Give the file to the service's account, or train it anew.",
        ) from error


def install(folder: Path, data: bytes) -> Path:
    """Write `data` as the newest version; of the others some stay. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    before = versions(folder)
    number = int(before[-1].stem) + 1 if before else 1
    target = folder / f"{number:04}{SUFFIX}"
    replace_with(target, data)
    for old in before[: len(before) + 1 - KEPT]:
        old.unlink()
    return target
