"""The floor, as everybody sees it who watches over it: the calls going on, the agents and
how the box keeps up, pushed as they change, and looked through only while somebody
watches."""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from appliance.calls.agents import Agent
from appliance.calls.outbox import Outbox
from appliance.messages import encode
from appliance.pipeline.call import LiveCall
from appliance.pipeline.parts import Parts
from appliance.pipeline.stints import Stints
from appliance.supervision import (
    Anomaly,
    CallAlert,
    CallGoingOn,
    Floor,
    SpaceState,
    Unusual,
    Wall,
)

# A page takes its line for dead after a few of these.
ALIVE_S = 10.0

# Finer than this nobody reads how late the box is, and each change is a message to each
# screen.
LAG_STEP_MS = 100


class Board:
    def __init__(
        self,
        live: Callable[[], Iterable[LiveCall]],
        agents: Iterable[Agent],
        parts: Parts,
        failing: Callable[[], bool],
        recordings: Callable[[], SpaceState],
        unusual: Callable[[], tuple[Anomaly, ...]],
    ) -> None:
        """`agents`: who is on duty, each time it is gone through; `failing`: whether the
        record cannot be written; `recordings`: whether there is room for them."""
        self._live = live
        self._agents = agents
        self._parts = parts
        self._failing = failing
        self._recordings = recordings
        self._unusual = unusual
        self._told_unusual: tuple[Anomaly, ...] = ()  # as all watchers know it
        self._stints = Stints()
        self._watchers: list[Outbox] = []
        self._told: dict[str, CallGoingOn] = {}  # as all watchers know them
        self._wall: Wall | None = None  # likewise
        self._told_at = 0.0

    def calls(self) -> tuple[CallGoingOn, ...]:
        """As of now, the longest first."""
        return tuple(_row(live) for live in self._live() if live.call.state != "ended")

    def watch(self, outbox: Outbox) -> None:
        """Tell all of them now, and then what changes."""
        now = datetime.now(UTC)
        if not self._watchers:
            self._told = {call.call_id: call for call in self.calls()}
            self._wall = self.wall(now)
        self._watchers.append(outbox)
        calls = tuple(self._told.values())
        outbox.say(encode(Floor(whole=True, at=now, calls=calls, wall=self._wall)))
        if self._told_unusual:
            outbox.say(encode(Unusual(anomalies=self._told_unusual)))

    def leave(self, outbox: Outbox) -> None:
        self._watchers.remove(outbox)

    def tick(self) -> None:
        """Called twice a second: tell what has changed, if anybody watches."""
        self._tell_unusual()
        at = datetime.now(UTC)
        if not self._watchers:
            self._stints.seen(self._agents, at)
            return
        calls, wall = {call.call_id: call for call in self.calls()}, self.wall(at)
        floor = Floor(
            whole=False,
            at=at,
            calls=_changed(self._told, calls),
            over=tuple(id_ for id_ in self._told if id_ not in calls),
            wall=None if wall == self._wall else wall,
        )
        now = time.monotonic()
        news = floor.calls or floor.over or floor.wall
        if not news and now - self._told_at < ALIVE_S:
            return
        self._told, self._wall, self._told_at = calls, wall, now
        message = encode(floor)
        for outbox in self._watchers:
            outbox.say(message)

    def _tell_unusual(self) -> None:
        now = self._unusual()
        if now == self._told_unusual:
            return
        self._told_unusual = now
        for outbox in self._watchers:
            outbox.say(encode(Unusual(anomalies=now)))

    def wall(self, now: datetime) -> Wall:
        """What there is beside the calls."""
        parts, reading = self._parts, self._parts.reading
        return Wall(
            agents=self._stints.seen(self._agents, now),
            speech=parts.speech,
            suggestions=parts.suggestions,
            record="failing" if self._failing() else "live",
            recordings=self._recordings(),
            lag_ms=parts.lag_ms // LAG_STEP_MS * LAG_STEP_MS,
            reading=reading.calls if reading else None,
            room=reading.capacity if reading else None,
        )


def _changed(
    before: Mapping[str, CallGoingOn], now: Mapping[str, CallGoingOn]
) -> tuple[CallGoingOn, ...]:
    return tuple(call for id_, call in now.items() if before.get(id_) != call)


def _row(live: LiveCall) -> CallGoingOn:
    call, listeners, mood = live.call, live.room.listeners, live.words.mood
    agent, customer = call.people.get("agent"), call.people.get("customer")
    return CallGoingOn(
        call_id=call.id,
        state="waiting" if call.state == "waiting" else "active",
        agent=agent.name if agent else "",
        customer=customer.name if customer else "",
        reason=customer.reason if customer else "",
        since=live.since,
        mood=mood.label if mood else None,
        trend=mood.trend if mood else "flat",
        unread=live.voices.waiting,
        lag_ms=live.words.lag_ms,
        recording=live.recorded.state,
        following=len(listeners),
        hearing=listeners.hearing,
        queue=call.queue,
        alerts=tuple(
            CallAlert(kind=alert.kind, severity=alert.severity, text=alert.text)
            for alert in live.words.alerts.values()
            if "supervisor" in alert.to
        ),
    )
