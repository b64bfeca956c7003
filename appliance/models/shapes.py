"""What a model of each kind looks like on disk, told without loading it.

For models nobody has a checksum of: what was cut off, mixed up or converted for another
engine is refused here with a sentence, and not later by a crash in a native library.
"""

import json
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from appliance.errors import ModelError
from appliance.models.binaries import read_safetensors, read_whisper
from appliance.models.gguf import BadHeader, read_gguf
from appliance.models.manifest import Kind

WHISPER_FILES = ("model.bin", "config.json", "tokenizer.json")
WHISPER_VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
WHISPER_EXTRAS = ("preprocessor_config.json",)  # large-v3: 128 mel bands instead of 80
EMBEDDING_FILES = ("model.safetensors", "config.json", "tokenizer.json")
EMBEDDING_EXTRAS = (
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.txt",
    "modules.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
    "1_Pooling/config.json",
)
GGUF_NAME = "model.gguf"


class Shape(Struct, frozen=True, kw_only=True):
    """A model that was found. `files` maps the names we keep to where they lie now."""

    kind: Kind
    name: str  # from the folder or file
    files: dict[str, Path]

    @property
    def bytes(self) -> int:
        return sum(path.stat().st_size for path in self.files.values())


def look(path: Path) -> Shape:
    """Find out what lies at `path`. Raises ModelError if it is no whole model."""
    if path.is_file():
        return _gguf(path)
    if not path.is_dir():
        raise ModelError(
            f"There is nothing at {path}.",
            fix="Check the path; if it is a stick, check that it is mounted.",
        )
    if (path / "model.bin").exists():
        return whisper(path)
    if (path / "model.safetensors").exists():
        return _embedding(path)
    ggufs = sorted(path.glob("*.gguf"))
    if len(ggufs) == 1:
        return _gguf(ggufs[0])
    raise _no_model(path, ggufs)


def _no_model(path: Path, ggufs: list[Path]) -> ModelError:
    if ggufs:
        names = ", ".join(gguf.name for gguf in ggufs)
        return ModelError(
            f"{path} holds several GGUF files: {names}.",
            fix="Give the path of one of them; join a split model with llama-gguf-split.",
        )
    inner = [
        child.name
        for child in sorted(path.iterdir())
        if (child / "model.bin").exists() or any(child.glob("*.gguf"))
    ]
    if inner:
        return ModelError(
            f"{path} holds several models: {', '.join(inner)}.",
            fix=f"Give the path of one, such as {path / inner[0]}.",
        )
    return ModelError(
        f"{path} is not a model we can use: no model.bin, no .gguf file.",
        fix="Give a Whisper folder converted for CTranslate2 (model.bin, config.json, "
        "tokenizer.json, vocabulary) or a GGUF file.",
    )


def whisper(folder: Path) -> Shape:
    """A Whisper model converted for CTranslate2. Raises ModelError."""
    absent = [name for name in WHISPER_FILES if not (folder / name).is_file()]
    vocabularies = [name for name in WHISPER_VOCABULARIES if (folder / name).is_file()]
    if not vocabularies:
        absent.append("vocabulary.json")
    if absent:
        raise _incomplete(folder, absent)
    _json_file(folder / "config.json")
    _json_file(folder / "tokenizer.json")
    _whole(folder / "model.bin", read_whisper)
    extras = [name for name in WHISPER_EXTRAS if (folder / name).is_file()]
    names = (*WHISPER_FILES, *vocabularies, *extras)
    return _shape("speech", folder, names)


def _embedding(folder: Path) -> Shape:
    absent = [name for name in EMBEDDING_FILES if not (folder / name).is_file()]
    if absent:
        raise _incomplete(folder, absent)
    _json_file(folder / "tokenizer.json")
    _whole(folder / "model.safetensors", read_safetensors)
    extras = [name for name in EMBEDDING_EXTRAS if (folder / name).is_file()]
    return _shape("embedding", folder, (*EMBEDDING_FILES, *extras))


def _gguf(file: Path) -> Shape:
    _whole(file, lambda file: read_gguf(file).needed_bytes)
    name = file.resolve().parent.name if file.name == GGUF_NAME else file.stem
    return Shape(kind="language", name=name, files={GGUF_NAME: file})


def _shape(kind: Kind, folder: Path, names: tuple[str, ...]) -> Shape:
    return Shape(
        kind=kind, name=folder.resolve().name, files={name: folder / name for name in names}
    )


def _incomplete(folder: Path, absent: list[str]) -> ModelError:
    return ModelError(
        f"The model in {folder} is not complete: {', '.join(absent)} missing.",
        fix="Copy the whole folder again from where the model comes from.",
    )


def _unreadable(file: Path, error: OSError) -> ModelError:
    return ModelError(
        f"Cannot read {file}: {error.strerror}.",
        fix="Check the stick or disk and the rights of the file, or copy it again.",
    )


def _json_file(file: Path) -> None:
    try:
        json.loads(file.read_bytes())
    except OSError as error:
        raise _unreadable(file, error) from error
    except ValueError as error:
        raise ModelError(
            f"{file} is damaged: it is not JSON.", fix="Copy it again."
        ) from error


def _whole(file: Path, needed_bytes: Callable[[Path], int]) -> None:
    try:
        needed = needed_bytes(file)
        size = file.stat().st_size
    except OSError as error:
        raise _unreadable(file, error) from error
    except BadHeader as error:
        raise ModelError(
            f"{file} cannot be used: {error}.",
            fix="Copy it again, or give a GGUF file or a Whisper folder for CTranslate2.",
        ) from error
    if size < needed:
        raise ModelError(
            f"{file} is half copied: {size:,} of at least {needed:,} bytes.",
            fix="Copy it again and wait until the stick may be taken out.",
        )
