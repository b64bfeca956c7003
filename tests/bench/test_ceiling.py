"""The engine in a tight loop, with its real processes."""

from pathlib import Path

import msgspec
import pytest

from appliance.bench.ceiling import measure_ceiling
from appliance.bench.reference import Turn, read_turns
from appliance.cli.building import build_models
from appliance.errors import ModelError
from appliance.pipeline.parts import Models
from appliance.replay.recording import Recording, read_recording
from appliance.replay.samples import find_sample
from appliance.settings import Settings, read_settings

pytestmark = pytest.mark.anyio


@pytest.fixture
def sample() -> tuple[Recording, list[Turn]]:
    path: Path = find_sample("lost-bank-card").path
    return read_recording(path), read_turns(path.with_suffix(".json"))


@pytest.fixture
def speech_alone() -> tuple[Settings, Models]:
    settings = read_settings()
    advice = msgspec.structs.replace(settings.advice, enabled=False)
    settings = msgspec.structs.replace(settings, advice=advice)
    return settings, build_models(settings)


@pytest.mark.model
async def test_every_utterance_is_decoded_and_scored(
    sample: tuple[Recording, list[Turn]], speech_alone: tuple[Settings, Models]
) -> None:
    ceiling = await measure_ceiling([sample], *speech_alone)

    turns = [turn for turn in sample[1] if turn.scored]
    assert ceiling.items >= len(turns) / 2
    assert ceiling.passes < ceiling.items  # batches
    assert ceiling.errors.words > 100
    assert ceiling.wer < 30
    assert ceiling.calls == pytest.approx(ceiling.call_s / ceiling.engine_s)


async def test_a_ceiling_without_speech_is_refused(
    sample: tuple[Recording, list[Turn]],
) -> None:
    nothing = Models(vad=None, speech=None, language=None)

    with pytest.raises(ModelError, match="switched off"):
        await measure_ceiling([sample], read_settings(), nothing)
