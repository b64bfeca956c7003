"""Settings are read once, early, and never half understood."""

from pathlib import Path

import pytest

from appliance.errors import SettingsError
from appliance.settings import every_setting, read_settings


def write(folder: Path, text: str) -> Path:
    file = folder / "appliance.toml"
    file.write_text(text)
    return file


def test_without_a_file_the_defaults_hold() -> None:
    assert read_settings(environ={}).speech.model == "whisper-base"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, "[server]\nport = 1\n[speech]\nlanguage = 'de'\n")
    settings = read_settings(file, {"APPLIANCE_SERVER_PORT": "9000"})
    assert (settings.server.port, settings.speech.language) == (9000, "de")


def test_the_environment_can_switch_a_part_off() -> None:
    environ = {"APPLIANCE_ADVICE_ENABLED": "false"}
    assert not read_settings(environ=environ).advice.enabled


def test_the_environment_can_name_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, "[server]\nport = 7\n")
    assert read_settings(environ={"APPLIANCE_SETTINGS": str(file)}).server.port == 7


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("[vad]\ntreshold = 0.4\n", "Rename it to 'threshold'"),
        ("[speach]\n", "Rename it to 'speech'"),
        ("[nonsense]\n", "Use one of"),
        ("port = 80\n", "under its section"),
        ("[server]\nport = 'x'\n", "Correct it"),
        ("[server]\nport = 70000\n", "Correct it"),
        ("[vad]\nthreshold = 2.0\n", "Correct it"),
        ("[server\n", "Correct that line"),
    ],
)
def test_what_cannot_be_used_is_refused_with_advice(
    tmp_path: Path, text: str, advice: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings(write(tmp_path, text), {})
    assert advice in refused.value.fix


def test_a_misspelt_variable_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(SettingsError, match="APPLIANCE_SPEECH_MODEL"):
        read_settings(environ={"APPLIANCE_SPEECH_MODLE": "x"})


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        read_settings(tmp_path / "none.toml", {})


def test_every_setting_has_a_description() -> None:
    assert all(row.description for row in every_setting())


def test_a_list_is_written_with_commas_in_the_environment() -> None:
    some = read_settings(environ={"APPLIANCE_PRIVACY_REDACT": "email, phone"})
    none = read_settings(environ={"APPLIANCE_PRIVACY_REDACT": ""})

    assert some.privacy.redact == ("email", "phone")
    assert none.privacy.redact == ()
