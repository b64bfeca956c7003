"""What several tests of the server start from."""

from pathlib import Path

import pytest

from tests.customers.site import settle


@pytest.fixture
def site(tmp_path: Path) -> Path:
    settle(tmp_path)
    return tmp_path
