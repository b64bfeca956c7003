"""Fixtures that every test may use."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from blockbuster import BlockBuster, blockbuster_ctx
from hypothesis import settings

from appliance.airgap import SWITCHES

# As the command line does, before a library is loaded.
os.environ.update(SWITCHES)
settings.register_profile("deterministic", derandomize=True, deadline=None)
settings.load_profile("deterministic")

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def nothing_blocks_the_loop() -> Iterator[BlockBuster]:
    """Fails a test in which our own code blocks the event loop."""
    with blockbuster_ctx("appliance") as guard:
        yield guard


@pytest.fixture
def shared_calls() -> Path:
    """The folder of real calls; the test is skipped where it is missing."""
    folder = SHARED / "data" / "calls"
    if not folder.is_dir():
        pytest.skip(f"needs the real calls in {folder}")
    return folder
