"""The sums behind every figure over a period: what is asked of the record, what it says.

Calls count where the customer came; the time of agents where it was spent, so that of one
that goes on over the end of a bucket each has its part.
"""

from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

By: TypeAlias = Literal["site", "agent", "queue"]

REPEAT_DAYS = 7


class CallSums(Struct, frozen=True, kw_only=True):
    """Of the calls of one group in one bucket; those of two add up field by field."""

    calls: int = 0
    handled: int = 0  # an agent and a customer were there
    duration_ms: int = 0
    hold_ms: int = 0
    wrap_up_ms: int = 0
    wrapped_up: int = 0  # handled ones whose wrap-up is known
    offered: int = 0  # in our queue, without those who were gone at once
    queued: int = 0  # in our queue
    gone: int = 0  # of them, those whom nobody answered
    answered: int = 0  # offered and answered
    answered_in_time: int = 0
    answer_wait_ms: int = 0
    abandoned: int = 0  # offered and not answered
    abandoned_in_time: int = 0
    gone_in_time: int = 0  # with those who were gone at once
    abandon_wait_ms: int = 0
    responses: int = 0
    response_ms: int = 0
    resolved: int = 0
    judged: int = 0  # handled ones of which is known whether they were resolved
    known: int = 0  # handled ones with a customer whom the site knows
    repeated: int = 0  # of them, those whose customer called again within a week
    mood_sum: int = 0
    moods: int = 0
    trend_up: int = 0
    trend_down: int = 0
    alerted: int = 0
    agent_ms: int = 0
    customer_ms: int = 0
    quiet_ms: int = 0
    heard_duration_ms: int = 0  # of the handled ones in which something was heard
    heard: int = 0
    agent_interrupted: int = 0
    customer_interrupted: int = 0
    advice_shown: int = 0
    advice_used: int = 0
    advice_copied: int = 0
    advice_dismissed: int = 0
    advice_said: int = 0
    advice_expired: int = 0
    advice_withheld: int = 0
    advice_times: int = 0
    lags: int = 0
    agent_words: int = 0
    agent_words_ms: int = 0  # of the lines with these words
    customer_words: int = 0
    customer_words_ms: int = 0
    drafts: int = 0  # of summaries, that were saved as whatever became of them
    draft_changed: float = 0.0  # shares of their words, added up
    checks_done: float = 0.0
    checks_counted: float = 0.0

    def __add__(self, other: "CallSums") -> "CallSums":
        return CallSums(
            **{
                name: getattr(self, name) + getattr(other, name)
                for name in self.__struct_fields__
            }
        )


class Spreads(Struct, frozen=True, kw_only=True):
    """What cannot be added up: percentiles over the single calls, lines and advices."""

    duration_p50: float | None = None
    duration_p95: float | None = None
    wait_p50: float | None = None
    wait_p95: float | None = None
    advice_p50: float | None = None
    advice_p95: float | None = None
    lag_p50: float | None = None
    lag_p95: float | None = None


class TimeSums(Struct, frozen=True, kw_only=True):
    """What agents were doing in a bucket, in ms."""

    on_call_time_ms: int = 0
    wrap_up_time_ms: int = 0
    available_time_ms: int = 0
    away_time_ms: int = 0

    def __add__(self, other: "TimeSums") -> "TimeSums":
        return TimeSums(
            **{
                name: getattr(self, name) + getattr(other, name)
                for name in self.__struct_fields__
            }
        )


class Terms(Struct, frozen=True, kw_only=True):
    """What the site counts as in time, as gone at once, and as resolved."""

    answer_within_ms: int
    short_ms: int
    resolved: tuple[str, ...]


class Asked(Struct, frozen=True, kw_only=True):
    """`edges` are the beginnings of the buckets and the end of the last, in order."""

    edges: tuple[datetime, ...]
    by: By
    terms: Terms
    agent: str | None = None  # id of the account
    queue: str | None = None


class Found(Struct, frozen=True, kw_only=True):
    """The sums of one group in one bucket. `bucket` counts from 0; None: all of them.
    `name` is the newest of an agent."""

    bucket: int | None
    group: str
    name: str
    calls: CallSums
    spreads: Spreads
    times: TimeSums
