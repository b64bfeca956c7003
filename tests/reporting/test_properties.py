"""Whatever the calls are: parts weigh right, and time that is cut up adds up again."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import count
from math import isclose
from operator import add
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.reporting.figures import Figure
from appliance.reporting.handling import HANDLING, OUTCOMES
from appliance.reporting.measure import Measure
from appliance.reporting.queues import queue_measures
from appliance.reporting.talking import ADVICE, MOOD, TALK
from appliance.store.adding import found
from appliance.store.event import AgentBecame, Event
from appliance.store.log import SessionLog
from appliance.store.sums import Asked, CallSums, Found, Spreads, Terms, TimeSums
from tests.reporting.calls import NOON

EVERY: tuple[Measure, ...] = (
    *HANDLING, *queue_measures(20, 5), *OUTCOMES, *MOOD, *TALK, *ADVICE,
)  # fmt: skip

# These stand for themselves, or count; the others are shares and means.
COUNTS = {"calls", "handled", "offered"}
TIMES = {"time_on_call", "time_wrap_up", "time_available", "time_away"}
SPREADS = {name for one in EVERY if (name := one.info.name).endswith(("_p50", "_p95"))}
WEIGHED = [
    one for one in EVERY if one.info.name not in COUNTS | TIMES | SPREADS | {"utilisation"}
]


def some_call(chance: Random) -> CallSums:
    """One call as it might be: what was not answered has no duration, and so on."""
    queued, answered, in_time = (chance.random() < 0.7 for _ in range(3))
    short = queued and not answered and chance.random() < 0.2
    offered, heard = queued and not short, answered and chance.random() < 0.8
    judged, known, felt = (answered and chance.random() < 0.5 for _ in range(3))
    shown = chance.randrange(5) * heard
    wait, duration = chance.randrange(60_000), chance.randrange(1, 600_000) * answered
    return CallSums(
        calls=1,
        handled=answered,
        duration_ms=duration,
        hold_ms=chance.randrange(duration + 1),
        wrap_up_ms=chance.randrange(60_000) * answered,
        wrapped_up=answered,
        offered=offered,
        queued=queued,
        gone=queued and not answered,
        answered=offered and answered,
        answered_in_time=offered and answered and in_time,
        answer_wait_ms=wait * (offered and answered),
        abandoned=offered and not answered,
        abandoned_in_time=offered and not answered and in_time,
        gone_in_time=queued and not answered and in_time,
        abandon_wait_ms=wait * (offered and not answered),
        responses=heard,
        response_ms=wait * heard,
        resolved=judged and chance.random() < 0.5,
        judged=judged,
        known=known,
        repeated=known and chance.random() < 0.5,
        mood_sum=chance.randrange(-100, 101) * felt,
        moods=felt,
        trend_up=felt and in_time,
        trend_down=felt and not in_time,
        alerted=chance.random() < 0.1,
        agent_ms=chance.randrange(9000) * heard,
        customer_ms=chance.randrange(9000) * heard,
        quiet_ms=chance.randrange(duration + 1) * heard,
        heard_duration_ms=duration * heard,
        heard=heard,
        agent_interrupted=chance.randrange(4) * heard,
        customer_interrupted=chance.randrange(4) * heard,
        advice_shown=shown,
        advice_used=chance.randrange(shown + 1),
        advice_copied=chance.randrange(shown + 1),
        advice_dismissed=chance.randrange(shown + 1),
        advice_said=chance.randrange(shown + 1),
        advice_expired=chance.randrange(shown + 1),
        advice_withheld=chance.randrange(4) * heard,
        agent_words=(words := chance.randrange(500) * heard),
        agent_words_ms=words * chance.randrange(1, 900),
        customer_words=(more := chance.randrange(500) * heard),
        customer_words_ms=more * chance.randrange(1, 900),
        drafts=judged,
        draft_changed=chance.random() * judged,
        checks_done=chance.randrange(3) * heard,
        checks_counted=3 * heard,
    )


def some_part(chance: Random) -> Found:
    calls = [some_call(chance) for _ in range(chance.randrange(6))]
    spent = {name: chance.randrange(9000) for name in TimeSums.__struct_fields__}
    return of(reduce(add, calls, CallSums()), TimeSums(**spent))


def of(calls: CallSums, times: TimeSums) -> Found:
    return Found(bucket=0, group="", name="", calls=calls, spreads=Spreads(), times=times)


@given(seed=st.integers(0, 2**32), number=st.integers(1, 5))
def test_a_measure_of_the_whole_is_that_of_its_parts_by_their_weight(
    seed: int, number: int
) -> None:
    chance = Random(seed)
    parts = [some_part(chance) for _ in range(number)]
    whole = of(
        reduce(add, (part.calls for part in parts)),
        reduce(add, (part.times for part in parts)),
    )
    for measure in WEIGHED:
        figures = [measure.of(part) for part in parts]
        if any(figure.value is None and figure.n for figure in figures):
            continue  # hidden by its own choice
        known = [figure for figure in figures if figure.value is not None]
        assert not known or close(measure.of(whole), known), measure.info.name


def close(whole: Figure, parts: Sequence[Figure]) -> bool:
    weighed = sum(part.n * (part.value or 0) for part in parts)
    total = sum(part.n for part in parts)
    assert whole.value is not None
    return isclose(whole.value, weighed / total, abs_tol=1e-9)


MOMENTS = st.lists(
    st.tuples(
        st.integers(0, 3 * 86_400_000),
        st.sampled_from(["available", "on_call", "wrap_up", "away", "off"]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda moment: moment[0],
)
INNER = st.lists(st.integers(1, 3 * 86_400_000 - 1), max_size=6, unique=True)
END = NOON + timedelta(days=3)
TERMS = Terms(answer_within_ms=20_000, short_ms=5000, resolved=())


def at(ms: int) -> datetime:
    return NOON + timedelta(milliseconds=ms)


def test_time_that_is_cut_at_the_edges_of_buckets_adds_up(tmp_path: Path) -> None:
    log, numbers = SessionLog(tmp_path / "record.duckdb"), count()

    @settings(max_examples=40)
    @given(moments=MOMENTS, inner=INNER)
    def adds_up(moments: list[tuple[int, str]], inner: list[int]) -> None:
        agent = f"a{next(numbers)}"
        log.write([became(agent, ms, state) for ms, state in sorted(moments)])
        bounds = (NOON, *map(at, sorted(inner)), END)
        asked = Asked(edges=bounds, by="site", terms=TERMS, agent=agent)
        rows = found(log, asked, ["times"], END)
        whole = reduce(add, (r.times for r in rows if r.bucket is None), TimeSums())
        parts = reduce(add, (r.times for r in rows if r.bucket is not None), TimeSums())
        assert parts == whole == by_hand(sorted(moments))

    adds_up()
    log.close()


def became(agent: str, ms: int, state: str) -> Event:
    fact = AgentBecame(agent=agent, name="Ann", state=state)  # type: ignore[arg-type]
    return Event.of_box(fact, at(ms).astimezone(UTC))


def by_hand(moments: Sequence[tuple[int, str]]) -> TimeSums:
    spent = dict.fromkeys(("available", "on_call", "wrap_up", "away", "off"), 0)
    ends = [ms for ms, _ in moments[1:]] + [3 * 86_400_000]
    for (ms, state), end in zip(moments, ends, strict=True):
        spent[state] += end - ms
    del spent["off"]
    return TimeSums(**{f"{state}_time_ms": ms for state, ms in spent.items()})
