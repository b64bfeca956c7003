"""The questions in SQL that add up what `appliance.store.sums` is made of."""

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec.json import encode

from appliance.store.buckets import bucket_of
from appliance.store.counted import CHOSEN
from appliance.store.search import Sql
from appliance.store.sums import REPEAT_DAYS, Asked, By

GROUPS: Mapping[By, tuple[str, str]] = {
    "site": ("''", "''"),
    "agent": ("agent", "arg_max(agent_name, n)"),
    "queue": ("queue", "arg_max(queue, n)"),
}

SUMS = {
    "calls": "count(*)",
    "handled": "count_if(answered)",
    "duration_ms": "sum(duration_ms)",
    "hold_ms": "sum(hold_ms) FILTER (answered)",
    "wrap_up_ms": "sum(wrap_up_ms) FILTER (answered)",
    "wrapped_up": "count(wrap_up_ms) FILTER (answered)",
    "offered": "count_if(offered)",
    "queued": "count(wait_ms)",
    "gone": "count(wait_ms) FILTER (NOT answered)",
    "answered": "count_if(offered AND answered)",
    "answered_in_time": "count_if(offered AND answered AND in_time)",
    "answer_wait_ms": "sum(wait_ms) FILTER (offered AND answered)",
    "abandoned": "count_if(offered AND NOT answered)",
    "abandoned_in_time": "count_if(offered AND NOT answered AND in_time)",
    "gone_in_time": "count_if(NOT answered AND in_time)",
    "abandon_wait_ms": "sum(wait_ms) FILTER (offered AND NOT answered)",
    "responses": "count(response_ms)",
    "response_ms": "sum(response_ms)",
    "resolved": "count_if(answered AND resolved)",
    "judged": "count(resolved) FILTER (answered)",
    "mood_sum": "sum(mood)",
    "moods": "count(mood)",
    "trend_up": "count_if(trend = 'up')",
    "trend_down": "count_if(trend = 'down')",
    "alerted": "count_if(alerts > 0)",
    "agent_ms": "sum(agent_ms)",
    "customer_ms": "sum(customer_ms)",
    "quiet_ms": "sum(quiet_ms) FILTER (heard)",
    "heard_duration_ms": "sum(duration_ms) FILTER (heard)",
    "heard": "count_if(heard)",
    "agent_interrupted": "sum(agent_interrupted)",
    "customer_interrupted": "sum(customer_interrupted)",
    "advice_shown": "sum(advice_shown)",
    "advice_used": "sum(advice_used)",
    "advice_copied": "sum(advice_copied)",
    "advice_dismissed": "sum(advice_dismissed)",
    "advice_said": "sum(advice_said)",
    "advice_expired": "sum(advice_expired)",
    "advice_withheld": "sum(advice_withheld)",
    "agent_words": "sum(agent_words)",
    "agent_words_ms": "sum(agent_words_ms)",
    "customer_words": "sum(customer_words)",
    "customer_words_ms": "sum(customer_words_ms)",
    "drafts": "count(draft_changed)",
    "draft_changed": "sum(draft_changed)",
    "checks_done": "sum(checks_done)",
    "checks_counted": "sum(checks_counted)",
}

SPREADS = {
    "duration_p50": "quantile_cont(duration_ms, 0.5)",
    "duration_p95": "quantile_cont(duration_ms, 0.95)",
    "wait_p50": "quantile_cont(wait_ms, 0.5) FILTER (offered AND answered)",
    "wait_p95": "quantile_cont(wait_ms, 0.95) FILTER (offered AND answered)",
}

# Whoever called again is found among all calls, answered or not, of any agent or queue.
_AGAIN = f"""(
    SELECT *, lead(came) OVER (PARTITION BY customer ORDER BY came, n)
        <= came + to_days({REPEAT_DAYS}) AS again
    FROM measured
    WHERE customer <> '' AND came >= $since AND came < $until + to_days({REPEAT_DAYS})
)"""  # noqa: S608 - ours

_SPENT = """
spent AS (
    SELECT {who} AS who, name, state, greatest(since, $since) AS since,
        least(until, $until) AS until
    FROM (
        SELECT agent, name, state, since, until FROM agent_time
        UNION ALL
        SELECT agent, name, state, since, $now AS until FROM agent_now
    )
    WHERE until > $since AND since < $until AND until > since AND {fits}
)
"""

# What was spent until a moment is the time from each beginning before it, less the time
# from each end before it. So nothing is cut up, whatever goes on for however many buckets.
_CUT = """
moved AS (
    SELECT who, state, any_value(name) AS name, coalesce(begun, over) AS bucket,
        if(over IS NULL, 1, -1) * count(*) AS going,
        if(over IS NULL, sum(epoch_ms(since)), -sum(epoch_ms(until))) AS moments
    FROM (SELECT *, {begun} AS begun, {over} AS over FROM spent)
    GROUP BY GROUPING SETS ((who, state, begun), (who, state, over))
),
edge AS (
    SELECT row_number() OVER (ORDER BY next) - 1 AS bucket, epoch_ms(next) AS next
    FROM (SELECT unnest(from_json($ends, '["TIMESTAMP"]')) AS next)
),
reached AS (
    SELECT who, known.name, state, bucket,
        next * sum(coalesce(going, 0)) OVER earlier - sum(coalesce(moments, 0)) OVER earlier
            AS ms
    FROM (SELECT who, state, any_value(name) AS name FROM moved GROUP BY ALL) AS known
    CROSS JOIN edge
    LEFT JOIN moved USING (who, state, bucket)
    WINDOW earlier AS (PARTITION BY who, state ORDER BY bucket)
),
part AS (
    SELECT who, name, state, bucket,
        ms - lag(ms, 1, 0) OVER (PARTITION BY who, state ORDER BY bucket) AS ms
    FROM reached
)
"""

_WHOLE = """
part AS (
    SELECT who, name, state, date_diff('millisecond', since, until) AS ms FROM spent
)
"""

BY_BUCKET = "GROUPING SETS ((who), (who, bucket))"

# Of the single values of the lists.
DELAYS = {
    "advice_times": "count(advice)",
    "lags": "count(lag)",
    "advice_p50": "quantile_cont(advice, 0.5)",
    "advice_p95": "quantile_cont(advice, 0.95)",
    "lag_p50": "quantile_cont(lag, 0.5)",
    "lag_p95": "quantile_cont(lag, 0.95)",
}

TIMES = ("on_call", "wrap_up", "available", "away")


def of_calls(asked: Asked) -> Sql:
    """Columns: bucket, group, name, then `SUMS` and `SPREADS`."""
    columns = ", ".join([*SUMS.values(), *SPREADS.values()])
    return _grouped(asked, columns, "chosen")


def of_repeats(asked: Asked) -> Sql:
    """Columns: bucket, group, name, known, repeated."""
    return _grouped(asked, "count(*), count_if(again)", "chosen WHERE answered", _AGAIN)


def of_delays(asked: Asked) -> Sql:
    """Of the values of the lists that each call has. Columns: bucket, group, name, then
    `DELAYS`."""
    source = "(SELECT *, unnest(advice_ms) AS advice, unnest(lag_ms) AS lag FROM chosen)"
    return _grouped(asked, ", ".join(DELAYS.values()), source)


def of_times(asked: Asked, now: datetime) -> Sql:
    """What agents were doing. Columns: bucket, group, name, then `TIMES` in ms."""
    columns = ", ".join(f"coalesce(sum(ms) FILTER (state = '{name}'), 0)" for name in TIMES)
    who, name = ("agent", "any_value(name)") if asked.by == "agent" else ("''", "''")
    values, fits = {**_bounds(asked), "now": stored(now)}, "true"
    if asked.agent is not None:
        values["agent"], fits = asked.agent, "agent = $agent"
    cut, bucket, sets = _WHOLE, "NULL", "who"
    if len(asked.edges) > 2:
        ends = [stored(edge) for edge in asked.edges[1:]]
        # As one text: for each value of a list DuckDB looks for a dozen libraries that are
        # not there, 0.5 ms during which no other Python runs.
        values["ends"] = encode(ends).decode()
        begun, over = (bucket_of(column, asked.edges) for column in ("since", "until"))
        cut, bucket, sets = _CUT.format(begun=begun, over=over), "bucket", BY_BUCKET
    # The conditions are ours; what was asked for is bound.
    sql = f"""WITH {_SPENT.format(who=who, fits=fits)}, {cut}
        SELECT {bucket}, who, {name}, {columns}
        FROM part WHERE ms > 0 GROUP BY {sets}"""  # noqa: S608
    return Sql(sql, values)


def _grouped(asked: Asked, columns: str, source: str, calls: str = "measured") -> Sql:
    """Each group in all, and in each bucket where there is more than one."""
    group, name = GROUPS[asked.by]
    values = _bounds(asked) | {
        "short": asked.terms.short_ms,
        "within": asked.terms.answer_within_ms,
        "resolved": list(asked.terms.resolved),
    }
    fits = ["agent <> ''"] if asked.by == "agent" else ["true"]
    for what in ("agent", "queue"):
        if (wanted := getattr(asked, what)) is not None:
            values[what] = wanted
            fits.append(f"{what} = ${what}")
    placed, bucket, sets = "NULL", "NULL", "who"
    if len(asked.edges) > 2:
        placed, bucket, sets = bucket_of("came", asked.edges), "bucket", BY_BUCKET
    chosen = CHOSEN.format(bucket=placed, calls=calls, fits=" AND ".join(fits))
    sql = f"""WITH {chosen}
        SELECT {bucket}, {group} AS who, {name}, {columns}
        FROM {source} GROUP BY {sets}"""  # noqa: S608
    return Sql(sql, values)


def _bounds(asked: Asked) -> dict[str, object]:
    return {"since": stored(asked.edges[0]), "until": stored(asked.edges[-1])}


def stored(moment: datetime) -> datetime:
    """As the record has it: UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)
