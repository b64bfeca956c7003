from pathlib import Path

import pytest

from appliance.errors import ModelError
from appliance.models.importing import import_path
from appliance.models.manifest import Manifest
from appliance.models.resolve import resolve
from appliance.models.shelf import RECORD
from tests.models.made_up import (
    ENGLISH_TOKENS,
    LISTENER,
    MANIFEST,
    gguf,
    put,
    whisper_files,
)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


def test_a_folder_whose_checksums_are_known_gets_its_name_whatever_it_is_called(
    stick: Path, models_dir: Path
) -> None:
    put(stick / "New Folder", {**whisper_files(), "holiday.jpg": b"x"})
    entry = import_path(models_dir, stick / "New Folder", manifest=MANIFEST)
    assert entry == LISTENER
    assert resolve(models_dir, "listener", "speech", MANIFEST).entry == LISTENER
    assert not (models_dir / "listener/holiday.jpg").exists()
    assert sorted(p.name for p in models_dir.iterdir()) == [".locks", "listener"]


def test_an_import_only_entry_keeps_its_facts_and_records_its_checksums(
    stick: Path, models_dir: Path
) -> None:
    put(stick / "brought", whisper_files(b"\x07" * 64))
    import_path(models_dir, stick / "brought", manifest=MANIFEST)
    model = resolve(models_dir, "brought", "speech", MANIFEST)
    assert model.context_floor_frames == 1600
    (models_dir / "brought/config.json").write_bytes(b"[]")
    with pytest.raises(ModelError, match=r"config\.json is damaged"):
        resolve(models_dir, "brought", "speech", MANIFEST)


def test_a_gguf_file_is_known_by_its_own_name(stick: Path, models_dir: Path) -> None:
    source = put(stick, {"Ours-7B.Q4_K_M.gguf": gguf()}) / "Ours-7B.Q4_K_M.gguf"
    entry = import_path(models_dir, source, manifest=MANIFEST)
    assert entry.name == "ours-7b.q4_k_m"
    model = resolve(models_dir, "ours-7b.q4_k_m", "language", MANIFEST)
    assert model.path.read_bytes() == gguf()


def test_a_model_can_be_given_a_name(stick: Path, models_dir: Path) -> None:
    put(stick, whisper_files())
    assert import_path(models_dir, stick, name="mine", manifest=MANIFEST).name == "mine"


def test_the_vocabulary_tells_whether_a_whisper_model_knows_only_english(
    stick: Path, models_dir: Path
) -> None:
    empty = Manifest(version=1)
    put(stick / "all", whisper_files())
    put(stick / "en", whisper_files(tokens=ENGLISH_TOKENS))
    languages = [
        import_path(models_dir, stick / name, manifest=empty).languages
        for name in ("all", "en")
    ]
    assert languages == ["multilingual", "en"]


def test_a_copy_of_a_known_model_that_changed_on_the_way_is_refused(
    stick: Path, models_dir: Path
) -> None:
    put(stick / "listener", whisper_files(b"\x09" * 64))
    with pytest.raises(ModelError, match=r"damaged on the way: model\.bin differ"):
        import_path(models_dir, stick / "listener", manifest=MANIFEST)
    assert [p.name for p in models_dir.iterdir()] == [".locks"]


def test_importing_mends_a_damaged_model(stick: Path, models_dir: Path) -> None:
    put(models_dir / "listener", {**whisper_files(), "model.bin": b"half"})
    put(stick, whisper_files())
    import_path(models_dir, stick, manifest=MANIFEST)
    assert resolve(models_dir, "listener", "speech", MANIFEST).entry == LISTENER


def test_importing_the_same_model_twice_is_no_error(stick: Path, models_dir: Path) -> None:
    put(stick / "ours", {"ours.gguf": gguf()})
    for _ in range(2):
        import_path(models_dir, stick / "ours", manifest=MANIFEST)
    assert (models_dir / "ours" / RECORD).exists()


def test_a_model_that_is_here_already_is_left_as_it_is_with_what_was_packed_of_it(
    stick: Path, models_dir: Path
) -> None:
    put(stick, whisper_files())
    import_path(models_dir, stick, name="listener", manifest=MANIFEST)
    there = models_dir / "listener/model.bin"
    before = there.stat()
    packed = put(models_dir / "listener/packed", {"model.gguf": b"packed"})
    assert import_path(models_dir, stick, name="listener", manifest=MANIFEST) == LISTENER
    assert there.stat() == before
    assert (packed / "model.gguf").read_bytes() == b"packed"


def test_another_model_under_the_same_name_does_not_replace_the_first(
    stick: Path, models_dir: Path
) -> None:
    put(stick / "a", {"ours.gguf": gguf(b"\x01" * 64)})
    put(stick / "b", {"ours.gguf": gguf(b"\x02" * 64)})
    import_path(models_dir, stick / "a", manifest=MANIFEST)
    with pytest.raises(ModelError, match="appliance models remove ours"):
        import_path(models_dir, stick / "b", manifest=MANIFEST)
    assert (models_dir / "ours/model.gguf").read_bytes() == gguf(b"\x01" * 64)


@pytest.mark.parametrize("name", ["../out", "Big Model", ".hidden", ""])
def test_a_name_that_could_not_be_a_folder_is_refused(
    stick: Path, models_dir: Path, name: str
) -> None:
    put(stick, whisper_files())
    with pytest.raises(ModelError, match="cannot be a model's name"):
        import_path(models_dir, stick, name=name, manifest=MANIFEST)


def test_a_speech_model_cannot_take_the_name_of_a_language_model(
    stick: Path, models_dir: Path
) -> None:
    put(stick, whisper_files())
    with pytest.raises(ModelError, match="talker is a language model"):
        import_path(models_dir, stick, name="talker", manifest=MANIFEST)


def test_what_an_import_that_was_cut_off_left_is_cleared_away(
    stick: Path, models_dir: Path
) -> None:
    put(models_dir / ".import-1", {"model.bin": b"half"})
    put(stick, whisper_files())
    import_path(models_dir, stick, manifest=MANIFEST)
    assert not (models_dir / ".import-1").exists()
