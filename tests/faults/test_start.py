"""A start that cannot work says what is wrong and what to do, and harms nothing."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from appliance.models.manifest import load_manifest
from appliance.settings import read_settings
from appliance.transcriber import cuda
from tests.faults.process import DEFAULTS, NO_MODELS, serving
from tests.store.test_damage import flip, record


def refused(folder: Path, environ: Mapping[str, str], within: Sequence[str] = ()) -> str:
    """What `appliance serve` says, and ends with; `within` runs the command behind it."""
    command = [*within, sys.executable, "-m", "appliance", "serve", "--port", "0"]
    done = subprocess.run(
        [*command, "--data-dir", str(folder)],
        env={**os.environ, **DEFAULTS, **environ},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    said = done.stderr[done.stderr.index("Error: ") :]
    assert "\nFix:   " in said
    return said


@pytest.mark.fault("record open elsewhere")
def test_a_second_server_on_the_same_folder_names_the_first(tmp_path: Path) -> None:
    with serving(tmp_path, NO_MODELS) as server:
        said = refused(tmp_path / "data", NO_MODELS)
        assert f"is open in another process (process {server.pid})" in said
        assert "Stop that process" in said
        assert server.health()["ok"]


@pytest.mark.fault("record damaged")
def test_a_record_whose_bytes_have_changed_points_to_the_backup(tmp_path: Path) -> None:
    path = tmp_path / "appliance.duckdb"
    record(path)
    size = path.stat().st_size
    flip(path, size // 4, size // 2)
    said = refused(tmp_path, NO_MODELS)
    assert "appliance.duckdb is damaged" in said
    assert "Restore it from a backup" in said


@pytest.mark.fault("GPU gone")
def test_a_gpu_that_is_demanded_and_not_there_is_named(tmp_path: Path) -> None:
    if cuda.machine().gpus:
        pytest.skip("this machine has a GPU")
    wish = {"APPLIANCE_SPEECH_DEVICE": "cuda", "APPLIANCE_ADVICE_ENABLED": "false"}
    said = refused(tmp_path, wish)
    assert "device is cuda, but no CUDA device was found" in said


@pytest.mark.fault("model file damaged")
def test_a_model_file_with_other_bytes_is_named_before_anything_starts(
    tmp_path: Path,
) -> None:
    entry = load_manifest().get(read_settings().speech.model)
    assert entry is not None
    folder = tmp_path / "models" / entry.name
    folder.mkdir(parents=True)
    for file in entry.files:
        with (folder / file.name).open("wb") as hollow:
            hollow.truncate(file.bytes)
    said = refused(tmp_path / "data", {"APPLIANCE_MODELS_DIR": str(tmp_path / "models")})
    assert entry.name in said
    assert "appliance models fetch" in said


READ_ONLY = (
    *("unshare", "--mount", "--map-root-user", "sh", "-ec"),
    'mount --bind "$0" "$0"; mount -o remount,bind,ro "$0"; exec "$@"',
)


@pytest.mark.fault("disk read-only")
def test_a_disk_that_can_only_be_read_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    within = [*READ_ONLY, str(folder)]
    tried = subprocess.run([*within, "true"], capture_output=True, check=False)
    if tried.returncode != 0:
        pytest.skip("needs unshare and mount, and the right to mount")
    record(folder / "appliance.duckdb")
    said = refused(folder, NO_MODELS, within)
    assert "is on a read-only file system" in said
    assert "Mount it writable" in said
    # Looking is allowed, and changes nothing.
    command = [*within, sys.executable, "-m", "appliance", "doctor"]
    doctor = subprocess.run(
        [*command, "--data-dir", str(folder)],
        env=os.environ | NO_MODELS | {"APPLIANCE_TLS_ENABLED": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert doctor.returncode == 1
    assert "nothing can be written" in doctor.stdout or "cannot be written" in doctor.stdout
    assert doctor.stderr == ""
