"""The record written anew while calls go on, so that what was deleted leaves no byte.

In pieces of a row group with pauses between, and the last step between two commits.
"""

from collections.abc import Callable
from time import monotonic

import anyio
from anyio import CancelScope, to_thread

from appliance.database.rebuilding import Fresh
from appliance.errors import StoreError
from appliance.store import purge
from appliance.store.log import SessionLog
from appliance.store.writer import Store

# Copying a piece takes a core for a tenth of a second; the calls have it for the rest.
PAUSES = 3.0

# While somebody copies the file it has to stay as it is. A backup takes minutes.
TRIES, TRY_AGAIN_S = 60, 60.0


async def write_anew(store: Store, *, live: bool) -> None:
    """Unless nothing was deleted. `live`: calls go on. Raises StoreError; then the file is
    as it was, and this may be tried again."""
    [(residue,)] = await store.ask(purge.RESIDUE)
    if not residue:
        return
    fresh = await store.beside(_begin)
    try:
        await _fill(fresh, live=live)
        await to_thread.run_sync(fresh.settle)
        # The last step does both again; without these it held commits up for 0.6 s.
        await store.between_commits(_tidied(store))
        for _ in range(TRIES):
            if await store.between_commits(lambda log: _go_over(store, log, fresh)):
                return
            await anyio.sleep(TRY_AGAIN_S)
    except BaseException:
        with CancelScope(shield=True):
            await to_thread.run_sync(fresh.give_up)
        raise
    await to_thread.run_sync(fresh.give_up)
    raise StoreError("The record is being copied.", fix="Wait for the backup.")


def _begin(log: SessionLog) -> Fresh:
    for torn in log.path.parent.glob(f"{log.path.name}.wal.damaged*"):
        # Kept for somebody who wanted to look at it; it has texts of that time.
        torn.unlink()
    return log.begin_anew()


async def _fill(fresh: Fresh, *, live: bool) -> None:
    more = True
    while more:
        began = monotonic()
        more = await to_thread.run_sync(fresh.copy)
        if live:
            await anyio.sleep(PAUSES * (monotonic() - began))


def _tidied(store: Store) -> Callable[[SessionLog], None]:
    return lambda log: None if store.copied else log.tidy()


def _go_over(store: Store, log: SessionLog, fresh: Fresh) -> bool:
    if store.copied:
        return False
    log.go_over(fresh)
    return True
