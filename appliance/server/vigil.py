"""Open sockets, whose people are asked again who they are: a call lasts longer than some
sign-ins."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import anyio

from appliance.errors import ApplianceError
from appliance.server.passes import Pass

# 400 sockets take 3 ms. What an admin does takes effect at once; this is for what ends by
# itself.
AGAIN_S = 2.0


@dataclass(slots=True, eq=False)
class Watched:
    given: Pass
    scope: anyio.CancelScope
    refusal: ApplianceError | None = None


class Vigil:
    def __init__(self) -> None:
        self._open: set[Watched] = set()
        self._soon = anyio.Event()

    @contextmanager
    def over(self, given: Pass, scope: anyio.CancelScope) -> Iterator[Watched]:
        """Cancel the scope once this pass is void, and say why."""
        watched = Watched(given, scope)
        self._open.add(watched)
        try:
            yield watched
        finally:
            self._open.discard(watched)

    def look_soon(self) -> None:
        """Somebody was signed out, or may do less."""
        self._soon.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            with anyio.move_on_after(AGAIN_S):
                await self._soon.wait()
            self._soon = anyio.Event()
            self._look()

    def _look(self) -> None:
        # Not in `run`, whose names would keep the last one open.
        for watched in list(self._open):
            watched.refusal = watched.refusal or watched.given.refusal_now()
            if watched.refusal is not None:
                watched.scope.cancel()
