from pathlib import Path

import pytest

from appliance.errors import ModelError
from appliance.models.manifest import load_manifest
from appliance.settings import Settings

ENTRY = """
version = 1
[[model]]
name = "one"
kind = "language"
description = ""
licence = "MIT"
memory_mb = 1
packages = ["one==1"]
[[model.file]]
name = "model.gguf"
bytes = 1
sha256 = "{sha256}"
""".format(sha256="0" * 64)


def written(folder: Path, text: str) -> Path:
    file = folder / "manifest.toml"
    file.write_text(text)
    return file


def test_our_own_manifest_can_be_read() -> None:
    names = {entry.name for entry in load_manifest().models}
    assert {"whisper-base", "whisper-tiny.en", "qwen2.5-0.5b", "minilm-l6"} <= names


def test_a_new_box_is_set_up_with_the_models_that_the_settings_ask_for() -> None:
    settings = Settings()
    defaults = {entry.name for entry in load_manifest().defaults()}
    wanted = (settings.speech.model, settings.advice.model, settings.knowledge.model)
    assert defaults == set(wanted)


def test_a_speech_model_brings_its_own_context_floor() -> None:
    manifest = load_manifest()
    floors = {
        name: entry.context_floor_frames
        for name in ("whisper-base", "tiny.en")
        if (entry := manifest.get(name))
    }
    assert floors == {"whisper-base": 1250, "tiny.en": 1750}


def test_an_alias_finds_its_model() -> None:
    entry = load_manifest().get("tiny.en")
    assert entry is not None
    assert entry.name == "whisper-tiny.en"


@pytest.mark.parametrize(
    ("wrong", "right", "complaint"),
    [
        ("0" * 64, "0" * 63, "model 'one'.*sha256"),
        ("model.gguf", "../model.gguf", "model 'one'.*name"),
        ("one==1", "one", "model 'one'.*packages"),
        ('packages = ["one==1"]', "", "one needs `packages`"),
        ("language", "speech", "one needs `languages`"),
        ("licence", "license", "model 'one'.*license"),
        ("memory_mb = 1", 'memory_mb = 1\naliases = ["one"]', "used twice: one"),
        ("version = 1", "version = 2", "version"),
        ("version = 1", "version", "cannot be used"),
    ],
)
def test_an_entry_that_cannot_be_used_is_named(
    tmp_path: Path, wrong: str, right: str, complaint: str
) -> None:
    load_manifest(written(tmp_path, ENTRY))
    with pytest.raises(ModelError, match=complaint):
        load_manifest(written(tmp_path, ENTRY.replace(wrong, right)))


def test_a_manifest_that_is_not_there_says_where_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere\.toml"):
        load_manifest(tmp_path / "nowhere.toml")
