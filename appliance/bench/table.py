"""The figures of a run as JSON for programs and as a Markdown table for people."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from appliance.bench.level import Level, percentile
from appliance.server.loop import late_ms

if TYPE_CHECKING:
    from appliance.bench.ceiling import Ceiling  # which loads the models' libraries

SHARES = (50, 95, 99)


class Delay(Struct, frozen=True):
    """Percentiles, in s; null for none."""

    p50: float | None
    p95: float | None
    p99: float | None
    max: float | None
    n: int


class Summary(Struct, frozen=True, kw_only=True):
    """One number of calls. Costs are for each second of one call, both of its legs."""

    calls: int
    valid: bool  # the generator kept its pace
    window_s: float
    final_s: Delay
    partial_s: Delay
    first_advice_s: Delay
    whole_advice_s: Delay
    advice: dict[str, int]  # how it ended
    advice_unanswered: int
    advice_unparsed: int
    wer: float  # percent
    words: int
    substituted: int
    deleted: int
    inserted: int
    turns: int
    turns_lost: int
    sockets_dropped: int
    degraded: float  # share of the time
    cpu: dict[str, float]  # CPU s for each s of a call, by process
    cores: float  # of the server and its models, mean
    peak_mib: dict[str, float]
    loop_p50_ms: float
    loop_p99_ms: float
    engine_busy: float  # share of the time
    engine_passes: dict[str, int]
    engine_batch: float  # utterances in a pass, mean
    generator_cores: float
    generator_late_ms: float  # worst frame
    generator_waited_s: float  # longest, for the server to take a call
    other_cores: float  # busy with anything else meanwhile


def summary(level: Level) -> Summary:
    cost, errors, advice = level.cost, level.errors, level.advice
    window_s = max(cost.window_s, 1e-9)
    call_s = window_s * level.calls
    passes, items = sum(cost.passes.values()), sum(cost.items.values())
    return Summary(
        calls=level.calls,
        valid=level.valid,
        window_s=round(cost.window_s, 1),
        final_s=_delay(level.final_s),
        partial_s=_delay(level.partial_s),
        first_advice_s=_delay(advice.first_s),
        whole_advice_s=_delay(advice.whole_s),
        advice=advice.by_end,
        advice_unanswered=advice.unanswered,
        advice_unparsed=advice.unparsed,
        wer=round(errors.rate, 2),
        words=errors.words,
        substituted=errors.substituted,
        deleted=errors.deleted,
        inserted=errors.inserted,
        turns=level.turns,
        turns_lost=level.lost,
        sockets_dropped=level.dropped,
        degraded=round(cost.degraded / max(1, cost.samples), 3),
        cpu={name: round(s / call_s, 4) for name, s in _by_part(cost.cpu_s).items()},
        cores=round(sum(cost.cpu_s.values()) / window_s, 2),
        peak_mib={name: round(mib) for name, mib in _by_part(cost.peak_mib).items()},
        loop_p50_ms=round(late_ms(cost.loop_counts, 0.50), 1),
        loop_p99_ms=round(late_ms(cost.loop_counts, 0.99), 1),
        engine_busy=round(cost.engine_busy_s / window_s, 3),
        engine_passes=cost.passes,
        engine_batch=round(items / max(1, passes), 2),
        generator_cores=round(cost.generator_cpu_s / window_s, 2),
        generator_late_ms=round(level.worst_late_s * 1000),
        generator_waited_s=round(level.unready_s, 2),
        other_cores=round(cost.other_cpu_s / window_s, 2),
    )


def _by_part(values: Mapping[str, float]) -> dict[str, float]:
    """The processes of one model, `speech-1` and so on, together."""
    parts: dict[str, float] = {}
    for name, value in values.items():
        part = name.partition("-")[0]
        parts[part] = parts.get(part, 0.0) + value
    return parts


def _delay(values: Sequence[float]) -> Delay:
    if not values:
        return Delay(None, None, None, None, 0)
    p50, p95, p99 = (round(percentile(values, share), 3) for share in SHARES)
    return Delay(p50, p95, p99, round(max(values), 3), len(values))


HEADINGS = (
    "calls",
    "final p50 / p95 / p99 s",
    "partial words p50 / p95 / p99 s",
    "first advice p50 / p95 / p99 s",
    "whole advice p50 / p95 / p99 s",
    "WER % (S / D / I of words)",
    "turns lost",
    "degraded %",
    "CPU s per call s: server / vad / speech / language",
    "peak MiB: the same",
    "loop p50 / p99 ms",
    "engine busy % (batch)",
    "generator cores, late ms",
    "other cores",
)

PARTS = ("server", "vad", "speech", "language")


def markdown(rows: Sequence[Summary]) -> str:
    """A table with one line for each number of calls."""
    lines = [HEADINGS, ["---"] * len(HEADINGS), *(_cells(row) for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def ceiling_line(ceiling: "Ceiling") -> str:
    return (
        f"Engine ceiling: {ceiling.calls:.1f} calls. Finals alone, in a tight loop: "
        f"{ceiling.call_s:.0f} s of calls in {ceiling.engine_s:.1f} s, "
        f"{ceiling.items} utterances in {ceiling.passes} passes, WER {ceiling.wer:.1f} %; "
        f"voice activity {ceiling.vad_s / ceiling.call_s:.4f} CPU s per call s."
    )


def _cells(row: Summary) -> list[str]:
    return [
        str(row.calls) if row.valid else f"{row.calls} (invalid: generator late)",
        _seconds(row.final_s),
        _seconds(row.partial_s),
        _seconds(row.first_advice_s),
        _seconds(row.whole_advice_s),
        f"{row.wer:.1f} ({row.substituted} / {row.deleted} / {row.inserted}"
        f" of {row.words})",
        f"{row.turns_lost} of {row.turns}",
        f"{100 * row.degraded:.0f}",
        " / ".join(f"{row.cpu[name]:.3f}" if name in row.cpu else "-" for name in PARTS),
        " / ".join(
            f"{row.peak_mib[name]:.0f}" if name in row.peak_mib else "-" for name in PARTS
        ),
        f"{row.loop_p50_ms:.1f} / {row.loop_p99_ms:.1f}",
        f"{100 * row.engine_busy:.0f} ({row.engine_batch:.2f})",
        f"{row.generator_cores:.2f}, {row.generator_late_ms:.0f}",
        f"{row.other_cores:.2f}",
    ]


def _seconds(delay: Delay) -> str:
    if delay.p50 is None:
        return "-"
    return f"{delay.p50:.2f} / {delay.p95:.2f} / {delay.p99:.2f}"
