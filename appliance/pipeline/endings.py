"""How a call ends: what was said is settled, the end recorded, everybody let go."""

import time
from collections.abc import Callable

import anyio

from appliance.calls.registry import Call, Registry
from appliance.messages import Status
from appliance.pipeline.archive import Archive
from appliance.pipeline.call import LiveCall
from appliance.pipeline.floor import Floor
from appliance.pipeline.stages import Stages
from appliance.store.event import CallEnded, EndReason

# How long the last words of a call may take to be settled after a hang-up: a restart of
# the speech process, and what it then has to catch up on.
SETTLE_S = 60.0
# And how long when the box stops: service managers kill what does not stop in time.
STOP_SETTLE_S = 5.0


class Endings:
    def __init__(
        self,
        live: dict[str, LiveCall],
        registry: Registry,
        stages: Stages,
        floor: Floor,
        archive: Archive,
    ) -> None:
        """`live` are the calls that go on, by id; they are taken out of it here."""
        self._live = live
        self._registry = registry
        self._stages = stages
        self._floor = floor
        self._archive = archive
        self._ending: dict[str, anyio.Event] = {}  # set once the end is recorded
        self.on_ended: Callable[[str], None] = lambda _: None  # once it is in the record
        self._soon, self._to_end = anyio.create_memory_object_stream[
            tuple[Call, EndReason]
        ](
            # One place for each call there can be: a call is put here at most once.
            registry.capacity
        )

    async def run(self) -> None:
        async with anyio.create_task_group() as work, self._soon, self._to_end:
            async for call, reason in self._to_end:
                work.start_soon(self._end, call, reason)
                del call, reason  # or the last one is kept until the next ends

    def later(self, call: Call, reason: EndReason) -> None:
        """End it as soon as what was said is settled; no more is taken from now on."""
        if self._registry.end(call, reason):
            self._soon.send_nowait((call, reason))
            self._floor.deal()

    def is_ending(self, call_id: str) -> bool:
        """Its last words are being settled, or what it was about is being written."""
        return call_id in self._ending

    async def close(self) -> None:
        """The server stops: settle what was said as far as it goes quickly."""
        self._stages.summaries.hurry()
        with anyio.move_on_after(2 * STOP_SETTLE_S):
            async with anyio.create_task_group() as ending:
                for live in list(self._live.values()):
                    ending.start_soon(self._end, live.call, "shutdown", STOP_SETTLE_S)

    async def _end(self, call: Call, reason: EndReason, settle_s: float = SETTLE_S) -> None:
        live = self._live.get(call.id)
        if live is None:
            return
        if call.id in self._ending:
            await self._ending[call.id].wait()
            return
        self._ending[call.id] = anyio.Event()
        over = time.monotonic()
        self._stages.give_up_room(call.id, over)
        self._registry.end(call, reason)
        with anyio.move_on_after(settle_s):
            await live.finish()
        live.voices.abandon()
        self._stages.end(call.id, live.now_ms())
        live.close()
        live.publish(Status(part="call", state="ended", text=f"the call ended ({reason})"))
        settled_s = round(time.monotonic() - over, 3)
        ended = CallEnded(reason=reason, settled_s=settled_s)
        publisher = self._stages.publisher
        publisher.note(live.room, ended, live.now_ms())
        await publisher.settled()
        live.room.close(1000, "The call has ended.")
        self._floor.call_ended(call.id)
        # What the model writes about the call is a part of its record, too.
        await self._stages.summaries.settled(call.id)
        await publisher.settled()
        del self._live[call.id]
        self._ending.pop(call.id).set()
        self.on_ended(call.id)
        if live.recorded.deck is not None:
            await self._archive.keep(call.id, live.recorded.deck)
