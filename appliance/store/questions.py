"""The questions in SQL that add up what `appliance.store.sums` is made of."""

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec.json import encode

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
    "advice_times": "sum(len(advice_ms))",
    "lags": "sum(len(lag_ms))",
    "checks_done": "sum(checks_done)",
    "checks_counted": "sum(checks_counted)",
}

SPREADS = {
    "duration_p50": "quantile_cont(duration_ms, 0.5)",
    "duration_p95": "quantile_cont(duration_ms, 0.95)",
    "wait_p50": "quantile_cont(wait_ms, 0.5) FILTER (offered AND answered)",
    "wait_p95": "quantile_cont(wait_ms, 0.95) FILTER (offered AND answered)",
}

# As one text: for each value of a list DuckDB looks for a dozen libraries that are not
# there, 0.5 ms during which no other Python runs.
_EDGES = """
edge AS (
    SELECT edge, row_number() OVER (ORDER BY edge) - 1 AS bucket,
        lead(edge, 1, $until) OVER (ORDER BY edge) AS next
    FROM (SELECT unnest(from_json($edges, '["TIMESTAMP"]')) AS edge)
)
"""

_CHOSEN = """
chosen AS (
    SELECT *,
        wait_ms IS NOT NULL AND (answered OR wait_ms >= $short) AS offered,
        wait_ms <= $within AS in_time,
        CASE WHEN outcome <> '' THEN list_contains($resolved, outcome)
            WHEN drafted <> '' THEN drafted = 'yes' END AS resolved,
        answered AND agent_ms + customer_ms > 0 AS heard
    FROM measured {placed}
    WHERE came >= $since AND came < $until AND {fits}
)
"""

# Whoever called again is found among all calls, answered or not, of any agent or queue.
_AGAIN = """
again AS (
    SELECT n, lead(came) OVER (PARTITION BY customer ORDER BY came, n)
        <= came + to_days({days}) AS again
    FROM measured
    WHERE customer <> '' AND came >= $since AND came < $until + to_days({days})
)
"""

_SPENT = """
spent AS (
    SELECT agent, name, state, greatest(since, $since) AS since,
        least(until, $until) AS until
    FROM (
        SELECT agent, name, state, since, until FROM agent_time
        UNION ALL
        SELECT agent, name, state, since, $now AS until FROM agent_now
    )
    WHERE until > $since AND since < $until AND until > since AND {fits}
)
"""

_CUT = """
placed AS (
    SELECT spent.*, a.bucket AS first, b.bucket AS last
    FROM spent ASOF JOIN edge AS a ON since >= a.edge
    ASOF JOIN edge AS b ON until > b.edge
),
part AS (
    SELECT agent, name, state, bucket,
        date_diff('millisecond', greatest(since, edge), least(until, next)) AS ms
    FROM (SELECT *, unnest(range(first, last + 1)) AS bucket FROM placed)
    JOIN edge USING (bucket)
)
"""

_WHOLE = """
part AS (
    SELECT agent, name, state, date_diff('millisecond', since, until) AS ms FROM spent
)
"""

BY_BUCKET = "GROUPING SETS ((who), (who, bucket))"

TIMES = ("on_call", "wrap_up", "available", "away")


def of_calls(asked: Asked) -> Sql:
    """Columns: bucket, group, name, then `SUMS` and `SPREADS`."""
    columns = ", ".join([*SUMS.values(), *SPREADS.values()])
    return _grouped(asked, columns, "chosen")


def of_repeats(asked: Asked) -> Sql:
    """Columns: bucket, group, name, known, repeated."""
    return _grouped(
        asked,
        "count(*), count_if(again)",
        "chosen JOIN again USING (n) WHERE answered",
        _AGAIN.format(days=REPEAT_DAYS),
    )


def of_list(asked: Asked, column: str) -> Sql:
    """Percentiles over the values of a list that each call has. Columns: bucket, group,
    name, p50, p95."""
    columns = "quantile_cont(value, 0.5), quantile_cont(value, 0.95)"
    source = f"(SELECT *, unnest({column}) AS value FROM chosen)"  # noqa: S608
    return _grouped(asked, columns, source)


def of_times(asked: Asked, now: datetime) -> Sql:
    """What agents were doing. Columns: bucket, group, name, then `TIMES` in ms."""
    columns = ", ".join(f"coalesce(sum(ms) FILTER (state = '{name}'), 0)" for name in TIMES)
    group = "agent" if asked.by == "agent" else "''"
    name = "any_value(name)" if asked.by == "agent" else "''"
    values, fits = _bounds(asked), "true"
    if asked.agent is not None:
        values["agent"], fits = asked.agent, "agent = $agent"
    parts, bucket, sets = (_EDGES, _SPENT, _CUT), "bucket", BY_BUCKET
    if len(asked.edges) == 2:  # one bucket
        del values["edges"]
        parts, bucket, sets = ("", _SPENT, _WHOLE), "NULL", "who"
    # The conditions are ours; what was asked for is bound.
    sql = f"""WITH {", ".join(filter(None, parts)).replace("{fits}", fits)}
        SELECT {bucket}, {group} AS who, {name}, {columns}
        FROM part GROUP BY {sets}"""  # noqa: S608
    return Sql(sql, values | {"now": stored(now)})


def _grouped(asked: Asked, columns: str, source: str, more: str = "") -> Sql:
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
    edges, placed = _EDGES, "ASOF JOIN edge ON came >= edge"
    bucket, sets = "bucket", BY_BUCKET
    if len(asked.edges) == 2:  # one bucket
        del values["edges"]
        edges, placed, bucket, sets = "", "", "NULL", "who"
    chosen = _CHOSEN.format(placed=placed, fits=" AND ".join(fits))
    sql = f"""WITH {", ".join(filter(None, (edges, chosen, more)))}
        SELECT {bucket}, {group} AS who, {name}, {columns}
        FROM {source} GROUP BY {sets}"""  # noqa: S608
    return Sql(sql, values)


def _bounds(asked: Asked) -> dict[str, object]:
    edges = [stored(edge) for edge in asked.edges]
    return {"edges": encode(edges[:-1]).decode(), "since": edges[0], "until": edges[-1]}


def stored(moment: datetime) -> datetime:
    """As the record has it: UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)
