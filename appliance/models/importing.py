"""Bring a model in from a stick: check its shape, copy and hash it beside, then rename."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec

from appliance.errors import ModelError
from appliance.models.files import CHUNK, OnStep, Step, digest, inspect, unheard
from appliance.models.lock import exclusive
from appliance.models.manifest import (
    SAFE_CONTEXT_FLOOR,
    Entry,
    Manifest,
    ModelFile,
    load_manifest,
)
from appliance.models.shapes import WHISPER_VOCABULARIES, Shape, look
from appliance.models.shelf import every_entry, write_record
from appliance.models.wheels import room_for

# OpenAI's English-only vocabulary has 51,864 tokens; one more makes it multilingual.
ENGLISH_VOCABULARY = 51_864


def import_path(
    models_dir: Path,
    source: Path,
    *,
    name: str | None = None,
    manifest: Manifest | None = None,
    on_step: OnStep = unheard,
) -> Entry:
    """Copy the model at `source` into the models folder and return what it is known as.

    If its checksums are those of a manifest entry it gets that name; else `name`, else the
    name of its folder or file. Raises ModelError if it is no whole model, the disk is too
    small, or the name belongs to other files.
    """
    manifest = load_manifest() if manifest is None else manifest
    shape = look(source)
    wanted = _checked_name(shape, name, manifest)
    if there := _already_here(models_dir, shape, wanted, manifest):
        return there
    with exclusive(models_dir, "import", on_step), _staging(models_dir) as staging:
        room_for(models_dir, shape.bytes)
        files = tuple(
            _copy(file, path, staging / file, on_step) for file, path in shape.files.items()
        )
        entry = _same_as(files, manifest, name) or _named(wanted, shape, files, manifest)
        with exclusive(models_dir, entry.name, on_step):
            _place(models_dir, staging, entry, manifest)
    return entry


def _checked_name(shape: Shape, name: str | None, manifest: Manifest) -> str:
    """The name to use if no checksum tells better; refused before gigabytes are copied."""
    wanted = re.sub(r"[^a-z0-9._+-]+", "-", (name or shape.name).lower()).strip("-._+")
    if not wanted or (name is not None and wanted != name):
        raise ModelError(
            f"{name or shape.name!r} cannot be a model's name.",
            fix="Give one with --name: lower-case letters, digits, '.', '_', '+' and '-'.",
        )
    known = manifest.get(wanted)
    if known and known.kind != shape.kind:
        raise ModelError(
            f"This is a {shape.kind} model; {known.name} is a {known.kind} model.",
            fix="Give it another name with --name.",
        )
    return known.name if known else wanted


def _already_here(
    models_dir: Path, shape: Shape, name: str, manifest: Manifest
) -> Entry | None:
    """The model of that name, if it is whole and the same: left as it is, with what was
    packed of it. An upgrade brings in models that the running service has open."""
    known = {entry.name: entry for entry in every_entry(models_dir, manifest)}.get(name)
    if known is None or not known.files or inspect(models_dir / name, known):
        return None
    same = all(_is(shape.files.get(file.name), file) for file in known.files)
    return known if same else None


def _is(path: Path | None, file: ModelFile) -> bool:
    try:
        if path is None or path.stat().st_size != file.bytes:
            return False
        return digest(path, file.name) == file.sha256
    except OSError:
        return False  # it is told of where it is copied


@contextmanager
def _staging(models_dir: Path) -> Iterator[Path]:
    for leftover in models_dir.glob(".import-*"):  # we hold the lock, so nobody's
        shutil.rmtree(leftover, ignore_errors=True)
    staging = models_dir / f".import-{os.getpid()}"
    staging.mkdir()
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _copy(name: str, source: Path, target: Path, on_step: OnStep) -> ModelFile:
    sha, done = hashlib.sha256(), 0
    try:
        total = source.stat().st_size
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as read, target.open("wb") as write:
            while chunk := read.read(CHUNK):
                sha.update(chunk)
                write.write(chunk)
                done += len(chunk)
                on_step(Step(text=f"copying {name}", done=done, total=total))
            write.flush()
            os.fsync(write.fileno())
    except OSError as error:
        raise ModelError(
            f"Copying {source} failed: {error.strerror}.",
            fix="Check the stick and the disk, then run the same command again.",
        ) from error
    return ModelFile(name=name, bytes=done, sha256=sha.hexdigest())


def _same_as(
    files: tuple[ModelFile, ...], manifest: Manifest, name: str | None
) -> Entry | None:
    """The manifest entry these files are, unless the caller asks for another name."""
    digests = {(file.name, file.sha256) for file in files}
    for entry in manifest.models:
        ours = {(file.name, file.sha256) for file in entry.files}
        if ours and ours <= digests and name in (None, entry.name, *entry.aliases):
            return entry
    return None


def _named(
    name: str, shape: Shape, files: tuple[ModelFile, ...], manifest: Manifest
) -> Entry:
    known = manifest.get(name)
    if known is None:
        return _own(name, shape, files)
    if not known.files:
        return msgspec.structs.replace(known, files=files)
    digests = {file.name: file.sha256 for file in files}
    wrong = [file.name for file in known.files if digests.get(file.name) != file.sha256]
    raise ModelError(
        f"This is not {name}, or it was damaged on the way: {', '.join(wrong)} differ.",
        fix="Copy it to the stick again; if it is meant to be another model, give it a "
        "name of its own with --name.",
    )


def _own(name: str, shape: Shape, files: tuple[ModelFile, ...]) -> Entry:
    """An entry for a model the manifest does not know."""
    speech = shape.kind == "speech"
    return Entry(
        name=name,
        kind=shape.kind,
        description="Brought in by this site.",
        licence="not recorded",
        # Weights, and a fifth on top for what the engine keeps beside them.
        memory_mb=round(shape.bytes * 1.2 / 1e6),
        import_only=True,
        languages=_languages(shape) if speech else "",
        context_floor_frames=SAFE_CONTEXT_FLOOR if speech else 0,
        files=files,
    )


def _languages(shape: Shape) -> Literal["multilingual", "en"]:
    vocabulary = next(shape.files[n] for n in WHISPER_VOCABULARIES if n in shape.files)
    content = vocabulary.read_bytes()
    is_json = vocabulary.suffix == ".json"
    tokens = len(json.loads(content)) if is_json else content.count(b"\n")
    return "multilingual" if tokens > ENGLISH_VOCABULARY else "en"


def _place(models_dir: Path, staging: Path, entry: Entry, manifest: Manifest) -> None:
    """Swap the copy in, unless the name is taken by another whole model."""
    target = models_dir / entry.name
    before = {e.name: e for e in every_entry(models_dir, manifest)}.get(entry.name)
    whole = before is not None and bool(before.files) and not inspect(target, before)
    if before and whole and before.files != entry.files:
        raise ModelError(
            f"Another model is already here under the name {entry.name}.",
            fix=f"Give this one another name with --name, or first run "
            f"`appliance models remove {entry.name}`.",
        )
    if entry.import_only:
        write_record(staging, entry)
    inspect(staging, entry)  # leaves the stamp, so that the first start need not hash
    old = models_dir / f".removed-{entry.name}"
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.replace(old)
    staging.replace(target)
    shutil.rmtree(old, ignore_errors=True)
