"""Who keeps an open record, by the settings."""

from collections.abc import Callable
from pathlib import Path

from appliance.access.access import Access
from appliance.recordings.shelf import Shelf
from appliance.retention.custodian import Custodian
from appliance.retention.rules import Rules
from appliance.retention.site import Site
from appliance.settings import Settings
from appliance.store.writer import Store


def custodian_of(
    settings: Settings,
    data_dir: Path,
    store: Store,
    access: Access,
    *,
    live: bool,
    forget: Callable[[str], None] = lambda _: None,
) -> Custodian:
    """Raises SettingsError for rules that cannot be read."""
    site = Site(
        data_dir=data_dir,
        backups=settings.backup.folder_in(data_dir),
        keep=settings.backup.keep,
        rules=Rules.of(settings.retention),
        live=live,
    )
    shelf = Shelf(settings.recording.folder_in(data_dir))
    return Custodian(store, access, shelf, site, settings.wrap_up.choices, forget)
