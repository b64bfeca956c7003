from pathlib import Path

import pytest

from appliance.errors import ModelError
from appliance.models.fetch import fetch_dir
from appliance.models.files import STAMP
from appliance.models.importing import import_path
from appliance.models.shelf import list_models, remove, verify
from tests.models.made_up import MANIFEST, WEIGHTS, gguf, put, put_talker, whisper_files


def states(models_dir: Path) -> dict[str, str]:
    return {row.entry.name: row.state for row in list_models(models_dir, MANIFEST)}


def test_the_list_tells_present_missing_damaged_and_half_copied_apart(
    models_dir: Path,
) -> None:
    put_talker(models_dir)
    assert states(models_dir) == {
        "talker": "present",
        "listener": "missing",
        "brought": "missing",
    }
    put(models_dir / "listener", {"model.bin.part": b"x"})
    (models_dir / "talker/model.gguf").write_bytes(b"x" * len(WEIGHTS))
    assert states(models_dir) == {
        "talker": "damaged",
        "listener": "half-copied",
        "brought": "missing",
    }


def test_a_list_of_a_models_folder_that_does_not_exist_is_all_missing(
    tmp_path: Path,
) -> None:
    assert set(states(tmp_path / "nowhere").values()) == {"missing"}
    assert not (tmp_path / "nowhere").exists()


def test_models_with_names_of_their_own_are_listed_too(
    tmp_path: Path, models_dir: Path
) -> None:
    source = put(tmp_path, {"ours.gguf": gguf()}) / "ours.gguf"
    import_path(models_dir, source, manifest=MANIFEST)
    assert states(models_dir)["ours"] == "present"


def test_verify_finds_what_a_stamp_would_hide(models_dir: Path) -> None:
    put_talker(models_dir)
    verify(models_dir, "talker", manifest=MANIFEST)
    stamp = models_dir / "talker" / STAMP
    kept = stamp.read_bytes()
    (models_dir / "talker/model.gguf").write_bytes(b"x" * len(WEIGHTS))
    stamp.write_bytes(kept)
    with pytest.raises(ModelError, match=r"model\.gguf is damaged"):
        verify(models_dir, "talker", manifest=MANIFEST)
    assert states(models_dir)["talker"] == "damaged"


def test_verify_of_a_model_that_is_not_here_says_so(models_dir: Path) -> None:
    for name in ("talker", "brought"):
        with pytest.raises(ModelError, match=f"{name} is not on this machine"):
            verify(models_dir, name, manifest=MANIFEST)


def test_remove_frees_the_files_and_what_an_unfinished_fetch_left(models_dir: Path) -> None:
    put_talker(models_dir)
    put(fetch_dir(models_dir, "talker"), {"a.whl": b"12345"})
    freed = remove(models_dir, "chatty", manifest=MANIFEST)
    assert freed == len(WEIGHTS) + len(b"{}") + 5
    assert states(models_dir)["talker"] == "missing"
    assert [p.name for p in models_dir.iterdir()] == [".locks"]


def test_removing_what_is_not_there_or_not_known_is_refused(models_dir: Path) -> None:
    put(models_dir.parent / "precious", whisper_files())
    with pytest.raises(ModelError, match="Nothing of talker"):
        remove(models_dir, "talker", manifest=MANIFEST)
    with pytest.raises(ModelError, match="no model called"):
        remove(models_dir, "../precious", manifest=MANIFEST)
    assert (models_dir.parent / "precious/model.bin").exists()
