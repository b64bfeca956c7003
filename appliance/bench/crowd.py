"""K callers who talk without a break: while one call drains, its caller is in the next."""

from collections.abc import Sequence

import anyio
from anyio.abc import TaskGroup

from appliance.bench.caller import Caller, Played, Script
from appliance.bench.metronome import FRAME_S, Metronome
from appliance.bench.rotation import APART_MS, pieces

# The next call is connected this long before the last one's audio ends.
LEAD_S = 3.0


class Crowd:
    def __init__(
        self, url: str, scripts: Sequence[Script], slots: int, token: str = ""
    ) -> None:
        self.url = url
        self.token = token
        self.scripts = scripts
        self.slots = slots
        self.metronome = Metronome()
        self.played: list[Played] = []
        self.ramp_s = LEAD_S + slots * APART_MS / 1000
        self.unready_s = 0.0  # worst wait of a caller for a call that was not there yet
        self._until_s = 0.0

    async def talk(self, seconds: float) -> None:
        """Call for so long, then let every call drain and end."""
        now_s = anyio.current_time()
        self._until_s = now_s + seconds
        async with anyio.create_task_group() as calls:
            with anyio.CancelScope(deadline=self._until_s):
                async with anyio.create_task_group() as slots:
                    for slot in range(self.slots):
                        begin_s = now_s + LEAD_S + slot * APART_MS / 1000
                        slots.start_soon(self._slot, slot, begin_s, calls)
            self.metronome.stop()

    async def _slot(self, slot: int, due_s: float, calls: TaskGroup) -> None:
        lengths = [len(script) for script in self.scripts]
        for recording, first_frame in pieces(lengths, slot, self.slots):
            await anyio.sleep_until(due_s - LEAD_S)
            played = Played(recording=recording, first_frame=first_frame)
            caller = Caller(self.scripts[recording], played, anyio.current_time)
            try:
                await caller.connect(self.url, token=self.token)
            except BaseException:
                caller.hang_up()
                raise
            begin_s = max(due_s, anyio.current_time())
            self.unready_s = max(self.unready_s, begin_s - due_s)
            caller.begin(begin_s)
            self.played.append(played)
            self.metronome.add(begin_s + FRAME_S, caller.speak)
            due_s = begin_s + (lengths[recording] - first_frame) * FRAME_S
            calls.start_soon(self._leave, caller, due_s)

    async def _leave(self, caller: Caller, over_s: float) -> None:
        """Once its audio is over, or nobody talks any more."""
        await anyio.sleep_until(min(over_s, self._until_s))
        await caller.leave()
