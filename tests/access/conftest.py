"""Accounts in a folder of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.access.access import Access
from tests.access.site import SetClock, open_access


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def access(tmp_path: Path, clock: SetClock) -> Iterator[Access]:
    with open_access(tmp_path, clock) as opened:
        yield opened
