from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.errors import ModelError
from appliance.models.gguf import BadHeader, read_gguf
from appliance.models.shapes import look
from tests.models.made_up import gguf, model_bin, put, safetensors, whisper_files


def test_a_gguf_says_how_long_it_must_be(tmp_path: Path) -> None:
    file = put(tmp_path, {"a.gguf": gguf()}) / "a.gguf"
    header = read_gguf(file)
    assert (header.architecture, header.needed_bytes) == ("qwen2", file.stat().st_size)


def test_a_file_a_folder_with_one_gguf_and_a_whisper_folder_are_told_apart(
    tmp_path: Path,
) -> None:
    put(tmp_path / "talk", {"talk-q4.gguf": gguf()})
    put(tmp_path / "listen", whisper_files())
    put(
        tmp_path / "sense",
        {"model.safetensors": safetensors(), "config.json": b"{}", "tokenizer.json": b"{}"},
    )
    paths = ("talk/talk-q4.gguf", "talk", "listen", "sense")
    shapes = [look(tmp_path / path) for path in paths]
    assert [shape.kind for shape in shapes] == [
        "language",
        "language",
        "speech",
        "embedding",
    ]
    assert [shape.name for shape in shapes] == ["talk-q4", "talk-q4", "listen", "sense"]


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json"])
def test_a_whisper_folder_without_a_file_is_refused_by_the_file_s_name(
    tmp_path: Path, name: str
) -> None:
    folder = put(tmp_path / "w", whisper_files())
    (folder / name).unlink()
    with pytest.raises(ModelError, match=f"{name} missing"):
        look(folder)


def test_a_whisper_folder_without_a_vocabulary_is_refused(tmp_path: Path) -> None:
    folder = put(tmp_path / "w", whisper_files())
    (folder / "vocabulary.json").unlink()
    with pytest.raises(ModelError, match=r"vocabulary\.json missing"):
        look(folder)


def test_a_translation_model_is_not_taken_for_whisper(tmp_path: Path) -> None:
    other = {**whisper_files(), "model.bin": model_bin(spec="TransformerSpec")}
    with pytest.raises(ModelError, match="not a Whisper model"):
        look(put(tmp_path / "w", other))


def test_json_that_lost_its_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"tokenizer\.json is damaged"):
        look(put(tmp_path / "w", {**whisper_files(), "tokenizer.json": b'{"a"'}))


@pytest.mark.parametrize(
    ("name", "content"), [("model.bin", model_bin()), ("model.gguf", gguf())]
)
def test_a_copy_that_was_cut_off_is_refused_wherever_it_was_cut(
    tmp_path: Path, name: str, content: bytes
) -> None:
    for cut in range(len(content)):
        folder = put(tmp_path / "w", {**whisper_files(), name: content[:cut]})
        with pytest.raises(ModelError, match=name):
            look(folder / name if name == "model.gguf" else folder)


@pytest.mark.parametrize("cut", [0, 4, 60, -1])
def test_safetensors_that_were_cut_off_are_refused(tmp_path: Path, cut: int) -> None:
    files = {"model.safetensors": safetensors()[:cut]}
    files |= {"config.json": b"{}", "tokenizer.json": b"{}"}
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        look(put(tmp_path / "s", files))


@given(noise=st.binary(max_size=200))
def test_noise_after_the_magic_is_refused_and_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes
) -> None:
    file = tmp_path_factory.mktemp("noise") / "a.gguf"
    file.write_bytes(b"GGUF\x03\0\0\0" + noise)
    with pytest.raises((BadHeader, ModelError)):
        look(file)


def test_several_models_in_one_folder_are_listed(tmp_path: Path) -> None:
    put(tmp_path / "a", whisper_files())
    put(tmp_path / "b", {"model.gguf": gguf()})
    with pytest.raises(ModelError, match="several models: a, b"):
        look(tmp_path)


def test_several_ggufs_in_one_folder_are_listed(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"several GGUF files: a\.gguf, b\.gguf"):
        look(put(tmp_path, {"a.gguf": gguf(), "b.gguf": gguf()}))


def test_a_path_with_nothing_there_asks_about_the_stick(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="mounted"):
        look(tmp_path / "stick")


def test_a_folder_of_something_else_says_what_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="converted for CTranslate2"):
        look(put(tmp_path, {"holiday.jpg": b"x"}))
