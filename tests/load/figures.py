"""How fast figures are: `python -m tests.load.figures FILE [--calls N] [--seconds S]`.

Fills FILE, if it is new, with a year of N calls of 10 events each and the time of their 50
agents. Then asks for figures as the dashboard does while 20 calls write: each appends a
partial twice a second and commits a final every 2 s, ends after a minute, is written up,
and another begins. Times in ms; a commit is waited for as the box waits before it shows a
final.
"""

import argparse
import random
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import perf_counter

import anyio
import duckdb
import numpy as np
from msgspec.structs import replace

from appliance.messages import Transcript
from appliance.reporting.desk import Question, Reporting
from appliance.settings import ReportingSettings
from appliance.store.event import AgentBecame, CallEnded, CallStarted, Event, Joined, WrapUp
from appliance.store.writer import Store

NOW = datetime(2025, 3, 1, tzinfo=UTC)
WRITERS, FINALS = 20, 30
TEXT = "I would like to know what became of the parcel that I sent last week " * 2

# A call every five minutes or so; every twelfth gives up.
FILL = """
CREATE TEMP TABLE made AS
SELECT i, 'call-' || i AS id, i * 7919 % 45 AS wait, 30 + i * 104729 % 600 AS length,
    i % 50 AS agent, i % 12 = 0 AS gone,
    TIMESTAMP '2024-03-01' + to_seconds((i * 31536000 // $calls)::BIGINT) AS came
FROM range($calls) AS t(i);
INSERT INTO event
SELECT row_number() OVER (ORDER BY i, seq) - 1, id, seq, at_ms,
    came + to_milliseconds(late), kind, payload
FROM (
    SELECT i, id, came, 1 AS seq, 0 AS at_ms, 0 AS late, 'call_started' AS kind,
        '{"type":"call_started"}' AS payload FROM made
    UNION ALL SELECT i, id, came, 2, 0, 0, 'joined',
        printf('{"role":"customer","name":"C%d","queue":"q%d"}', i % 30000, i % 4) FROM made
    UNION ALL SELECT i, id, came, 3, 0, 1000 * wait, 'joined',
        printf('{"role":"agent","name":"Agent %d","person":"a%d"}', agent, agent)
        FROM made WHERE NOT gone
    UNION ALL SELECT i, id, came, 4, 0, 1000 * wait, 'customer',
        printf('{"source":"start","card":{"id":"K%d"}}', i % 30000) FROM made
    UNION ALL SELECT i, id, came, 5, 9000, 1000 * wait + 9500, 'transcript', printf('{"id":'
        '"t1","speaker":"customer","is_final":true,"start_ms":0,"end_ms":9000,"text":"%s"}',
        $text) FROM made WHERE NOT gone
    UNION ALL SELECT i, id, came, 6, 20000, 1000 * wait + 20700, 'transcript', printf(
        '{"id":"t2","speaker":"agent","is_final":true,"start_ms":14000,"end_ms":20000,'
        '"text":"%s"}', $text) FROM made WHERE NOT gone
    UNION ALL SELECT i, id, came, 7, 20000, 1000 * wait + 21000, 'sentiment',
        printf('{"id":"t1","trend":"up","call_score":%d}', i % 200 - 100)
        FROM made WHERE NOT gone
    UNION ALL SELECT i, id, came, 8, 20000, 1000 * wait + 22000, 'ai_suggestion',
        '{"id":"s","status":"done","suggestion":"Look it up.","is_final":true}'
        FROM made WHERE NOT gone
    UNION ALL SELECT i, id, came, 9, 20000, 1000 * wait + 22000, 'advice_began',
        printf('{"id":"s","after_ms":%d}', 300 + i % 1700) FROM made WHERE NOT gone
    UNION ALL SELECT i, id, came, 10, 1000 * length, 1000 * (wait + length), 'call_ended',
        '{"reason":"hangup"}' FROM made
    UNION ALL SELECT i, id, came, 11, 1000 * length, 1000 * (wait + length + 60), 'wrap_up',
        '{"outcome":"resolved","summary":"","after_s":60}' FROM made WHERE NOT gone
);
INSERT INTO agent_time
SELECT 'a' || agent, 'Agent ' || agent, state, id, since, until FROM (
    SELECT *, came + to_seconds(wait) AS answer FROM made WHERE NOT gone
), LATERAL (VALUES
    ('on_call', answer, answer + to_seconds(length)),
    ('wrap_up', answer + to_seconds(length), answer + to_seconds(length + 60)),
    ('available', answer + to_seconds(length + 60), answer + to_seconds(14400))
) AS t(state, since, until);
INSERT INTO session SELECT * FROM summed_up(0, NULL) WHERE ended IS NOT NULL ORDER BY n;
INSERT INTO measured SELECT * FROM measures_of(0, NULL) ORDER BY n;
UPDATE settled SET n = (SELECT max(n) + 1 FROM event);
"""


def fill(path: Path, calls: int) -> None:
    Store.open(path).close()
    begun = perf_counter()
    with duckdb.connect(str(path)) as db:
        for statement in db.extract_statements(FILL):
            known = {"calls": calls, "text": TEXT}
            names = statement.named_parameters
            db.execute(statement, {name: known[name] for name in names})
        [(events,)] = db.execute("SELECT count(*) FROM event").fetchall()
    sys.stdout.write(f"{events} events in {perf_counter() - begun:.0f} s\n")


def asked() -> dict[str, Question]:
    """What a dashboard asks for: everything at once, or a chart."""
    day = Question(since=NOW - timedelta(days=1), until=NOW, grain="quarter_hour")
    week = replace(day, since=NOW - timedelta(days=7), grain="hour")
    month = replace(day, since=NOW - timedelta(days=30), grain="day")
    year = replace(day, since=NOW - timedelta(days=365), grain="day")
    return {
        "a day by quarters": day,
        "a week by hours": week,
        "a month by days": month,
        "a month by agents": replace(month, by="agent", grain=None),
        "a month by queues": replace(month, by="queue", grain=None),
        "a year": replace(year, grain=None),
        "a year by days": year,
        "a year by agents": replace(year, by="agent", grain=None),
        "a year's service level by days": replace(year, measures=("service_level",)),
    }


async def measure(path: Path, seconds: float) -> None:
    with Store.open(path) as store:
        reporting = Reporting(ReportingSettings(time_zone="Europe/Berlin"), store)
        commits: list[float] = []
        everything: list[float] = []
        times: dict[str, list[float]] = {name: [] for name in asked()}
        async with anyio.create_task_group() as writers:
            for number in range(WRITERS):
                writers.start_soon(talk, store, number, commits)
            until = perf_counter() + seconds
            async for name, question in round_and_round(until):
                begun = perf_counter()
                await reporting.metrics(question, NOW)
                times[name].append(1e3 * (perf_counter() - begun))
                # A dashboard asks again every few seconds; this one more often.
                await anyio.sleep(0.2)
            writers.cancel_scope.cancel()
    for name, took in times.items():
        everything += took
        report(name, took)
    report("all", everything)
    report("commits meanwhile", commits)


async def round_and_round(until: float) -> AsyncIterator[tuple[str, Question]]:
    while True:
        for name, question in asked().items():
            if perf_counter() > until:
                return
            yield name, question


async def talk(store: Store, number: int, took: list[float]) -> None:
    await anyio.sleep(2 * number / WRITERS)
    for turn in count():
        call = Writer(store, f"live-{number}-{turn}", f"a{number}", took)
        await call.run(already=random.randrange(FINALS) if turn == 0 else 0)


class Writer:
    """One call after the other, of one agent."""

    def __init__(self, store: Store, call_id: str, agent: str, took: list[float]) -> None:
        self._store, self._call_id, self._agent = store, call_id, agent
        self._took = took
        self._seq = 0

    async def run(self, already: int) -> None:
        self._note(CallStarted())
        self._note(Joined(role="customer", name="Ada"))
        self._note(Joined(role="agent", name=self._agent, person=self._agent))
        self._become("on_call")
        for turn in range(already, FINALS):
            for _ in range(4):
                self._store.append(self._said(turn, is_final=False))
                await anyio.sleep(0.5)
            await self._commit(self._said(turn, is_final=True))
        await self._commit(self._event(CallEnded(reason="hangup")))
        self._become("wrap_up")
        await anyio.sleep(3)
        await self._commit(self._event(WrapUp(outcome="resolved", summary="", after_s=3)))
        self._become("available", wrote_up=self._call_id)

    async def _commit(self, event: Event) -> None:
        begun = perf_counter()
        await self._store.commit(event)
        self._took.append(1e3 * (perf_counter() - begun))

    def _note(self, fact: CallStarted | Joined) -> None:
        self._store.append(self._event(fact))

    def _become(self, state: str, wrote_up: str = "") -> None:
        became = AgentBecame(
            agent=self._agent,
            name=self._agent,
            state=state,  # type: ignore[arg-type]
            call_id=self._call_id if not wrote_up else "",
            wrote_up=wrote_up,
        )
        self._store.append(Event.of_box(became, datetime.now(UTC)))

    def _event(self, fact: CallStarted | Joined | CallEnded | WrapUp) -> Event:
        self._seq += 1
        return Event.note(
            fact, call_id=self._call_id, seq=self._seq, at_ms=0, wall=datetime.now(UTC)
        )

    def _said(self, turn: int, *, is_final: bool) -> Event:
        self._seq += 1
        text = Transcript(
            seq=self._seq, id=f"t{turn}", speaker="customer", text=TEXT,
            is_final=is_final, start_ms=2000 * turn, end_ms=2000 * turn + 1500,
        )  # fmt: skip
        now = datetime.now(UTC)
        return Event.of(text, call_id=self._call_id, at_ms=text.end_ms, wall=now)


def report(name: str, took: list[float]) -> None:
    p50, p95, p99 = np.percentile(took, [50, 95, 99])
    sys.stdout.write(
        f"| {name} | {len(took)} | {p50:.0f} | {p95:.0f} | {p99:.0f} | {max(took):.0f} |\n"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", type=Path)
    options.add_argument("--calls", type=int, default=100_000)
    options.add_argument("--seconds", type=float, default=120)
    chosen = options.parse_args()
    if not chosen.file.exists():
        fill(chosen.file, chosen.calls)
    anyio.run(measure, chosen.file, chosen.seconds)


if __name__ == "__main__":
    main()
