"""What the manifest says: which models there are, of which files, from where."""

import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct, field

from appliance.errors import ModelError

Kind: TypeAlias = Literal["speech", "language", "embedding"]

# A name becomes a folder, so it must not be able to leave the models folder.
Name: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._+-]*$", max_length=80)]
Digest: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Recipe: TypeAlias = Literal["iq4_nl", ""]
Package: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][\w.-]*==[\w.!+]+$")]

# Below this Whisper models invent words on a short utterance; the manifest has measured
# values, and a model nobody measured gets the one that was safe for every model tried.
SAFE_CONTEXT_FLOOR = 1500


class ModelFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(pattern=r"^[\w-][\w.-]*(/[\w-][\w.-]*)*$")]
    bytes: Annotated[int, Meta(gt=0)]
    sha256: Digest
    members: str = ""  # pattern over the names inside the packages' wheels


class Entry(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"files": "file"}
):
    """One model."""

    name: Name
    kind: Kind
    description: str
    licence: str
    memory_mb: Annotated[int, Meta(ge=0)]
    aliases: tuple[Name, ...] = ()
    default: bool = False
    import_only: bool = False  # no package carries it; a site brings its own copy
    size_mb: Annotated[int, Meta(ge=0)] = 0  # estimate, where no files are listed
    languages: Literal["multilingual", "en", ""] = ""  # speech only
    context_floor_frames: Annotated[int, Meta(ge=0, le=3000)] = 0  # speech only
    pack: Recipe = ""  # language only: which weights to make for this machine's kernels
    packed_mb: Annotated[int, Meta(ge=0)] = 0  # what they take beside the files
    packages: tuple[Package, ...] = ()
    files: tuple[ModelFile, ...] = ()

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files) or self.size_mb * 1_000_000

    def __post_init__(self) -> None:
        # msgspec turns a ValueError raised here into its own error with the path.
        if self.kind == "speech" and not (self.languages and self.context_floor_frames):
            raise ValueError(f"{self.name} needs `languages` and `context_floor_frames`")
        if bool(self.pack) != bool(self.packed_mb) or (
            self.pack and self.kind != "language"
        ):
            raise ValueError(f"{self.name}: `pack` and `packed_mb`, of a language model")
        if not self.import_only and not (self.packages and self.files):
            raise ValueError(f"{self.name} needs `packages` and files, or `import_only`")


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: Literal[1]
    models: tuple[Entry, ...] = field(name="model", default=())

    def __post_init__(self) -> None:
        names = [name for entry in self.models for name in (entry.name, *entry.aliases)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"these names are used twice: {', '.join(twice)}")

    def get(self, name: str) -> Entry | None:
        """The entry of that name or alias."""
        return next((e for e in self.models if name in (e.name, *e.aliases)), None)

    def defaults(self) -> tuple[Entry, ...]:
        """What a new box is set up with."""
        return tuple(entry for entry in self.models if entry.default)


def unknown_name(name: str, known: list[str]) -> ModelError:
    """The error for a name nobody knows, with the nearest one as its fix."""
    near = get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    return ModelError(
        f"There is no model called {name!r}.",
        fix=f"{hint}`appliance models list` shows the names; a path to a model works too.",
    )


def manifest_path() -> Path:
    """Where the manifest lies: in the installed package, else in the checkout."""
    packaged = Path(__file__).with_name("manifest.toml")
    checkout = Path(__file__).parents[2] / "models" / "manifest.toml"
    return packaged if packaged.is_file() else checkout


def load_manifest(path: Path | None = None) -> Manifest:
    """Read and check the manifest. Raises ModelError."""
    path = manifest_path() if path is None else path
    tables: dict[str, object] = {}
    try:
        tables = tomllib.loads(path.read_bytes().decode())
        return msgspec.convert(tables, Manifest)
    except OSError as error:
        raise ModelError(
            f"Cannot read the model manifest {path}: {error.strerror}.",
            fix="Restore the file from the release; without it no model can be checked.",
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ModelError(
            f"The model manifest {path} cannot be used: {_which(error, tables)}.",
            fix="Correct that entry, or restore the file from the release.",
        ) from error


def _which(error: Exception, tables: dict[str, object]) -> str:
    """The error with the model's name in it: `$.model[7]` makes people count tables."""
    text = str(error)
    place = re.search(r"\$\.model\[(\d+)\]", text)
    models = tables.get("model")
    if place is None or not isinstance(models, list):
        return text
    found = models[int(place.group(1))]
    name = found.get("name", "unnamed") if isinstance(found, dict) else "unnamed"
    return f"model {name!r}: {text}"
