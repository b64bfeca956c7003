from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.bundle import signing
from appliance.upgrade.hands import own_schemas
from tests.kit.tiny import tiny_kit
from tests.upgrade.world import NEW, World, program


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("machine")
    World.make(folder)
    return folder


@pytest.fixture
def world(made: Path, tmp_path: Path) -> World:
    """A machine of its own, on which the old release runs and has taken a call."""
    copied = World(made / "root").moved_to(tmp_path / "root")
    copied.start()
    return copied


@pytest.fixture(scope="session")
def kit(made: Path) -> Callable[..., Path]:
    """A kit of the new release: with a newer record, or with a fault."""
    by = signing.read(made / "kit.pem")

    def make(*, newer: bool = False, fault: str = "", version: str = NEW) -> Path:
        there = made / f"kit-{version}-{newer}-{fault}"
        if not there.exists():
            schema = own_schemas()["record"] + newer
            tiny_kit(there, by, version, program(schema, fault))
        return there

    return make
