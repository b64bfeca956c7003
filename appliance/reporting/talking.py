"""How customers felt, how the two talked, what became of advice, how late texts were."""

from appliance.reporting.measure import Measure, mean, measure, percentile, share
from appliance.store.sums import CallSums

CONTACT_LENS = "Amazon Connect Contact Lens"
GOOGLE = "Google Agent Assist, answer feedback"
MINUTE_MS = 60_000

MOOD: tuple[Measure, ...] = (
    measure(
        "mood", "customer", "Mood", "score",
        lambda f: mean(f.calls.mood_sum, f.calls.moods),
        formula="mean of 100 tanh(0.75 sum(polarity * place / lines)) of each call, over "
        "the customer's lines; a proxy of satisfaction",
        source="Genesys Cloud, customer sentiment score", counted="calls with a mood",
        better="higher",
        behind="mood",
    ),
    measure(
        "mood_up", "customer", "Mood improved", "percent",
        lambda f: share(f.calls.trend_up, f.calls.moods),
        formula="calls whose last quarter reads better than those before / calls with a "
        "mood",
        source="AWS Live Call Analytics, trend", counted="calls with a mood",
        better="higher",
        behind="mood",
    ),
    measure(
        "mood_down", "customer", "Mood worsened", "percent",
        lambda f: share(f.calls.trend_down, f.calls.moods),
        formula="calls whose last quarter reads worse than those before / calls with a "
        "mood",
        source="AWS Live Call Analytics, trend", counted="calls with a mood",
        better="lower",
        behind="mood",
    ),
    measure(
        "alerts", "customer", "Calls with an alert", "percent",
        lambda f: share(f.calls.alerted, f.calls.calls),
        formula="calls in which an alert was raised / calls", source="own",
        better="lower",
    ),
)  # fmt: skip

TALK: tuple[Measure, ...] = (
    measure(
        "talk_ratio", "talk", "Talk ratio of the agent", "percent",
        lambda f: share(f.calls.agent_ms, f.calls.agent_ms + f.calls.customer_ms),
        formula="the agent's speech / speech of both", source=f"{CONTACT_LENS}, talk time",
        counted="ms of speech",
        behind="spoken",
    ),
    measure(
        "silence", "talk", "Silence", "percent",
        lambda f: share(f.calls.quiet_ms, f.calls.heard_duration_ms),
        formula="silences of both over 3 s / duration of calls in which anybody was heard",
        source=f"{CONTACT_LENS}, non-talk time", counted="ms of calls", better="lower",
        behind="heard",
    ),
    measure(
        "interruptions_agent", "talk", "Interruptions by the agent", "per_call",
        lambda f: mean(f.calls.agent_interrupted, f.calls.heard),
        formula="times that the agent began while the customer spoke, over them for 0.5 s "
        "and for 1 s in all / calls in which anybody was heard",
        source=f"{CONTACT_LENS}, interruptions", counted="calls", better="lower",
        behind="heard",
    ),
    measure(
        "interruptions_customer", "talk", "Interruptions by the customer", "per_call",
        lambda f: mean(f.calls.customer_interrupted, f.calls.heard),
        formula="the same of the customer", source=f"{CONTACT_LENS}, interruptions",
        counted="calls",
        behind="heard",
    ),
    measure(
        "talk_speed_agent", "talk", "Talk speed of the agent", "per_minute",
        lambda f: mean(f.calls.agent_words, f.calls.agent_words_ms / MINUTE_MS),
        formula="words of the agent's lines, as they are written / minutes that these took",
        source=f"{CONTACT_LENS}, talk speed", counted="minutes of speech",
        behind="agent_words",
    ),
    measure(
        "talk_speed_customer", "talk", "Talk speed of the customer", "per_minute",
        lambda f: mean(f.calls.customer_words, f.calls.customer_words_ms / MINUTE_MS),
        formula="the same of the customer", source=f"{CONTACT_LENS}, talk speed",
        counted="minutes of speech",
        behind="customer_words",
    ),
)  # fmt: skip


def _sought(calls: CallSums) -> int:
    return calls.advice_shown + calls.advice_withheld


ADVICE: tuple[Measure, ...] = (
    measure(
        "advice_shown", "advice", "Advice shown", "per_call",
        lambda f: mean(f.calls.advice_shown, f.calls.handled),
        formula="advices shown / handled", source="own", counted="handled calls",
        behind="handled",
    ),
    measure(
        "advice_used", "advice", "Advice used", "percent",
        lambda f: share(f.calls.advice_used, f.calls.advice_shown),
        formula="marked as used / shown", source=GOOGLE, counted="advices",
        better="higher",
        behind="advised",
    ),
    measure(
        "advice_said", "advice", "Advice said", "percent",
        lambda f: share(f.calls.advice_said, f.calls.advice_shown),
        formula="said by the agent within 30 s / shown", source="own", counted="advices",
        better="higher",
        behind="advised",
    ),
    measure(
        "advice_copied", "advice", "Advice copied", "percent",
        lambda f: share(f.calls.advice_copied, f.calls.advice_shown),
        formula="copied / shown", source=GOOGLE, counted="advices",
        behind="advised",
    ),
    measure(
        "advice_dismissed", "advice", "Advice dismissed", "percent",
        lambda f: share(f.calls.advice_dismissed, f.calls.advice_shown),
        formula="dismissed / shown", source=GOOGLE, counted="advices", better="lower",
        behind="advised",
    ),
    measure(
        "advice_expired", "advice", "Advice expired", "percent",
        lambda f: share(f.calls.advice_expired, f.calls.advice_shown),
        formula="neither said nor clicked within 30 s / shown", source="own",
        counted="advices", better="lower",
        behind="advised",
    ),
    measure(
        "no_evidence", "advice", "Nothing to advise", "percent",
        lambda f: share(f.calls.advice_withheld, _sought(f.calls)),
        formula="lines on which nothing was found to advise / (those + advices shown)",
        source="own", counted="lines",
        behind="sought",
    ),
    measure(
        "advice_p50", "advice", "First word of advice, median", "ms",
        lambda f: percentile(f.spreads.advice_p50, f.calls.advice_times), part="delays",
        formula="from the end of the customer's line to the first word; half at most",
        source="own", counted="advices", better="lower",
        behind="advice_timed",
    ),
    measure(
        "advice_p95", "advice", "First word of advice, 95th percentile", "ms",
        lambda f: percentile(f.spreads.advice_p95, f.calls.advice_times), part="delays",
        formula="from the end of the customer's line to the first word; 95 of 100 at most",
        source="own", counted="advices", better="lower",
        behind="advice_timed",
    ),
    measure(
        "draft_changed", "texts", "Drafts changed", "percent",
        lambda f: mean(f.calls.draft_changed, f.calls.drafts, 100),
        formula="mean of words put in, taken out or replaced to make the saved summary of "
        "the draft / words of the longer of the two",
        source="Levenshtein distance over words, by the longer text",
        counted="drafts that were saved", better="lower",
        behind="drafted",
    ),
    measure(
        "lag_p50", "texts", "Recognition lag, median", "ms",
        lambda f: percentile(f.spreads.lag_p50, f.calls.lags), part="delays",
        formula="from the end of a line to its final text; half at most", source="own",
        counted="lines", better="lower",
        behind="lines_timed",
    ),
    measure(
        "lag_p95", "texts", "Recognition lag, 95th percentile", "ms",
        lambda f: percentile(f.spreads.lag_p95, f.calls.lags), part="delays",
        formula="from the end of a line to its final text; 95 of 100 at most",
        source="own", counted="lines", better="lower",
        behind="lines_timed",
    ),
)  # fmt: skip
