import os
from pathlib import Path

import pytest

from appliance.errors import ModelError
from appliance.models.files import STAMP
from appliance.models.manifest import load_manifest
from appliance.models.resolve import resolve
from appliance.settings import Settings
from tests.models.made_up import MANIFEST, WEIGHTS, gguf, put, put_talker, whisper_files


def test_a_name_and_an_alias_lead_to_the_file(models_dir: Path) -> None:
    put_talker(models_dir)
    for name in ("talker", "chatty"):
        model = resolve(models_dir, name, "language", MANIFEST)
        assert (model.name, model.path) == ("talker", models_dir / "talker/model.gguf")


def test_a_speech_model_is_a_folder_with_its_context_floor(models_dir: Path) -> None:
    folder = put(models_dir / "listener", whisper_files())
    model = resolve(models_dir, "listener", "speech", MANIFEST)
    assert (model.path, model.context_floor_frames) == (folder, 1250)


def test_any_whisper_folder_or_gguf_can_be_given_by_path(
    tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "ours", {**whisper_files(), "ours.gguf": gguf()})
    monkeypatch.chdir(tmp_path)
    talker = resolve(models_dir, "./ours/ours.gguf", "language")
    listener = resolve(models_dir, str(tmp_path / "ours"), "speech")
    assert (talker.path, talker.entry) == (tmp_path / "ours/ours.gguf", None)
    assert (listener.path, listener.context_floor_frames) == (tmp_path / "ours", 1500)


def test_a_missing_model_says_how_to_get_it(models_dir: Path) -> None:
    with pytest.raises(ModelError, match="talker is not on this machine") as error:
        resolve(models_dir, "talker", "language", MANIFEST)
    assert "appliance models fetch talker" in error.value.fix
    assert "appliance models import PATH" in error.value.fix


def test_an_import_only_model_that_is_missing_is_not_said_to_be_fetchable(
    models_dir: Path,
) -> None:
    with pytest.raises(ModelError) as error:
        resolve(models_dir, "brought", "speech", MANIFEST)
    assert error.value.fix.endswith("import PATH --name brought`.")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (WEIGHTS[:1234], r"model\.gguf is half copied: 1,234 of 11,000 bytes"),
        (b"x" + WEIGHTS[1:], r"model\.gguf is damaged"),
        (WEIGHTS + b"x", r"model\.gguf is damaged"),
    ],
)
def test_a_file_that_is_not_right_is_named(
    models_dir: Path, content: bytes, complaint: str
) -> None:
    (put_talker(models_dir) / "model.gguf").write_bytes(content)
    with pytest.raises(ModelError, match=complaint):
        resolve(models_dir, "talker", "language", MANIFEST)


def test_one_missing_file_of_several_is_named(models_dir: Path) -> None:
    (put_talker(models_dir) / "card.json").unlink()
    with pytest.raises(ModelError, match=r"talker cannot be used: card\.json is missing"):
        resolve(models_dir, "talker", "language", MANIFEST)


def test_a_file_that_changes_after_it_was_found_right_is_hashed_again(
    models_dir: Path,
) -> None:
    file = put_talker(models_dir) / "model.gguf"
    resolve(models_dir, "talker", "language", MANIFEST)
    file.write_bytes(b"x" + WEIGHTS[1:])
    os.utime(file, ns=(1, 1))  # a clock that jumps must not hide it
    with pytest.raises(ModelError, match="damaged"):
        resolve(models_dir, "talker", "language", MANIFEST)


def test_an_unchanged_file_is_trusted_without_being_read(models_dir: Path) -> None:
    file = put_talker(models_dir) / "model.gguf"
    resolve(models_dir, "talker", "language", MANIFEST)
    seen = file.stat()
    file.write_bytes(b"x" + WEIGHTS[1:])
    os.utime(file, ns=(seen.st_atime_ns, seen.st_mtime_ns))  # only reading would tell
    assert resolve(models_dir, "talker", "language", MANIFEST).path == file


def test_a_stamp_that_makes_no_sense_is_ignored(models_dir: Path) -> None:
    file = put_talker(models_dir) / "model.gguf"
    file.with_name(STAMP).write_text("{")
    assert resolve(models_dir, "talker", "language", MANIFEST).path == file


def test_an_unknown_name_is_answered_with_the_nearest(models_dir: Path) -> None:
    with pytest.raises(ModelError, match="Did you mean 'listener'"):
        resolve(models_dir, "listner", "speech", MANIFEST)


def test_a_model_of_the_wrong_kind_is_answered_with_those_of_the_right_one(
    models_dir: Path,
) -> None:
    with pytest.raises(ModelError, match=r"talker is a language model.*\[speech\] model"):
        resolve(models_dir, "talker", "speech", MANIFEST)
    put(models_dir.parent / "w", whisper_files())
    with pytest.raises(ModelError, match="is a speech model"):
        resolve(models_dir, str(models_dir.parent / "w"), "language")


@pytest.mark.model
def test_the_default_models_are_on_this_machine_and_whole() -> None:
    settings = Settings()
    folder = Path(settings.models.dir)
    speech = resolve(folder, settings.speech.model, "speech")
    advice = resolve(folder, settings.advice.model, "language")
    assert (speech.path / "model.bin").is_file()
    assert advice.path == folder / settings.advice.model / "packed" / "model.gguf"


@pytest.mark.model
def test_the_default_models_also_pass_as_models_nobody_has_a_checksum_of() -> None:
    folder = Path(Settings().models.dir)
    for entry in load_manifest().defaults():
        kind = entry.kind
        assert resolve(folder, str(folder / entry.name), kind).name == entry.name
