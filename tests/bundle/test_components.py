"""Every part of a kit has a licence that is known."""

import re
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from appliance.bundle.components import Component, components
from appliance.bundle.lock import lock_file, read_lock
from appliance.bundle.natives import native
from appliance.errors import KitError
from appliance.models.manifest import load_manifest

ROOT = Path(__file__).parents[2]
PACKAGE_LOCK = ROOT / "appliance/ui/package-lock.json"


def _wheel(folder: Path, *facts: str, libraries: tuple[str, ...] = ()) -> Path:
    path = folder / "thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        about = ["Metadata-Version: 2.1", "Name: thing", "Version: 1.0", *facts]
        wheel.writestr("thing-1.0.dist-info/METADATA", "\n".join(about))
        for library in libraries:
            wheel.writestr(library, b"")
    return path


def _of(wheel: Path) -> list[Component]:
    return [
        one for one in components([wheel], (), PACKAGE_LOCK) if one.within == wheel.name
    ]


@pytest.mark.parametrize(
    ("facts", "licence"),
    [
        (("License-Expression: MIT",), "MIT"),
        (("License: Apache 2.0",), "Apache 2.0"),
        (("Classifier: License :: OSI Approved :: BSD License",), "BSD License"),
        (("License-Expression: MIT", "License: another"), "MIT"),
        (
            ("License: UNKNOWN", "Classifier: License :: OSI Approved :: MIT License"),
            "MIT License",
        ),
    ],
)
def test_a_package_says_its_licence_in_the_newest_way_that_it_uses(
    tmp_path: Path, facts: tuple[str, ...], licence: str
) -> None:
    [found] = _of(_wheel(tmp_path, *facts))
    assert (found.kind, found.name, found.licence) == ("Python packages", "thing", licence)


def test_a_package_without_a_licence_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KitError, match=r"licence is not known of: thing 1\.0"):
        _of(_wheel(tmp_path, "License: UNKNOWN"))


def test_a_native_library_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    wheel = _wheel(
        tmp_path,
        "License-Expression: MIT",
        libraries=(
            "thing.libs/libavcodec-5e6b81c2.so.62",
            "thing.libs/libmystery-12345678.so",
        ),
    )
    with pytest.raises(KitError, match="licence is not known of: mystery"):
        _of(wheel)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("libavcodec-5e6b81c2.so.62.28.102", "FFmpeg"),
        ("libxcb-shape-7716c890.so.0.0.0", "libxcb"),
        ("libgfortran-040039e1-0352e75f.so.5.0.0", "GCC runtime"),
        ("libscipy_openblas64_-32a4b2a6.so", "OpenBLAS"),
        ("libggml-cpu.so", "ggml"),
        ("libtorch_cpu.so", "PyTorch"),
        ("libsndfile_x86_64.so", "libsndfile, with FLAC, Ogg, Opus, LAME"),
        ("libonnxruntime_providers_shared.so", "ONNX Runtime"),
    ],
)
def test_a_library_is_known_by_its_name_without_versions(file: str, name: str) -> None:
    found = native(file)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("file", ["_core.cpython-311-x86_64-linux-gnu.so", "_rust.abi3.so"])
def test_an_extension_module_is_its_package(file: str) -> None:
    assert native(file) is None


def test_the_pages_are_made_of_what_is_not_for_building_alone() -> None:
    found = {one.name for one in components([], (), PACKAGE_LOCK)}
    assert {"react", "react-dom", "lucide-react"} <= found
    assert "vite" not in found
    assert "@agent/ui" not in found


def test_every_model_of_the_manifest_may_go_into_a_kit() -> None:
    models = load_manifest().models
    found = components([], models, PACKAGE_LOCK)
    assert {one.name for one in found if one.kind == "models"} == {m.name for m in models}


def test_the_lock_has_every_package_once_and_as_constraints_have_it() -> None:
    lines = (ROOT / "scripts/kit-3.11.lock").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+ --hash=sha256:[0-9a-f]{64}", p) for p in pins)
    locked = dict(pin.split(" ")[0].split("==") for pin in pins)
    assert len(locked) == len(pins)
    constrained = {
        re.sub(r"[-_.]+", "-", name).lower(): version
        for name, version in re.findall(
            r"^([\w.-]+)==(.+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE
        )
    }
    differ = {n: v for n, v in locked.items() if constrained.get(n, v) != v}
    assert differ == {}


def test_the_lock_has_whatever_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {canonicalize_name(Requirement(one).name) for one in project["dependencies"]}
    assert asked - read_lock(lock_file(ROOT, "3.11")).keys() == set()
