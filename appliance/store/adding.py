"""Asks the record for the sums over a period."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias

from anyio import CapacityLimiter, to_thread
from msgspec import convert

from appliance.store.log import SessionLog
from appliance.store.questions import (
    DELAYS,
    SPREADS,
    SUMS,
    TIMES,
    of_calls,
    of_delays,
    of_repeats,
    of_times,
)
from appliance.store.search import Sql
from appliance.store.sums import Asked, CallSums, Found, Spreads, TimeSums

# Each takes a question of its own, and is asked only where a figure needs it.
Part: TypeAlias = Literal["calls", "repeats", "delays", "times"]


class Sums:
    """One question at a time, beside those of the lists: the cores belong to the models."""

    def __init__(self, log: SessionLog) -> None:
        self._log = log
        self._one = CapacityLimiter(1)

    async def found(
        self, asked: Asked, parts: Collection[Part], now: datetime
    ) -> list[Found]:
        """What there is, by bucket and group. Raises StoreError."""
        return await to_thread.run_sync(
            found, self._log, asked, parts, now, limiter=self._one
        )


_Cells: TypeAlias = dict[tuple[int | None, str], dict[str, Any]]


def found(
    log: SessionLog, asked: Asked, parts: Collection[Part], now: datetime
) -> list[Found]:
    """What there is, by bucket and group. Blocks. Raises StoreError."""
    cells: _Cells = {}
    alone = len(asked.edges) == 2  # the only bucket is the whole
    for part in parts:
        question, columns = _question(part, asked, now)
        rows = log.ask(*question)
        if alone:
            rows = [(bucket, *row[1:]) for row in rows for bucket in (None, 0)]
        _put(rows, columns, cells)
    return [
        Found(
            bucket=bucket,
            group=group,
            name=values["name"],
            calls=_filled(values, CallSums),
            spreads=_filled(values, Spreads),
            times=_filled(values, TimeSums),
        )
        for (bucket, group), values in cells.items()
    ]


def _question(part: Part, asked: Asked, now: datetime) -> tuple[Sql, Sequence[str]]:
    match part:
        case "calls":
            return of_calls(asked), [*SUMS, *SPREADS]
        case "repeats":
            return of_repeats(asked), ["known", "repeated"]
        case "delays":
            return of_delays(asked), [*DELAYS]
        case "times":
            return of_times(asked, now), [f"{name}_time_ms" for name in TIMES]


def _put(rows: Sequence[tuple[Any, ...]], columns: Sequence[str], cells: _Cells) -> None:
    for bucket, group, name, *values in rows:
        cell = cells.setdefault((bucket, group), {"name": name or ""})
        cell.update(zip(columns, values, strict=True))


def _filled(values: Mapping[str, Any], kind: type[Any]) -> Any:
    return convert(
        {
            name: values[name]
            for name in kind.__struct_fields__
            if values.get(name) is not None
        },
        kind,
        strict=False,
    )
