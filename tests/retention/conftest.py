import shutil
from pathlib import Path

import pytest

from tests.retention.box import with_both


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("both")
    with_both(folder)
    return folder


@pytest.fixture
def both(_made: Path, tmp_path: Path) -> Path:
    """A data folder with two customers in it, to be changed."""
    return Path(shutil.copytree(_made, tmp_path / "data"))
