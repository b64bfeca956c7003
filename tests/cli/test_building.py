"""What is refused before anything starts."""

from pathlib import Path

import msgspec
import pytest

from appliance.cli.building import languages_for
from appliance.errors import SettingsError
from appliance.models.manifest import load_manifest
from appliance.models.resolve import Model
from appliance.settings import Settings, SpeechSettings


def speech_model(name: str) -> Model:
    entry = load_manifest().get(name)
    return Model(name=name, path=Path("/nowhere"), kind="speech", entry=entry)


def speaking(**speech: str) -> Settings:
    return Settings(speech=msgspec.structs.replace(SpeechSettings(), **speech))


@pytest.mark.parametrize(
    "speech",
    [{"language": "de"}, {"queue_languages": "sales=de"}, {"languages": "en,de"}],
)
def test_an_english_model_refuses_another_language_and_names_one_that_knows_it(
    speech: dict[str, str],
) -> None:
    with pytest.raises(SettingsError, match="'de'") as caught:
        languages_for(speaking(**speech), speech_model("whisper-tiny.en"))
    assert "whisper-base" in caught.value.fix


def test_a_multilingual_model_is_asked_for_what_the_settings_name() -> None:
    settings = speaking(language="auto", queue_languages="sales=de")
    assert languages_for(settings, speech_model("whisper-base")) == ("de", "en")
    english = speech_model("whisper-tiny.en")
    assert languages_for(speaking(language="en"), english) == ("en",)
