"""A few seconds of what `python -m tests.load.fuzz` does for ten minutes."""

from pathlib import Path

import pytest

from tests.load.fuzz import Fuzzer
from tests.server.live import OFF, get, helen, serving, telephone, two_people

pytestmark = pytest.mark.anyio


async def test_nonsense_is_no_fault_of_the_server_s_and_harms_no_call(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        serving(tmp_path, models=OFF) as (url, _),
        two_people(url) as (agent, customer),
    ):
        fuzzer = Fuzzer(url, 4, helen(url), telephone(url))
        await fuzzer.run(rounds=10)
        assert fuzzer.findings.bad == []
        assert fuzzer.findings.sockets > 0
        await customer.speak(bytes(6400))
        while len(agent.heard) < 6400:
            await agent.next()
        assert (await get(url, "/healthz"))["ok"]
    assert not [record for record in caplog.records if record.exc_info]
