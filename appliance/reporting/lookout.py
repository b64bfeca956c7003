"""Looks every few minutes whether the last hour was out of the ordinary."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

import anyio

from appliance.errors import SettingsError, StoreError
from appliance.reporting.anomalies import Limit, Watch, limit_of
from appliance.reporting.desk import Reporting
from appliance.reporting.figures import Figure
from appliance.settings import ReportingSettings
from appliance.supervision import Anomaly

logger = logging.getLogger(__name__)

# An hour's figures change little in less, and a look takes a tenth of a second.
LOOK_S = 300.0

WEEKS = 8
HOUR = timedelta(hours=1)


class Lookout:
    def __init__(self, settings: ReportingSettings, reporting: Reporting) -> None:
        """Raises SettingsError for a limit that cannot be read, or of no measure."""
        limits = [limit_of(text) for text in settings.limits]
        self._reporting = reporting
        self._watch = Watch(settings.unusual_z, limits)
        self._names = _names(settings, limits, reporting)

    @property
    def raised(self) -> tuple[Anomaly, ...]:
        return self._watch.raised

    def watched(self) -> dict[str, bool]:
        """Each measure that is looked at, and whether it is out of the ordinary."""
        raised = {anomaly.measure for anomaly in self.raised}
        return {name: name in raised for name in self._names}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look(datetime.now(UTC))
            except StoreError as error:
                logger.warning("nobody looks out for anomalies: %s", error)
            await anyio.sleep(LOOK_S)

    async def look(self, now: datetime) -> None:
        """Raises StoreError."""
        bounds = hours_of_weeks(now, self._reporting.zone)
        found = await self._reporting.of_buckets(bounds, self._names, now)
        for info, figures in found:
            # Between the hours lie the weeks; where nothing came, nobody may have worked.
            hours = figures[::2]
            newest = hours[-1] or Figure(value=0 if info.unit == "count" else None, n=0)
            past = [figure for figure in hours[:-1] if figure is not None]
            self._watch.look(info, newest, past, now)


def hours_of_weeks(now: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """Beginnings and ends of the hour before `now`, and of those before the same time of
    the clock in past weeks; the oldest first."""
    local = now.astimezone(zone)
    found: list[datetime] = []
    for weeks in range(WEEKS, -1, -1):
        end = (local - timedelta(weeks=weeks)).astimezone(UTC)
        found += [end - HOUR, end]
    return tuple(found)


def _names(
    settings: ReportingSettings, limits: Sequence[Limit], reporting: Reporting
) -> tuple[str, ...]:
    names = dict.fromkeys((*settings.watched, *(limit.measure for limit in limits)))
    unknown = [name for name in names if name not in reporting.names]
    if unknown:
        raise SettingsError(
            f"[reporting] names a measure {unknown[0]!r} that there is not.",
            fix=f"Use some of: {', '.join(reporting.names)}.",
        )
    return tuple(names)
