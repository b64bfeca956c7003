"""One TOML file and the environment become frozen settings, or are refused with a hint."""

import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

import msgspec
from msgspec import Meta, Struct

from appliance.errors import SettingsError
from appliance.settings.sections import Settings

PREFIX = "APPLIANCE_"
FILE_VARIABLE = "APPLIANCE_SETTINGS"
TOKEN_VARIABLE = "APPLIANCE_TOKEN"  # noqa: S105 - of a client: no setting of the box


class Setting(Struct, frozen=True, kw_only=True):
    """One row of the handbook's table."""

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
    for section, name, value in _from_environment(environ):
        tables.setdefault(section, {})[name] = value
    try:
        # Not strict: what the environment gives is always text, "8080" and "false" too.
        return msgspec.convert(tables, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(
            f"A setting has a value that cannot be used: {error}.",
            fix="Correct it in the file or the environment; `appliance handbook settings` "
            "lists them.",
        ) from error


def _read_toml(file: Path) -> dict[str, dict[str, object]]:
    try:
        tables = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(
            f"Cannot read the settings file {file}: {error.strerror}.",
            fix=f"Create it, or correct --settings or {FILE_VARIABLE}.",
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{file} is not UTF-8, as TOML has to be: byte {error.start}.",
            fix="Save it as UTF-8.",
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


def _from_environment(environ: Mapping[str, str]) -> list[tuple[str, str, object]]:
    known = {row.variable: row for row in every_setting()}
    found: list[tuple[str, str, object]] = []
    for variable, text in sorted(environ.items()):
        if not variable.startswith(PREFIX) or variable in (FILE_VARIABLE, TOKEN_VARIABLE):
            continue
        row = known.get(variable)
        if row is None:
            raise SettingsError(
                f"The environment has an unknown setting {variable}.",
                fix=_hint(variable, list(known)),
            )
        found.append((row.section, row.name, _value(row, text)))
    return found


def _value(row: Setting, text: str) -> object:
    """A list is written with commas."""
    if not isinstance(row.default, tuple):
        return text
    return [part.strip() for part in text.split(",") if part.strip()]
