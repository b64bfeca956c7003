"""How long customers waited, and who gave up: the measures of our own queue.

A call counts here if the box saw when its customer came and when they were answered or
gone; where a gateway brings both sides at once it does not, and the measures are hidden.
"""

from appliance.reporting.measure import Measure, count, mean, measure, percentile, share
from appliance.store.sums import Found

CISCO = "Cisco Unified Contact Center, service level"
CONNECT = "Amazon Connect"
MS = 0.001


def service_level(found: Found) -> tuple[float, float]:
    """In time, and of how many: those who gave up in time do not count."""
    calls = found.calls
    return calls.answered_in_time, calls.offered - calls.abandoned_in_time


def queue_measures(within_s: float, short_s: float) -> list[Measure]:
    """`within_s`: answered by then is in time; who is gone before `short_s` never came."""
    in_time = f"within {within_s:g} s"
    offered = f"offered (not gone before {short_s:g} s)"
    return [
        measure(
            "offered", "queue", "Offered", "count",
            lambda f: count(f.calls.offered),
            formula=f"calls in the queue, without those gone before {short_s:g} s",
            source="Cisco, short calls",
            behind="offered",
        ),
        measure(
            "asa", "queue", "Average speed of answer", "s",
            lambda f: mean(f.calls.answer_wait_ms, f.calls.answered, MS),
            formula="wait of the answered / answered",
            source=CONNECT, counted="answered calls", better="lower",
            behind="answered",
        ),
        measure(
            "wait_p50", "queue", "Wait, median", "s",
            lambda f: percentile(f.spreads.wait_p50, f.calls.answered, MS),
            formula="half of the answered waited at most so long",
            source="own", counted="answered calls", better="lower",
            behind="answered",
        ),
        measure(
            "wait_p95", "queue", "Wait, 95th percentile", "s",
            lambda f: percentile(f.spreads.wait_p95, f.calls.answered, MS),
            formula="95 of 100 of the answered waited at most so long",
            source="own", counted="answered calls", better="lower",
            behind="answered",
        ),
        measure(
            "service_level", "queue", f"Service level {in_time}", "percent",
            lambda f: share(*service_level(f)),
            formula=f"answered {in_time} / ({offered} - abandoned {in_time})",
            source=f"{CISCO}: abandoned calls ignored",
            counted="offered calls", better="higher",
            behind="offered_in_question",
        ),
        measure(
            "service_level_handled", "queue", "Service level, only handled", "percent",
            lambda f: share(f.calls.answered_in_time, f.calls.answered),
            formula=f"answered {in_time} / answered",
            source=f"{CISCO}: only handled", counted="answered calls", better="higher",
            behind="answered",
        ),
        measure(
            "service_level_positive", "queue", "Service level, abandoned positive",
            "percent",
            lambda f: share(
                f.calls.answered_in_time + f.calls.abandoned_in_time, f.calls.offered
            ),
            formula=f"(answered {in_time} + abandoned {in_time}) / {offered}",
            source=f"{CISCO}: abandoned calls positive",
            counted="offered calls", better="higher",
            behind="offered",
        ),
        measure(
            "service_level_negative", "queue", "Service level, abandoned negative",
            "percent",
            lambda f: share(f.calls.answered_in_time, f.calls.offered),
            formula=f"answered {in_time} / {offered}",
            source=f"{CISCO}: abandoned calls negative",
            counted="offered calls", better="higher",
            behind="offered",
        ),
        measure(
            "service_level_connect", "queue", "Service level, Amazon Connect", "percent",
            lambda f: share(
                f.calls.answered_in_time + f.calls.gone_in_time, f.calls.queued
            ),
            formula=f"(answered {in_time} + abandoned {in_time}) / queued, short ones too",
            source=f"{CONNECT}: removed from queue in time / queued",
            counted="queued calls", better="higher",
            behind="queued",
        ),
        measure(
            "abandonment", "queue", "Abandonment", "percent",
            lambda f: share(f.calls.abandoned, f.calls.offered),
            formula=f"abandoned / {offered}",
            source="Google CCAI: abandoned / (handled + abandoned)",
            counted="offered calls", better="lower",
            behind="offered",
        ),
        measure(
            "abandon_wait", "queue", "Wait before giving up", "s",
            lambda f: mean(f.calls.abandon_wait_ms, f.calls.abandoned, MS),
            formula="wait of the abandoned / abandoned",
            source=CONNECT, counted="abandoned calls",
            behind="abandoned",
        ),
        measure(
            "first_response", "queue", "First response", "s",
            lambda f: mean(f.calls.response_ms, f.calls.responses, MS),
            formula="from the customer's coming to the first words of the agent / calls "
            "in which the agent said or typed any",
            source="own", counted="calls", better="lower",
            behind="responded",
        ),
    ]  # fmt: skip
