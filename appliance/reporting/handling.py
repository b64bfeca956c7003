"""How many calls there were, how long they took, and what agents did with their time."""

from appliance.reporting.figures import Figure
from appliance.reporting.measure import Measure, count, mean, measure, percentile, share
from appliance.store.sums import Found

CONNECT = "Amazon Connect"
MS = 0.001
HOUR_MS = 3_600_000


def _handle_time(found: Found) -> Figure:
    calls = found.calls
    if not calls.wrapped_up:
        return Figure(value=None, n=calls.handled)
    return mean(calls.duration_ms + calls.wrap_up_ms, calls.handled, MS)


def _wrap_up(found: Found) -> Figure:
    calls = found.calls
    if not calls.wrapped_up:
        return Figure(value=None, n=calls.handled)
    return mean(calls.wrap_up_ms, calls.handled, MS)


def occupancy(found: Found) -> Figure:
    """`n` in hours."""
    times = found.times
    busy = times.on_call_time_ms + times.wrap_up_time_ms
    present = busy + times.available_time_ms
    return Figure(value=100 * busy / present if present else None, n=present / HOUR_MS)


def _hours(ms: int) -> Figure:
    return Figure(value=ms * MS if ms else None, n=ms / HOUR_MS)


HANDLING: tuple[Measure, ...] = (
    measure(
        "calls", "volume", "Calls", "count", lambda f: count(f.calls.calls),
        formula="calls that have ended", source="own",
    ),
    measure(
        "handled", "volume", "Handled", "count", lambda f: count(f.calls.handled),
        formula="calls in which an agent and a customer were there", source=CONNECT,
        behind="handled",
    ),
    measure(
        "duration", "time", "Duration, average", "s",
        lambda f: mean(f.calls.duration_ms, f.calls.handled, MS),
        formula="from the answer to the end / handled", source="own",
        counted="handled calls",
        behind="handled",
    ),
    measure(
        "duration_p50", "time", "Duration, median", "s",
        lambda f: percentile(f.spreads.duration_p50, f.calls.handled, MS),
        formula="half of the handled calls lasted at most so long", source="own",
        counted="handled calls",
        behind="handled",
    ),
    measure(
        "duration_p95", "time", "Duration, 95th percentile", "s",
        lambda f: percentile(f.spreads.duration_p95, f.calls.handled, MS),
        formula="95 of 100 handled calls lasted at most so long", source="own",
        counted="handled calls",
        behind="handled",
    ),
    measure(
        "aht", "time", "Average handle time", "s", _handle_time,
        formula="(talk + hold + wrap-up) / handled; a call that nobody wrote up has no "
        "wrap-up",
        source=f"{CONNECT}, AHT", counted="handled calls",
        behind="handled",
    ),
    measure(
        "talk", "time", "Talk", "s",
        lambda f: mean(f.calls.duration_ms - f.calls.hold_ms, f.calls.handled, MS),
        formula="(from the answer to the end - hold) / handled", source=CONNECT,
        counted="handled calls",
        behind="handled",
    ),
    measure(
        "hold", "time", "Hold", "s",
        lambda f: mean(f.calls.hold_ms, f.calls.handled, MS),
        formula="time that the agent had the customer on hold / handled", source=CONNECT,
        counted="handled calls",
        behind="handled",
    ),
    measure(
        "wrap_up", "time", "Wrap-up (ACW)", "s", _wrap_up,
        formula="from the end of the call until the agent was done with it / handled",
        source=f"{CONNECT}, Genesys", counted="handled calls",
        behind="handled",
    ),
    measure(
        "occupancy", "agents", "Occupancy", "percent", occupancy, part="times",
        formula="(in calls + wrap-up) / (in calls + wrap-up + available)",
        source=f"{CONNECT}: on contact / (on contact + idle)", counted="hours",
        behind=None,
    ),
    measure(
        "utilisation", "agents", "Utilisation", "percent",
        lambda _: Figure(value=None, n=0), part="times",
        formula="(in calls + wrap-up + available) / paid time",
        source="Call Centre Helper", counted="hours", behind=None,
        hidden="The box does not know the hours that are paid.",
    ),
    measure(
        "time_on_call", "agents", "Time in calls", "s",
        lambda f: _hours(f.times.on_call_time_ms), part="times",
        formula="time in calls, added up over agents", source="own", counted="hours",
        behind=None,
    ),
    measure(
        "time_wrap_up", "agents", "Time in wrap-up", "s",
        lambda f: _hours(f.times.wrap_up_time_ms), part="times",
        formula="time in wrap-up, added up over agents", source="own", counted="hours",
        behind=None,
    ),
    measure(
        "time_available", "agents", "Time available", "s",
        lambda f: _hours(f.times.available_time_ms), part="times",
        formula="time waiting for a call, added up over agents", source="own",
        counted="hours", behind=None,
    ),
    measure(
        "time_away", "agents", "Time away", "s",
        lambda f: _hours(f.times.away_time_ms), part="times",
        formula="time on duty but away, added up over agents", source="own",
        counted="hours", behind=None,
    ),
)  # fmt: skip

# Shares of how handled calls came out.
OUTCOMES: tuple[Measure, ...] = (
    measure(
        "resolution", "outcome", "Resolved", "percent",
        lambda f: share(f.calls.resolved, f.calls.judged),
        formula="resolved / handled of which it is known; as the agent wrote, else as the "
        "draft says",
        source="Google CCAI, resolution", counted="judged calls", better="higher",
        behind="judged",
    ),
    measure(
        "repeat_calls", "outcome", "Called again within 7 days", "percent",
        lambda f: share(f.calls.repeated, f.calls.known), part="repeats",
        formula="handled calls whose customer called again within 7 days / handled calls "
        "of customers whom the site knows",
        source="Call Centre Helper: the complement of first contact resolution",
        counted="calls of known customers", better="lower",
        behind="known",
    ),
    measure(
        "first_contact", "outcome", "First contact resolution (proxy)", "percent",
        lambda f: share(f.calls.known - f.calls.repeated, f.calls.known), part="repeats",
        formula="1 - called again within 7 days",
        source="Call Centre Helper; there is no industry standard",
        counted="calls of known customers", better="higher",
        behind="known",
    ),
    measure(
        "adherence", "outcome", "Checklist adherence", "percent",
        lambda f: share(f.calls.checks_done, f.calls.checks_counted),
        formula="weight done in time / weight that applied and could be checked",
        source="Bright Pattern; Google QA leaves out what does not apply",
        counted="weight", better="higher",
        behind="checked",
    ),
)  # fmt: skip
