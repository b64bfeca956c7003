"""What is looked for among the calls, and the questions in SQL that find it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import reduce
from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct
from msgspec.json import encode

from appliance.messages import MoodLabel, Trend
from appliance.store.counted import CHOSEN, CONDITIONS, Count

SessionStatus: TypeAlias = Literal["waiting", "active", "ended", "interrupted"]

MOST_SESSIONS = 500

# A sentence pasted into the search box; more words find no other calls.
MOST_WORDS = 12

# How many texts of a call are shown with it.
MOST_MATCHES = 2

# So many of the newest calls that may have the words are looked into, then so many more:
# 13 ms for 1000. A page of a frequent word is in the first; whatever is in none of them is
# looked for among all words of all calls, 120 to 170 ms for 100,000 of them. DuckDB takes
# its index for no more than 2048 at once.
LOOK_INTO = (250, 2000, 2000)

# Of either sort: enough to tell any word from the others.
_MOST_MARKS = 16

WORDS = "SELECT words_of($text)"

COLUMNS = """n, call_id, started, ended, status, reason, agent, customer, concern,
    outcome, summary, language, turns, queue, mood, call_score, trend, alerts"""

_TEXTS = (
    '[{"source": "VARCHAR", "at_ms": "BIGINT", "speaker": "VARCHAR", "text": "VARCHAR"}]'
)
_ALERTS = '[{"kind": "VARCHAR", "rule": "VARCHAR", "told": "BOOLEAN"}]'

# Ask this of the handful of calls on a page only: it reads all that was said in them.
_MATCHES = f"""
list_slice(
    list_filter(from_json(texts, '{_TEXTS}'), lambda one: len(list_filter(
        $words, lambda word: contains(folded(one.text), word)
    )) > 0),
    1, {MOST_MATCHES}
)
"""


BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
END = datetime(9999, 12, 31, tzinfo=UTC)


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
    # Only those that a figure counts, by when their customer came: `since` and `until`.
    counted: Count | None = None


EVERYTHING = Search()


class Sql(NamedTuple):
    """A piece of a question, and the values that are bound in it."""

    sql: str
    values: Mapping[str, object]


ENDED = Sql("session", {})


def going_on(running: Mapping[str, int]) -> Sql:
    """Calls without a row yet, by the position of their first event; at least one."""
    known = {"first": min(running.values()), "wanted": list(running)}
    return Sql("as_kept($first, $wanted)", known)


def having(words: Sequence[str]) -> Sql:
    """Calls with all of these words."""
    values = {f"word{n}": word for n, word in enumerate(words)}
    return Sql(" AND ".join(f"contains(words, ${name})" for name in values), values)


def likely(words: Sequence[str]) -> Sql | None:
    """The calls that may have these words: 20 ms for 100,000 calls. None: all of them."""
    marks = {"fours": fours_of(words), "grams": grams_of(words)}
    values = {
        f"{column}{n}": mark
        for column, found in marks.items()
        for n, mark in enumerate(found[:_MOST_MARKS])
    }
    if not values:
        return None
    bits = (f"get_bit({name.rstrip('0123456789')}, ${name}) = 1" for name in values)
    return Sql(" AND ".join(bits), values)


def among(positions: Sequence[int], words: Sequence[str]) -> Sql:
    """Those of these calls, at least one, that have all of these words."""
    text = having(words)
    # Beside another condition DuckDB does not look up a position in its index.
    sql = f"""WITH one AS MATERIALIZED (SELECT n, words FROM session WHERE {_at(positions)})
        SELECT n FROM one WHERE {text.sql} ORDER BY n DESC"""  # noqa: S608 - ours
    return Sql(sql, text.values)


def grams_of(words: Sequence[str]) -> list[int]:
    """As the macro of this name has them; to plan it takes 7 ms."""
    return _marks(words, 3, 4096)


def fours_of(words: Sequence[str]) -> list[int]:
    """As the macro of this name."""
    return _marks(words, 4, 4093)


def _marks(words: Sequence[str], letters: int, below: int) -> list[int]:
    runs = {word[n : n + letters] for word in words for n in range(len(word) - letters + 1)}
    return sorted(
        {reduce(lambda sum, one: 31 * sum + ord(one), run, 0) % below for run in runs}
    )


def _at(positions: Sequence[int]) -> str:
    # Written out: with a parameter for each, 51 rows took twice as long.
    return f"n IN ({', '.join(str(int(n)) for n in positions)})"


def page_of(search: Search, before: int | None, limit: int, *text: Sql) -> Sql:
    """The positions of the newest calls that have ended and fit the filters, and these
    conditions."""
    fits = _fits(search, before, *text)
    # The conditions are all ours; what was typed is bound.
    sql = f"SELECT n FROM session WHERE {fits.sql} ORDER BY n DESC LIMIT $limit"  # noqa: S608
    return Sql(sql, {**fits.values, "limit": limit})


def rows_going_on(
    running: Mapping[str, int], search: Search, before: int | None, words: Sequence[str]
) -> Sql:
    """Whole rows of the newest that fit, among the calls that go on. In one question: to
    plan one about these takes 20 ms."""
    source, found = going_on(running), _matches(words)
    # What is in no word is not in the text either: to tell words apart takes longer.
    rows = f"(SELECT *, folded(said) AS words FROM {source.sql})"  # noqa: S608 - ours
    fits = _fits(search, before, *([having(words)] if words else []))
    # As above.
    sql = f"""SELECT {COLUMNS}, {found.sql} FROM {rows}
        WHERE {fits.sql} ORDER BY n DESC LIMIT $limit"""  # noqa: S608
    most = {"limit": search.limit + 1}
    return Sql(sql, {**source.values, **found.values, **fits.values, **most})


def _fits(search: Search, before: int | None, *text: Sql) -> Sql:
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
        "took_part": "contains(staff, $took_part)",
    }
    asked = {
        "agent": search.agent,
        "customer": search.customer,
        "queue": search.queue,
        "outcome": search.outcome,
        "mood": search.mood,
        "trend": search.trend,
        "status": search.status,
        "since": None if search.counted else _stored(search.since),
        "until": None if search.counted else _stored(search.until),
        "before": before,
    }
    values: dict[str, object] = {
        name: value for name, value in asked.items() if value not in (None, "")
    }
    if search.took_part is not None:  # nobody's calls are not everybody's
        values["took_part"] = encode(search.took_part).decode()
    where = [conditions[name] for name in values]
    for condition in (*_warned(search), *_counted(search), *text):
        where.append(f"({condition.sql})")
        values |= condition.values
    return Sql(" AND ".join(where) or "true", values)


def rows_at(source: Sql, positions: Sequence[int], words: Sequence[str]) -> Sql:
    """Whole rows, with the texts that have one of the words. `positions` is not empty."""
    found, fits = _matches(words), f"{_at(positions)} ORDER BY n DESC"
    # Nothing of this comes from outside.
    sql = f"SELECT {COLUMNS}, {found.sql} FROM {source.sql} WHERE {fits}"  # noqa: S608
    return Sql(sql, {**source.values, **found.values})


def _matches(words: Sequence[str]) -> Sql:
    return Sql(_MATCHES, {"words": list(words)}) if words else Sql("[]", {})


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
        return [Sql("alerts <> '[]'", {})]
    which = " AND ".join(fits)
    sql = f"len(list_filter(from_json(alerts, '{_ALERTS}'), lambda one: {which})) > 0"
    return [Sql(f"alerts <> '[]' AND {sql}", asked)]


def _counted(search: Search) -> list[Sql]:
    """The calls behind a figure. Those that go on are behind none."""
    count = search.counted
    if count is None:
        return []
    values: dict[str, object] = {
        "since": _stored(search.since or BEGINNING),
        "until": _stored(search.until or END),
        "short": count.terms.short_ms,
        "within": count.terms.answer_within_ms,
        "resolved": list(count.terms.resolved),
    }
    fits = "true"
    if count.account:
        fits, values["account"] = "agent = $account", count.account
    chosen = CHOSEN.format(bucket="NULL", calls="measured", fits=fits)
    # The conditions are ours; what was asked for is bound.
    sql = f"n IN (WITH {chosen} SELECT n FROM chosen WHERE {CONDITIONS[count.of]})"  # noqa: S608
    return [Sql(sql, values)]


def _stored(moment: datetime | None) -> datetime | None:
    return moment and moment.astimezone(UTC).replace(tzinfo=None)
