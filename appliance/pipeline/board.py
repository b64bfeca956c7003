"""The calls going on, as everybody sees them who watches over the floor: pushed as they
change, and looked through only while somebody watches."""

import time
from collections.abc import Callable, Iterable, Mapping

from appliance.calls.outbox import Outbox
from appliance.messages import encode
from appliance.pipeline.call import LiveCall
from appliance.supervision import CallGoingOn, Floor, Room

# A page takes its line for dead after a few of these.
ALIVE_S = 10.0


class Board:
    def __init__(
        self, live: Callable[[], Iterable[LiveCall]], room: Callable[[], Room]
    ) -> None:
        """`room` says how much there is for recordings."""
        self._live = live
        self._room = room
        self._told_room: Room = "ok"
        self._watchers: list[Outbox] = []
        self._told: dict[str, CallGoingOn] = {}  # as all watchers know them
        self._told_at = 0.0

    def calls(self) -> tuple[CallGoingOn, ...]:
        """As of now, the longest first."""
        return tuple(_row(live) for live in self._live() if live.call.state != "ended")

    def watch(self, outbox: Outbox) -> None:
        """Tell all of them now, and then what changes."""
        if not self._watchers:
            self._told = {call.call_id: call for call in self.calls()}
            self._told_room = self._room()
        self._watchers.append(outbox)
        calls = tuple(self._told.values())
        outbox.say(encode(Floor(whole=True, calls=calls, room=self._told_room)))

    def leave(self, outbox: Outbox) -> None:
        self._watchers.remove(outbox)

    def tick(self) -> None:
        """Called twice a second: tell what has changed, if anybody watches."""
        if not self._watchers:
            return
        calls = {call.call_id: call for call in self.calls()}
        floor = _changes(self._told, calls, self._room())
        news = floor.calls or floor.over or floor.room != self._told_room
        now = time.monotonic()
        if not news and now - self._told_at < ALIVE_S:
            return
        self._told, self._told_at, self._told_room = calls, now, floor.room
        message = encode(floor)
        for outbox in self._watchers:
            outbox.say(message)


def _changes(
    before: Mapping[str, CallGoingOn], now: Mapping[str, CallGoingOn], room: Room
) -> Floor:
    return Floor(
        whole=False,
        room=room,
        calls=tuple(call for id_, call in now.items() if before.get(id_) != call),
        over=tuple(id_ for id_ in before if id_ not in now),
    )


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
        unread=live.waiting,
        lag_ms=live.words.lag_ms,
        recording=live.recorded.state,
        following=len(listeners),
        hearing=listeners.hearing,
    )
