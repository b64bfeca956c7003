"""What the checks are about: one box, by its settings."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Self

from msgspec.structs import replace

from appliance.settings import Settings, read_settings


class Site(NamedTuple):
    settings: Settings
    now: datetime  # by this machine's clock, in UTC

    @classmethod
    def of(cls, settings: Path | None, data_dir: Path | None) -> Self:
        """Of the server with this settings file, as it is now. Raises SettingsError."""
        chosen = read_settings(settings)
        if data_dir is not None:
            server = replace(chosen.server, data_dir=str(data_dir))
            chosen = replace(chosen, server=server)
        return cls(chosen, datetime.now(UTC))

    @property
    def data_dir(self) -> Path:
        return Path(self.settings.server.data_dir).expanduser()

    @property
    def models_dir(self) -> Path:
        return Path(self.settings.models.dir).expanduser()

    @property
    def nearest(self) -> Path:
        """The data folder, or before the first start the one that it will be made in."""
        folder = self.data_dir.absolute()
        while not folder.exists():
            folder = folder.parent
        return folder
