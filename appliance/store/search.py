"""What is looked for among the calls, and the questions in SQL that find it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct

from appliance.messages import MoodLabel, Trend

SessionStatus: TypeAlias = Literal["waiting", "active", "ended", "interrupted"]

MOST_SESSIONS = 500

# A sentence pasted into the search box; more words find no other calls.
MOST_WORDS = 12

# How many texts of a call are shown with it.
MOST_MATCHES = 2

# A word that more calls than these may have is frequent: the newest page of it is found
# soon. Looking through the words of all calls takes 190 ms for 100,000 of them.
FEW = 1000

# Enough to tell any word from the others.
_MOST_GRAMS = 16

WORDS = "SELECT words_of($text), grams_of(words_of($text))"

COLUMNS = """n, call_id, started, ended, status, reason, agent, customer, concern,
    outcome, summary, language, turns, queue, mood, call_score, trend, alerts"""

# Ask this of the handful of calls on a page only: it reads all that was said in them.
_MATCHES = f"""
list_slice(
    list_filter(texts, lambda one: len(list_filter(
        $words, lambda word: contains(folded(one.text), word)
    )) > 0),
    1, {MOST_MATCHES}
)
"""


TOOK_PART = "list_contains(staff, $took_part)"


class Search(Struct, frozen=True, kw_only=True):
    """Calls to look for, newest first. What is empty does not matter.

    `text` must have all its words somewhere in the call (said, typed, why they called, the
    summary) or in the names; a word may be the beginning or the middle of a longer one.
    Case and accents never matter.
    """

    text: str = ""
    agent: str = ""  # the whole name
    customer: str = ""
    queue: str = ""
    outcome: str = ""
    mood: MoodLabel | None = None  # the calls ended in
    trend: Trend | None = None
    alert: str = ""  # "any", "mood", "rule", or "rule:" and the name of one
    status: SessionStatus | None = None
    since: datetime | None = None  # calls that started then or later
    until: datetime | None = None  # calls that started before
    before: str | None = None  # only calls that began before this one did
    limit: int = 50
    took_part: str | None = None  # only calls of this account or token


EVERYTHING = Search()


class Sql(NamedTuple):
    """A piece of a question, and the values that are bound in it."""

    sql: str
    values: Mapping[str, object]


ENDED = Sql("session", {})

NOWHERE = Sql("false", {})


def going_on(running: Mapping[str, int]) -> Sql:
    """Calls without a row yet, by the position of their first event; at least one."""
    known = {"first": min(running.values()), "wanted": list(running)}
    return Sql("summed_up($first, $wanted)", known)


def having(words: Sequence[str]) -> Sql:
    """Calls with all of these words."""
    values = {f"word{n}": word for n, word in enumerate(words)}
    return Sql(" AND ".join(f"contains(words, ${name})" for name in values), values)


def likely(grams: Sequence[int]) -> Sql:
    """The calls that may have the words with these grams: 18 ms for 100,000 calls."""
    values = {f"gram{n}": gram for n, gram in enumerate(grams[:_MOST_GRAMS])}
    return Sql(" AND ".join(f"get_bit(grams, ${name}) = 1" for name in values), values)


def among(positions: Sequence[int]) -> Sql:
    # One by one: by a list of them, the texts of all calls would be read.
    values = {f"at{k}": n for k, n in enumerate(positions)}
    return Sql(f"n IN ({', '.join(f'${name}' for name in values)})", values)


def page_of(source: Sql, search: Search, before: int | None, limit: int, *text: Sql) -> Sql:
    """The positions of the newest calls that fit the filters, and these conditions."""
    conditions = {
        "agent": "folded(agent) = folded($agent)",
        "customer": "folded(customer) = folded($customer)",
        "queue": "folded(queue) = folded($queue)",
        "outcome": "outcome = $outcome",
        "mood": "mood = $mood",
        "trend": "trend = $trend",
        "status": "status = $status",
        "since": "started >= $since",
        "until": "started < $until",
        "before": "n < $before",
        "took_part": TOOK_PART,
    }
    asked = {
        "agent": search.agent,
        "customer": search.customer,
        "queue": search.queue,
        "outcome": search.outcome,
        "mood": search.mood,
        "trend": search.trend,
        "status": search.status,
        "since": _stored(search.since),
        "until": _stored(search.until),
        "before": before,
    }
    values: dict[str, object] = {
        name: value for name, value in asked.items() if value not in (None, "")
    }
    if search.took_part is not None:  # nobody's calls are not everybody's
        values["took_part"] = search.took_part
    where = [conditions[name] for name in values]
    for condition in (*_warned(search), *text):
        where.append(f"({condition.sql})")
        values |= condition.values
    fits = " AND ".join(where) or "true"
    # The conditions above are all there are; what was typed is bound.
    sql = f"SELECT n FROM {source.sql} WHERE {fits} ORDER BY n DESC LIMIT $limit"  # noqa: S608
    return Sql(sql, {**source.values, **values, "limit": limit})


def rows_at(source: Sql, positions: Sequence[int], words: Sequence[str]) -> Sql:
    """Whole rows, with the texts that have one of the words. `positions` is not empty."""
    matches, values = ("[]", {}) if not words else (_MATCHES, {"words": list(words)})
    places = among(positions)
    fits = f"{places.sql} ORDER BY n DESC"
    # Nothing of this comes from outside.
    sql = f"SELECT {COLUMNS}, {matches} FROM {source.sql} WHERE {fits}"  # noqa: S608
    return Sql(sql, {**source.values, **values, **places.values})


def _warned(search: Search) -> list[Sql]:
    """Calls with such an alert; for their own, whoever took part asks for those alone that
    they were told of."""
    if not search.alert:
        return []
    kind, _, rule = search.alert.partition(":")
    asked = {} if kind == "any" else {"alert_kind": kind}
    asked |= {"alert_rule": rule} if rule else {}
    fits = [f"one.{name.removeprefix('alert_')} = ${name}" for name in asked]
    fits += ["one.told"] if search.took_part is not None else []
    if not fits:
        return [Sql("len(alerts) > 0", {})]
    which = " AND ".join(fits)
    return [Sql(f"len(list_filter(alerts, lambda one: {which})) > 0", asked)]


def _stored(moment: datetime | None) -> datetime | None:
    return moment and moment.astimezone(UTC).replace(tzinfo=None)
