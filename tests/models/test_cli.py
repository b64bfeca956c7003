import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from appliance.cli.models import app
from appliance.errors import ModelError
from appliance.models.manifest import load_manifest
from tests.models.made_up import gguf, put


@pytest.fixture(autouse=True)
def settings(models_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPLIANCE_MODELS_DIR", str(models_dir))


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_the_list_for_programs_has_names_states_sizes_and_licences() -> None:
    rows = {row["name"]: row for row in json.loads(run("list", "--json").stdout)}
    base = rows["whisper-base"]
    assert (base["state"], base["default"], base["licence"]) == ("missing", True, "MIT")
    assert rows["large-v3-turbo"]["import_only"]


def test_the_list_for_people_marks_the_default_and_fits_a_small_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = run("list").stdout
    assert "whisper-base *" in shown
    assert "llama-3.1-8b-instruct" in shown
    assert "import only" in shown


def test_a_model_is_imported_verified_and_removed(tmp_path: Path, models_dir: Path) -> None:
    source = put(tmp_path, {"ours.gguf": gguf()}) / "ours.gguf"
    said = [run("import", str(source)), run("verify"), run("remove", "ours")]
    assert [result.exit_code for result in said] == [0, 0, 0]
    assert 'model = "ours"' in said[0].stdout
    assert "ours: whole, 1 files" in said[1].stdout
    assert not (models_dir / "ours").exists()


def test_verify_names_every_damaged_model_before_it_fails(
    tmp_path: Path, models_dir: Path
) -> None:
    source = put(tmp_path, {"ours.gguf": gguf()}) / "ours.gguf"
    run("import", str(source))
    run("import", str(source), "--name", "theirs")
    for name in ("ours", "theirs"):
        (models_dir / name / "model.gguf").write_bytes(b"x")
    result = run("verify")
    assert result.stdout.count("half copied") == 2
    assert isinstance(result.exception, ModelError)


def test_an_unknown_name_comes_back_as_our_error() -> None:
    result = run("fetch", "whisper-bas")
    assert isinstance(result.exception, ModelError)
    assert "whisper-base" in result.exception.fix


@pytest.mark.model
def test_fetch_without_names_is_content_when_the_default_models_are_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("APPLIANCE_MODELS_DIR")
    names = [entry.name for entry in load_manifest().defaults()]
    assert run("fetch").stdout == "".join(f"{name}: already here\n" for name in names)
