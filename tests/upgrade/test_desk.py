"""Calls are held for as long as whoever asked for it is there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal

from appliance.calls.registry import Registry
from appliance.control import line
from appliance.settings import CallSettings
from appliance.store.writer import Store
from appliance.upgrade.commands import Calls, CountCalls, HoldCalls
from appliance.upgrade.desk import CallDesk
from tests.access.site import SetClock, desk_of, open_access


@pytest.fixture
def registry() -> Registry:
    return Registry(CallSettings())


@pytest.fixture
def folder(tmp_path: Path, registry: Registry) -> Iterator[Path]:
    """Of accounts, with a server."""

    def hold(on: bool) -> None:
        registry.held = on

    with (
        open_access(tmp_path, SetClock()) as access,
        Store.open(tmp_path / "appliance.duckdb") as store,
        line.listening(access.folder) as listener,
        start_blocking_portal() as portal,
    ):
        desk = desk_of(tmp_path, store, access, CallDesk(hold, registry.stats))
        serving = portal.start_task_soon(line.serve, listener, desk)
        yield access.folder
        serving.cancel()


def test_calls_are_held_until_the_line_is_closed(folder: Path, registry: Registry) -> None:
    call = registry.start("agent", "Ann", None, 0)
    registry.start("customer", "Bob", None, 1)
    with line.asking(folder, HoldCalls(), Calls) as said:
        assert said == Calls(active=1, waiting=0)
        assert registry.held
        with line.asking(folder, HoldCalls(), Calls):
            assert registry.held
        # The server answers one after the other: by then it has seen the first one go.
        registry.end(call, "hangup")
        assert line.ask(folder, CountCalls(), Calls) == Calls(active=0, waiting=0)
        assert registry.held
    while registry.held:
        line.ask(folder, CountCalls(), Calls)
