"""Settings: one TOML file and the environment, read once, frozen.

A key is `[section] name` in `appliance.toml` and `APPLIANCE_SECTION_NAME` in the
environment; the environment wins. An unknown key is refused with the nearest known
name, because a misspelt setting that is ignored is found out in front of a customer.
"""

import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, field

from appliance.errors import SettingsError

PREFIX = "APPLIANCE_"
FILE_VARIABLE = "APPLIANCE_SETTINGS"


def _home(variable: str, fallback: str) -> str:
    return os.environ.get(variable) or str(Path.home() / fallback)


def _models_dir() -> str:
    return str(Path(_home("XDG_CACHE_HOME", ".cache")) / "appliance" / "models")


def _data_dir() -> str:
    return str(Path(_home("XDG_DATA_HOME", ".local/share")) / "appliance")


class ServerSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[
        int, Meta(description="Port to listen on; 0 takes a free one.", ge=0, le=65535)
    ] = 8080
    data_dir: Annotated[str, Meta(description="Folder of the session log.")] = field(
        default_factory=_data_dir
    )


class ModelsSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    dir: Annotated[
        str, Meta(description="Folder of the model files, shared by every checkout.")
    ] = field(default_factory=_models_dir)


class VadSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    threshold: Annotated[
        float, Meta(description="Speech probability that opens an utterance.", gt=0, lt=1)
    ] = 0.5
    release: Annotated[
        float,
        Meta(description="Speech probability below which a window is silence.", gt=0, lt=1),
    ] = 0.35
    start_ms: Annotated[
        int, Meta(description="Speech this long opens an utterance, in ms.", ge=32, le=1000)
    ] = 96
    hangover_ms: Annotated[
        int,
        Meta(description="Silence that closes an utterance, in ms.", ge=160, le=3000),
    ] = 480
    finished_ms: Annotated[
        int,
        Meta(description="The same after a finished sentence, in ms.", ge=160, le=3000),
    ] = 384
    speculate_ms: Annotated[
        int,
        Meta(description="Silence after which the final is decoded ahead, in ms.", ge=64),
    ] = 160
    pre_roll_ms: Annotated[
        int, Meta(description="Audio kept before the first voiced window, in ms.", ge=0)
    ] = 400
    max_utterance_ms: Annotated[
        int,
        Meta(description="Longest utterance before a cut, in ms.", ge=3000, le=25_000),
    ] = 15_000


class SpeechSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    enabled: Annotated[bool, Meta(description="Transcribe calls.")] = True
    model: Annotated[
        str,
        Meta(description="Name in models/manifest.toml, or path of a CTranslate2 folder."),
    ] = "whisper-base"
    language: Annotated[
        str, Meta(description="Language code, or `auto` to detect it for each leg.")
    ] = "auto"
    fallback_language: Annotated[
        str, Meta(description="Language taken where `auto` cannot tell.")
    ] = "en"
    device: Annotated[
        Literal["auto", "cpu", "cuda"],
        Meta(description="`cpu`, `cuda`, or `auto`: a GPU if one can be used."),
    ] = "auto"
    compute_type: Annotated[
        Literal["auto", "int8", "int8_float32", "int8_float16", "float16", "float32"],
        Meta(description="Number format; `auto` is int8 on the CPU, float16 on a GPU."),
    ] = "auto"
    processes: Annotated[
        int, Meta(description="Speech processes; 0 means one for each core, or GPU.", ge=0)
    ] = 0
    threads: Annotated[
        int, Meta(description="Threads of each of them; 0 means every core.", ge=0)
    ] = 1
    max_calls: Annotated[
        int,
        Meta(
            description="Calls transcribed at once; 0 means as many as prove possible.",
            ge=0,
        ),
    ] = 0
    partial_ms: Annotated[
        int, Meta(description="New speech between two partials at no load, in ms.", ge=100)
    ] = 300
    max_batch: Annotated[
        int, Meta(description="Most utterances decoded in one pass.", ge=1, le=64)
    ] = 4
    gpu_batch: Annotated[int, Meta(description="The same on a GPU.", ge=1, le=128)] = 16
    stall_s: Annotated[
        float, Meta(description="A pass longer than this is a hang, in s.", gt=1)
    ] = 30.0


class AdviceSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    enabled: Annotated[bool, Meta(description="Suggest what the agent could say.")] = True
    mood: Annotated[
        bool, Meta(description="Read the customer's mood from their words, for the agent.")
    ] = True
    model: Annotated[
        str, Meta(description="Name in models/manifest.toml, or path of a GGUF file.")
    ] = "qwen2.5-0.5b"
    threads: Annotated[
        int, Meta(description="Threads of the language engine; 0 means every core.", ge=0)
    ] = 0
    gpu_layers: Annotated[
        int, Meta(description="Layers on a GPU; -1: all, if llama.cpp can.", ge=-1)
    ] = -1
    max_calls: Annotated[
        int, Meta(description="Calls whose transcript is kept warm in the engine.", ge=1)
    ] = 16
    context_tokens: Annotated[
        int, Meta(description="Transcript kept for each call, in tokens.", ge=256)
    ] = 1024
    stall_s: Annotated[
        float, Meta(description="A step longer than this is a hang, in s.", gt=1)
    ] = 30.0


class CallSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    rejoin_s: Annotated[
        float,
        Meta(description="A dropped person may come back for this long, in s.", gt=0),
    ] = 60.0
    wait_s: Annotated[
        float, Meta(description="A person waits this long for a partner, in s.", gt=0)
    ] = 1800.0


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    server: ServerSettings = field(default_factory=ServerSettings)
    models: ModelsSettings = field(default_factory=ModelsSettings)
    vad: VadSettings = field(default_factory=VadSettings)
    speech: SpeechSettings = field(default_factory=SpeechSettings)
    advice: AdviceSettings = field(default_factory=AdviceSettings)
    calls: CallSettings = field(default_factory=CallSettings)


Section = Literal["server", "models", "vad", "speech", "advice", "calls"]


class Setting(Struct, frozen=True, kw_only=True):
    """One row of the README's table."""

    section: str
    name: str
    default: object
    description: str

    @property
    def variable(self) -> str:
        return f"{PREFIX}{self.section.upper()}_{self.name.upper()}"


def every_setting() -> list[Setting]:
    """All settings with their defaults and descriptions, in file order."""
    rows = []
    for section in msgspec.structs.fields(Settings):
        for known in msgspec.structs.fields(section.type):
            default = known.default
            if default is msgspec.NODEFAULT and callable(known.default_factory):
                default = known.default_factory()
            rows.append(
                Setting(
                    section=section.name,
                    name=known.name,
                    default=default,
                    description=_description(known.type),
                )
            )
    return rows


def _description(annotation: object) -> str:
    found = getattr(annotation, "__metadata__", ())
    return next((m.description or "" for m in found if isinstance(m, Meta)), "")


def read_settings(
    file: Path | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Settings of `file`, or of the one APPLIANCE_SETTINGS names; environment on top.

    Raises SettingsError for a file that is missing or not TOML, an unknown key, or a
    value of the wrong type or out of range.
    """
    environ = os.environ if environ is None else environ
    if file is None and environ.get(FILE_VARIABLE):
        file = Path(environ[FILE_VARIABLE])
    tables = {} if file is None else _read_toml(file)
    _refuse_unknown(tables, str(file))
    for section, name, text in _from_environment(environ):
        tables.setdefault(section, {})[name] = text
    try:
        # Not strict: what the environment gives is always text, "8080" and "false" too.
        return msgspec.convert(tables, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(
            f"A setting has a value that cannot be used: {error}.",
            fix="Correct it in the file or the environment; the README lists them.",
        ) from error


def _read_toml(file: Path) -> dict[str, dict[str, object]]:
    try:
        tables = tomllib.loads(file.read_text())
    except OSError as error:
        raise SettingsError(
            f"Cannot read the settings file {file}: {error.strerror}.",
            fix=f"Create it, or correct --settings or {FILE_VARIABLE}.",
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"{file} is not valid TOML: {error}.", fix="Correct that line."
        ) from error
    for section, table in tables.items():
        if not isinstance(table, dict):
            raise SettingsError(
                f"{file}: {section!r} stands outside a section.",
                fix="Put it under its section, such as [server].",
            )
    return tables


def _known() -> dict[str, list[str]]:
    return {
        section.name: [known.name for known in msgspec.structs.fields(section.type)]
        for section in msgspec.structs.fields(Settings)
    }


def _refuse_unknown(tables: Mapping[str, Mapping[str, object]], where: str) -> None:
    known = _known()
    for section, table in tables.items():
        if section not in known:
            raise SettingsError(
                f"{where}: unknown section [{section}].", fix=_hint(section, list(known))
            )
        for name in table:
            if name not in known[section]:
                raise SettingsError(
                    f"{where}: [{section}] has an unknown key {name!r}.",
                    fix=_hint(name, known[section]),
                )


def _hint(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"Rename it to {near[0]!r}." if near else f"Use one of {sorted(known)}."


def _from_environment(environ: Mapping[str, str]) -> list[tuple[str, str, str]]:
    known = {row.variable: row for row in every_setting()}
    found = []
    for variable, text in sorted(environ.items()):
        if not variable.startswith(PREFIX) or variable == FILE_VARIABLE:
            continue
        row = known.get(variable)
        if row is None:
            raise SettingsError(
                f"The environment has an unknown setting {variable}.",
                fix=_hint(variable, list(known)),
            )
        found.append((row.section, row.name, text))
    return found
