"""What the checks are about: one box, by its settings."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from appliance.settings import Settings


class Site(NamedTuple):
    settings: Settings
    now: datetime  # by this machine's clock, in UTC

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
