"""Asks the record for what figures rest on, and tells them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from anyio import to_thread
from msgspec import Struct
from msgspec.structs import replace

from appliance.errors import ProtocolError
from appliance.reporting.figures import Figure, Group, MeasureInfo, Metrics
from appliance.reporting.handling import HANDLING, OUTCOMES
from appliance.reporting.measure import Measure
from appliance.reporting.periods import Grain, edges
from appliance.reporting.queues import queue_measures
from appliance.reporting.talking import ADVICE, MOOD, TALK
from appliance.reporting.zone import named
from appliance.settings import ReportingSettings
from appliance.store.adding import Part
from appliance.store.sums import (
    REPEAT_DAYS,
    Asked,
    By,
    CallSums,
    Found,
    Spreads,
    Terms,
    TimeSums,
)
from appliance.store.writer import Store

NOTHING = Found(
    bucket=None,
    group="",
    name="",
    calls=CallSums(),
    spreads=Spreads(),
    times=TimeSums(),
)


class Question(Struct, frozen=True, kw_only=True):
    """`measures` empty: all. `agent` is the id of an account."""

    since: datetime
    until: datetime
    by: By = "site"
    grain: Grain | None = None
    measures: tuple[str, ...] = ()
    agent: str | None = None
    queue: str | None = None


class Reporting:
    def __init__(self, settings: ReportingSettings, store: Store) -> None:
        """Raises SettingsError for a time zone that nobody knows."""
        self._settings = settings
        self._store = store
        self.zone: tzinfo = named(settings.time_zone)
        self._measures = {
            measure.info.name: measure
            for measure in (
                *HANDLING,
                *queue_measures(settings.answer_within_s, settings.short_abandon_s),
                *OUTCOMES,
                *MOOD,
                *TALK,
                *ADVICE,
            )
        }

    async def metrics(self, question: Question, now: datetime) -> Metrics:
        """Raises ProtocolError for a question that makes no sense, StoreError."""
        chosen = self._chosen(question)
        bounds = edges(question.since, question.until, question.grain, self.zone)
        asked = Asked(
            edges=bounds,
            by=question.by,
            terms=self.terms,
            agent=question.agent,
            queue=question.queue,
        )
        found = await self._store.sums.found(asked, _needed(chosen), now)
        starts = bounds[:-1] if question.grain is not None else ()
        groups = await to_thread.run_sync(_groups, found, chosen, question, bounds, now)
        return Metrics(
            since=bounds[0],
            until=bounds[-1],
            time_zone=str(self.zone),
            by=question.by,
            grain=question.grain,
            starts=starts,
            measures=tuple(measure.info for measure in chosen),
            groups=groups,
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Of all measures."""
        return tuple(self._measures)

    async def of_buckets(
        self, bounds: tuple[datetime, ...], names: Sequence[str], now: datetime
    ) -> list[tuple[MeasureInfo, list[Figure | None]]]:
        """Of the site, between each bound and the next; None where nothing was counted.
        Raises StoreError."""
        chosen = [self._measures[name] for name in names]
        asked = Asked(edges=bounds, by="site", terms=self.terms)
        found = await self._store.sums.found(asked, _needed(chosen), now)
        cells = {one.bucket: one for one in found}
        return [
            (
                one.info,
                [
                    _figure(one, cells[bucket], young=False) if bucket in cells else None
                    for bucket in range(len(bounds) - 1)
                ],
            )
            for one in chosen
        ]

    @property
    def terms(self) -> Terms:
        """What the site counts as what."""
        settings = self._settings
        return Terms(
            answer_within_ms=round(settings.answer_within_s * 1000),
            short_ms=round(settings.short_abandon_s * 1000),
            resolved=settings.resolved,
        )

    def _chosen(self, question: Question) -> list[Measure]:
        unknown = [name for name in question.measures if name not in self._measures]
        if unknown:
            raise ProtocolError(
                f"There is no measure {unknown[0]!r}.",
                fix=f"Ask for some of: {', '.join(self._measures)}.",
            )
        names = question.measures or tuple(self._measures)
        chosen = [self._measures[name] for name in dict.fromkeys(names)]
        if question.by == "queue" or question.queue is not None:
            return [_not_by_queue(measure) for measure in chosen]
        return chosen


def _needed(chosen: Sequence[Measure]) -> list[Part]:
    """What is to be asked for; nothing for what is hidden."""
    needed: dict[Part, None] = {"calls": None}
    return list(needed | {one.part: None for one in chosen if not one.info.hidden})


def _not_by_queue(measure: Measure) -> Measure:
    if measure.part != "times" or measure.info.hidden:
        return measure
    why = "Agents are on duty for all queues at once."
    return measure._replace(info=replace(measure.info, hidden=why))


def _groups(
    found: Sequence[Found],
    chosen: Sequence[Measure],
    question: Question,
    bounds: Sequence[datetime],
    now: datetime,
) -> tuple[Group, ...]:
    by_group: dict[str, dict[int | None, Found]] = {}
    for one in found:
        by_group.setdefault(one.group, {})[one.bucket] = one
    if question.by == "site" and not by_group:
        by_group[""] = {}
    young = [end > now - timedelta(days=REPEAT_DAYS) for end in bounds[1:]]
    groups = [
        _group(group, cells, chosen, question, young) for group, cells in by_group.items()
    ]
    return tuple(sorted(groups, key=lambda group: (group.name.casefold(), group.id)))


def _group(
    group: str,
    cells: Mapping[int | None, Found],
    chosen: Sequence[Measure],
    question: Question,
    young: Sequence[bool],
) -> Group:
    whole = cells.get(None) or NOTHING
    name = whole.name
    filters = {"agent": {"account": group}, "queue": {"queue": group}, "site": {}}
    series = {}
    if question.grain is not None:
        series = {
            one.info.name: tuple(
                None if bucket not in cells else _figure(one, cells[bucket], young[bucket])
                for bucket in range(len(young))
            )
            for one in chosen
            if not one.info.hidden
        }
    return Group(
        id=group,
        name=name,
        # No filter finds calls by having no queue.
        sessions=filters[question.by] if group or question.by == "site" else None,
        figures={one.info.name: _figure(one, whole, any(young)) for one in chosen},
        series=series,
    )


def _figure(measure: Measure, found: Found, young: bool) -> Figure:
    if measure.info.hidden:
        return Figure(value=None, n=0)
    figure = measure.of(found)
    return Figure(
        value=None if figure.value is None else round(figure.value, 3),
        n=round(figure.n, 3),
        provisional=young and measure.part == "repeats",
    )
