"""llama.cpp's wheel gets the library that its threads need, and stays a wheel."""

import csv
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from appliance.bundle.compiling import OF_TORCH, OPENMP, complete
from appliance.bundle.components import components
from appliance.errors import KitError

OWN = "llama_cpp_python-1.0-py3-none-any.whl"
TORCH = "torch-2.0-py3-none-any.whl"


def _wheel(path: Path, content: dict[str, bytes], year: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    name, version = path.name.split("-")[:2]
    about = f"{name}-{version}.dist-info"
    files = {
        f"{about}/METADATA": (
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nLicense: MIT\n"
        ).encode(),
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": b"",
        **content,
    }
    with zipfile.ZipFile(path, "w") as archive:
        for one, data in files.items():
            archive.writestr(zipfile.ZipInfo(one, (year, 1, 1, 0, 0, 0)), data)
    return path


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    _wheel(tmp_path / "kit" / TORCH, {OF_TORCH: b"openmp"}, 2024)
    return tmp_path / "kit"


def test_the_library_lies_where_llama_cpp_looks_and_is_in_the_list(
    tmp_path: Path, wheels: Path
) -> None:
    complete(_wheel(tmp_path / OWN, {"llama_cpp/__init__.py": b""}, 2025), wheels)
    installed = tmp_path / "installed"
    options = ["--quiet", "--no-index", "--no-deps", f"--target={installed}"]
    pip = [sys.executable, "-m", "pip", "install"]
    subprocess.run([*pip, *options, str(wheels / OWN)], check=True)
    assert (installed / OPENMP).read_bytes() == b"openmp"
    record = installed / "llama_cpp_python-1.0.dist-info/RECORD"
    with record.open() as file:
        assert OPENMP in {row[0] for row in csv.reader(file)}


def test_what_only_compilers_want_and_knows_where_it_was_made_stays_out(
    tmp_path: Path, wheels: Path
) -> None:
    own = {"llama_cpp/lib/libllama.so": b"", "lib/llama.pc": b"/tmp/x", "include/l.h": b""}
    complete(_wheel(tmp_path / OWN, own, 2025), wheels)
    with zipfile.ZipFile(wheels / OWN) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert tops == {"llama_cpp", "llama_cpp_python-1.0.dist-info"}


def test_one_content_makes_one_wheel_whenever_it_was_compiled(
    tmp_path: Path, wheels: Path
) -> None:
    files = {"llama_cpp/a.py": b"a", "llama_cpp/b.py": b"b"}
    first = _wheel(tmp_path / "one" / OWN, files, 2025)
    complete(first, wheels)
    made = (wheels / OWN).read_bytes()
    turned = dict(reversed(files.items()))
    complete(_wheel(tmp_path / "two" / OWN, turned, 2026), wheels)
    assert (wheels / OWN).read_bytes() == made


def test_its_licence_is_named_for_llama_cpp_as_well(tmp_path: Path, wheels: Path) -> None:
    complete(_wheel(tmp_path / OWN, {}, 2025), wheels)
    lock = tmp_path / "package-lock.json"
    lock.write_text('{"packages": {}}')
    found = components([wheels / OWN], [], lock)
    assert [(one.name, one.licence) for one in found if one.kind == "native libraries"] == [
        ("GCC runtime", "GPL-3.0-or-later WITH GCC-exception-3.1")
    ]


def test_a_pytorch_without_the_library_is_refused(tmp_path: Path) -> None:
    _wheel(tmp_path / "kit" / TORCH, {}, 2024)
    own = _wheel(tmp_path / OWN, {}, 2025)
    with pytest.raises(KitError, match=r"brings no libgomp\.so\.1"):
        complete(own, tmp_path / "kit")
