"""Where what is kept lies, and what holds for it."""

from pathlib import Path

from msgspec import Struct

from appliance.retention.rules import Rules


class Site(Struct, frozen=True, kw_only=True):
    data_dir: Path
    backups: Path
    keep: int  # backups
    rules: Rules
    live: bool = False  # calls go on in this process
