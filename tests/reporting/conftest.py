"""What the tests of figures start from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.reporting.desk import Reporting
from appliance.store.writer import Store
from tests.reporting.site import UTC_SITE, Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with Store.open(tmp_path / "record.duckdb") as store:
        yield Site(store, Reporting(UTC_SITE, store))
