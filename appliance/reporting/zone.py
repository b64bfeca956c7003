"""The time zone of the site, by its name or as the machine has it."""

from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from appliance.errors import SettingsError

MACHINE_S = Path("/etc/localtime")


def named(name: str, machine_s: Path = MACHINE_S) -> tzinfo:
    """Raises SettingsError. An empty name: the machine's, UTC where it has none."""
    try:
        return ZoneInfo(name or _machine_s_name(machine_s))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(
            f"There is no time zone {name!r}.",
            fix="Set time_zone under [reporting] to a name such as Europe/Berlin.",
        ) from error


def _machine_s_name(link: Path) -> str:
    """Of a path such as /usr/share/zoneinfo/Europe/Berlin."""
    _, found, name = str(link.resolve()).partition("/zoneinfo/")
    return name if found else "UTC"
