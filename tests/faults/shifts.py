"""Agents whose box is killed under them, and what the record then says of their time."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import anyio
import httpx
from websockets.exceptions import ConnectionClosed

from appliance.access.access import Access
from appliance.duty import AgentState, Be, OnDuty
from appliance.store.log import Row, SessionLog
from tests.access.site import CHEAP, hire
from tests.server.live import Keys
from tests.server.test_agent_socket import Desk, desk

TIMES = """
SELECT state, call_id, since, until FROM agent_time WHERE name = ? ORDER BY since, until
"""
# All that says when calls are over and shifts are is written by the next start.
LAST_SIGN = "SELECT max(wall) FROM event WHERE wall BETWEEN ? AND ?"

Does = tuple[str, str]  # state, call


class Life(NamedTuple):
    """One of the box, as one agent's page has seen it. Times are UTC, as in the record."""

    began: datetime
    killed: datetime
    told: Sequence[Does]  # each that is not the one before


class LineCut(Exception):
    """Nothing more will be told."""


class Agent:
    """And their page, which outlives every crash."""

    def __init__(self, name: str, keys: Mapping[str, str]) -> None:
        self.name = name
        self.keys = keys
        self.state: AgentState = "available"
        self.call_id = ""
        self.lives: list[Life] = []
        self._told: list[Does] = []
        self._began = now()
        self._news = anyio.Event()
        self._listens = False

    @asynccontextmanager
    async def on_duty(self, url: str) -> AsyncIterator[Desk]:
        """Their page comes, or comes back. What it is told is read in the background."""
        self._told, self._began, self._listens = [], now(), True
        told = OnDuty(state=self.state, call_id=self.call_id)
        async with desk(url, told, self.keys) as page, anyio.create_task_group() as reading:
            self._take(await page.next())
            reading.start_soon(self._read, page)
            yield page
            reading.cancel_scope.cancel()

    async def until(self, state: AgentState) -> None:
        while self.state != state:
            if not self._listens:
                raise LineCut
            await self._news.wait()

    async def free(self, url: str) -> None:
        """To take calls: what the crash has left them to write up is done."""
        if self.state == "wrap_up":
            await self.write_up(url)
        assert self.state == "available"

    async def write_up(self, url: str) -> None:
        """The call that they are at. Return once that is done."""
        note = {"outcome": "resolved", "summary": "done"}
        await self._post(url, f"/api/sessions/{self.call_id}/wrap-up", note)
        await self.until("available")

    async def answer(self, url: str, call_id: str) -> None:
        await self._post(url, f"/api/calls/match/{call_id}", {"role": "agent"})

    async def _post(self, url: str, path: str, wish: Mapping[str, str]) -> None:
        keys = dict(self.keys)
        async with httpx.AsyncClient(base_url=url, headers=keys, timeout=20) as http:
            answer = await http.post(path, json=wish)
        assert answer.status_code == 200, answer.text

    def cut_off(self, killed: datetime) -> None:
        self.lives.append(Life(self._began, killed, tuple(self._told)))

    async def _read(self, page: Desk) -> None:
        with suppress(ConnectionClosed):
            while True:
                self._take(await page.next())
        self._listens = False
        self._news.set()

    def _take(self, told: Mapping[str, str]) -> None:
        if told["type"] != "duty":
            return
        does = (told["state"], told["call_id"])
        if self._told[-1:] != [does]:
            self._told.append(does)
        self.state, self.call_id = told["state"], told["call_id"]  # type: ignore[assignment]
        self._news.set()
        self._news = anyio.Event()


async def come_and_go(agent: Agent, page: Desk, pause_s: float) -> None:
    """Breaks without end."""
    while True:
        await page.send(Be(state="available" if agent.state == "away" else "away"))
        await anyio.sleep(pause_s)


def hired(folder: Path, names: Sequence[str]) -> list[Agent]:
    """Agents of the site whose data are there, all signed in; no server runs yet."""
    with Access.open(folder, CHEAP) as access:
        return [
            Agent(name, Keys.of_person(anyio.run(hire, access, name, "agent")).headers)
            for name in names
        ]


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def wrong_times(log: SessionLog, agent: Agent) -> list[str]:
    """What the record of their time has too much, too little, or otherwise than it was."""
    rows, wrong = log.ask(TIMES, [agent.name]), list[str]()
    for n, life in enumerate(agent.lives):
        mine = [row for row in rows if life.began <= row[2] <= life.killed]
        [(last,)] = log.ask(LAST_SIGN, [life.began, life.killed])
        wrong += [f"{agent.name}, moment {n}: {one}" for one in _wrong(life, mine, last)]
    counted = sum((row[3] - row[2]).total_seconds() for row in rows)
    there = sum(
        (life.killed - life.began).total_seconds() for life in agent.lives if life.told
    )
    if counted > there:
        wrong.append(f"{agent.name}: {counted:.1f} s of time, and there for {there:.1f} s")
    return wrong


def _wrong(life: Life, rows: Sequence[Row], last: datetime) -> list[str]:
    wrong, told = [], list(life.told)
    kept = [(state, call_id) for state, call_id, _, _ in rows]
    # What was new in the very last moment may be on its way to the page, or to the disk.
    if not (kept == told or kept == told[:-1] or kept[:-1] == told):
        wrong.append(f"was told {told}, and {kept} was kept")
    edges = [row[3] for row in rows[:-1]]
    if edges != [row[2] for row in rows[1:]]:
        wrong.append("there are holes, or time that counts twice")
    if rows and rows[-1][3] != last:
        wrong.append(f"the last ends at {rows[-1][3]}, the last sign of life is {last}")
    return wrong


COUNTED = """
SELECT call_id,
    (SELECT count(*) FROM session WHERE session.call_id = event.call_id),
    (SELECT count(*) FROM measured WHERE measured.call_id = event.call_id),
    (SELECT sum(wrap_up_ms) FROM measured WHERE measured.call_id = event.call_id),
    (SELECT sum(date_diff('millisecond', since, until)) FROM agent_time
        WHERE state = 'wrap_up' AND agent_time.call_id = event.call_id),
    count(*) FILTER (kind = 'call_ended'),
    count(*) FILTER (kind = 'recording_kept')
FROM event WHERE call_id <> '' GROUP BY call_id
"""
OCCUPIED = """
SELECT 100 * sum(date_diff('millisecond', since, until)) FILTER (state <> 'available')
    / sum(date_diff('millisecond', since, until))
FROM agent_time WHERE state <> 'away'
"""


def wrong_sums(log: SessionLog, calls: set[str], occupancy: float) -> list[str]:
    """`calls` have been; `occupancy` is what the box answered, in percent."""
    rows, wrong = log.ask(COUNTED), list[str]()
    if missing := calls - {row[0] for row in rows}:
        wrong.append(f"{len(missing)} calls are not in the record")
    for call_id, listed, measured, wrote, spent, ended, judged in rows:
        counts = (listed, measured, ended, judged)
        if counts != (1, 1, 1, 1):
            wrong.append(f"{call_id}: rows, measures, ends, verdicts are {counts}, not 1")
        if spent is not None and wrote != spent:
            wrong.append(f"{call_id}: written up in {wrote} ms, it took {spent}")
    [(by_hand,)] = log.ask(OCCUPIED)
    if round(by_hand, 3) != occupancy:
        wrong.append(f"occupancy is {occupancy} %, by hand {by_hand}")
    if on_duty := log.ask("SELECT name FROM agent_now"):
        wrong.append(f"{on_duty} are still on duty")
    return wrong
