"""Which calls a figure counts, as conditions in SQL: for the sums, and for the list of the
calls behind them."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from appliance.store.sums import Terms

Counted: TypeAlias = Literal[
    "calls",
    "handled",
    "queued",
    "offered",
    "offered_in_question",
    "answered",
    "abandoned",
    "responded",
    "judged",
    "known",
    "checked",
    "mood",
    "spoken",
    "heard",
    "agent_words",
    "customer_words",
    "advised",
    "sought",
    "advice_timed",
    "lines_timed",
    "drafted",
]

# Conditions on `chosen`.
CONDITIONS: Mapping[Counted, str] = {
    "calls": "true",
    "handled": "answered",
    "queued": "wait_ms IS NOT NULL",
    "offered": "offered",
    # Whoever gave up in time is no question of the service level.
    "offered_in_question": "offered AND (answered OR NOT in_time)",
    "answered": "offered AND answered",
    "abandoned": "offered AND NOT answered",
    "responded": "response_ms IS NOT NULL",
    "judged": "answered AND resolved IS NOT NULL",
    "known": "answered AND customer <> ''",
    "checked": "checks_counted > 0",
    "mood": "mood IS NOT NULL",
    "spoken": "agent_ms + customer_ms > 0",
    "heard": "heard",
    "agent_words": "agent_words_ms > 0",
    "customer_words": "customer_words_ms > 0",
    "advised": "advice_shown > 0",
    "sought": "advice_shown + advice_withheld > 0",
    "advice_timed": "len(advice_ms) > 0",
    "lines_timed": "len(lag_ms) > 0",
    "drafted": "draft_changed IS NOT NULL",
}

CHOSEN = """
chosen AS (
    SELECT *, {bucket} AS bucket,
        wait_ms IS NOT NULL AND (answered OR wait_ms >= $short) AS offered,
        wait_ms <= $within AS in_time,
        CASE WHEN outcome <> '' THEN list_contains($resolved, outcome)
            WHEN drafted <> '' THEN drafted = 'yes' END AS resolved,
        answered AND agent_ms + customer_ms > 0 AS heard
    FROM {calls}
    WHERE came >= $since AND came < $until AND {fits}
)
"""


class Count(Struct, frozen=True, kw_only=True):
    """The calls behind a figure of the site, or of an agent."""

    of: Counted
    terms: Terms
    account: str = ""  # id of the agent's
