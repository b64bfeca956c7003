"""From what the settings say to the files a worker opens. Never downloads anything."""

import logging
from pathlib import Path

from msgspec import Struct

from appliance.errors import ModelError
from appliance.models.files import broken, inspect
from appliance.models.manifest import SAFE_CONTEXT_FLOOR, Entry, Kind, Manifest
from appliance.models.packed import look_at_packed, packed_path, unpacked
from appliance.models.shapes import GGUF_NAME, look
from appliance.models.shelf import every_entry, find

logger = logging.getLogger(__name__)


class Model(Struct, frozen=True, kw_only=True):
    """A model that is whole. `path` is the GGUF file of a language model, and the folder
    of every other kind."""

    name: str
    path: Path
    kind: Kind
    entry: Entry | None = None  # None when the settings give a path

    @property
    def context_floor_frames(self) -> int:
        """Fewest mel frames to give a speech model, without which it invents words."""
        return self.entry.context_floor_frames if self.entry else SAFE_CONTEXT_FLOOR


def resolve(
    models_dir: Path, name_or_path: str, kind: Kind, manifest: Manifest | None = None
) -> Model:
    """The model of that name, or at that path, if all of it is there.

    A path begins with '/', './', '../' or '~'. Files are hashed only if they changed since
    they were last found right. Raises ModelError naming the file that is missing, damaged
    or half copied, and the command that mends it.
    """
    if name_or_path.startswith(("/", "./", "../", "~")):
        return _at(Path(name_or_path).expanduser(), kind)
    entry = find(models_dir, name_or_path, manifest)
    if entry.kind != kind:
        others = [e.name for e in every_entry(models_dir, manifest) if e.kind == kind]
        raise _wrong_kind(name_or_path, entry.kind, kind, f"one of {', '.join(others)}")
    folder = models_dir / entry.name
    faults = inspect(folder, entry)
    if faults or not entry.files:
        raise broken(entry, folder, faults)
    path = _gguf(folder, entry) if kind == "language" else folder
    return Model(name=entry.name, path=path.absolute(), kind=kind, entry=entry)


def _gguf(folder: Path, entry: Entry) -> Path:
    """The packed weights if they can be used, else those that were fetched."""
    if not entry.pack:
        return folder / GGUF_NAME
    if fault := look_at_packed(folder, entry):
        logger.warning("%s", unpacked(entry, fault))
        return folder / GGUF_NAME
    return packed_path(folder)


def _at(path: Path, kind: Kind) -> Model:
    shape = look(path)
    if shape.kind != kind:
        raise _wrong_kind(str(path), shape.kind, kind, "the path of one")
    found = shape.files[GGUF_NAME] if kind == "language" else path
    return Model(name=shape.name, path=found.absolute(), kind=kind)


def _wrong_kind(what: str, found: Kind, wanted: Kind, instead: str) -> ModelError:
    section = "speech" if wanted == "speech" else "advice"
    return ModelError(
        f"{what} is a {found} model; a {wanted} model is wanted here.",
        fix=f"Set `[{section}] model` to {instead}.",
    )
