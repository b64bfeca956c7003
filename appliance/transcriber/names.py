"""The site's file of names to expect: one a line, empty lines and those with # left out."""

from pathlib import Path

from appliance.errors import SettingsError

# Each is compared with every word that is not common, in every final.
MOST_NAMES = 500
LONGEST_NAME = 60


def read_names(setting: str) -> tuple[str, ...]:
    """The names of `[speech] vocabulary`, none if it is empty. Raises SettingsError."""
    if not setting:
        return ()
    file = Path(setting).expanduser()
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"Cannot read the names in {file}: {error}.",
            fix="Correct [speech] vocabulary; the file is text in UTF-8, one name a line.",
        ) from error
    names = [" ".join(line.split()) for line in lines]
    names = list(dict.fromkeys(name for name in names if name and name[0] != "#"))
    if len(names) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in names):
        raise SettingsError(
            f"{file} has {len(names)} names, the longest with "
            f"{max(map(len, names))} characters; {MOST_NAMES} of {LONGEST_NAME} are read.",
            fix="Keep the names that matter and are misheard: products, people, places.",
        )
    return tuple(names)
