"""One server with the real models for every test that leaves it running."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.errors import ModelError
from appliance.models.resolve import resolve
from appliance.replay.client import Outcome
from appliance.settings import read_settings
from tests.faults.calls import call
from tests.faults.process import Serving, serving


@pytest.fixture(scope="package")
def models() -> None:
    """The default models are there; tests that need them are skipped where they are not."""
    settings = read_settings()
    folder = Path(settings.models.dir).expanduser()
    try:
        resolve(folder, settings.speech.model, "speech")
        resolve(folder, settings.advice.model, "language")
    except ModelError as error:
        pytest.skip(f"needs the default models: {error.problem} {error.fix}")


@pytest.fixture(scope="package")
def server(models: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:  # noqa: ARG001
    with serving(tmp_path_factory.mktemp("shared")) as running:
        yield running


@pytest.fixture(scope="package")
def undisturbed(server: Serving) -> Outcome:
    """The same call without any fault."""
    return call(server)
