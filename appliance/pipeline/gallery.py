"""Supervisors who follow calls that go on: who is told of it, and what the record keeps."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from appliance.calls.listeners import Listener
from appliance.errors import CallError
from appliance.messages import ROLES, Role, Supervised
from appliance.pipeline.call import LiveCall
from appliance.pipeline.parts import Parts
from appliance.pipeline.publisher import Publisher
from appliance.pipeline.welcome import welcome
from appliance.settings import ListeningSettings
from appliance.store.event import Overheard
from appliance.supervision import Follow

Announce: TypeAlias = Literal["both", "agent", "nobody"]

TOLD: Mapping[Announce, tuple[Role, ...]] = {
    "both": ROLES,
    "agent": ("agent",),
    "nobody": (),
}


class Gallery:
    def __init__(
        self,
        settings: ListeningSettings,
        publisher: Publisher,
        parts: Parts,
        live: Mapping[str, LiveCall],
    ) -> None:
        """`live` are the calls that go on, by id."""
        self._settings = settings
        self._publisher = publisher
        self._parts = parts
        self._live = live

    def check(self, call_id: str) -> LiveCall:
        """The call, if it goes on and may be followed. Raises CallError."""
        if not self._settings.enabled:
            raise CallError(
                "Listening to calls is switched off on this box.",
                fix="Set [listening] enabled = true.",
            )
        live = self._live.get(call_id)
        if live is None or live.call.state == "ended":
            raise CallError(
                f"Call {call_id} is not going on.", fix="Look for it in the history."
            )
        return live

    def enter(self, call_id: str, follow: Follow, listener: Listener) -> LiveCall:
        """Tell them what the agent is told, so far and from now on. Raises CallError."""
        live = self.check(call_id)
        live.room.listeners.enter(listener)
        seen = (follow.epoch, follow.last_seq)
        welcome(live, "supervisor", listener.outbox, self._parts, seen=seen)
        self._changed(live, listener, "follow")
        return live

    def hear(self, live: LiveCall, listener: Listener, *, on: bool) -> None:
        """Whether both voices go to them."""
        # What was said before goes to those who listened then.
        live.voices.overheard.flush()
        listener.hears = on
        self._changed(live, listener, "hear" if on else "hear_no_more")

    def leave(self, live: LiveCall, listener: Listener) -> None:
        live.room.listeners.leave(listener)
        self._changed(live, listener, "leave")

    def _changed(
        self,
        live: LiveCall,
        listener: Listener,
        does: Literal["follow", "hear", "hear_no_more", "leave"],
    ) -> None:
        if live.call.state == "ended":
            return  # the record of the call is closed, and nobody is there to be told
        fact = Overheard(person=listener.person, name=listener.name, does=does)
        self._publisher.note(live.room, fact, live.now_ms())
        listeners = live.room.listeners
        for role in TOLD[self._settings.announce]:
            live.publish(
                Supervised(
                    to=role,
                    following=len(listeners),
                    hearing=listeners.hearing,
                    names=listeners.names if role == "agent" else (),
                )
            )
