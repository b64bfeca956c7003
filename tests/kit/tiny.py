"""A kit that is whole and small: our own wheel with the installer and a stand-in for the
service, and pip as Python itself carries it. What puts it in place is the real thing.
"""

import ensurepip
import platform
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from appliance.bundle.signing import Signer, make
from appliance.kit.listing import NAME, SIGNATURE, Listing, list_files

HERE = Path(__file__).resolve().parents[2]
SOURCES = (
    "durable.py",
    "errors.py",
    *(f"kit/{path.name}" for path in (HERE / "appliance/kit").glob("*.py")),
)

# In 2026; every clock that is right is later.
MADE = 1_767_225_600

PROGRAM = '''
"""Says which release it is."""
import sys
from appliance import __version__

def main():
    print("tiny", __version__, *sys.argv[1:])

if __name__ == "__main__":
    main()
'''


def signer(folder: Path) -> Signer:
    return make(folder / "kit.pem")


def tiny_kit(
    kit: Path,
    by: Signer,
    version: str = "0.1.0",
    program: str = PROGRAM,
    files: Mapping[str, str] | None = None,
    python: str = "",
) -> Path:
    """`files` are more of our wheel. For the Python of this process, or another."""
    (kit / "wheels").mkdir(parents=True)
    (kit / "docs").mkdir()
    shutil.copytree(HERE / "systemd", kit / "units")
    shutil.copy(HERE / "scripts/install", kit / "install")
    (kit / "docs/README.md").write_text("# A small one\n")
    (kit / "components.json").write_bytes(msgspec.json.encode([]))
    [pip] = (Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl")
    shutil.copy(pip, kit / "wheels")
    _wheel(kit / "wheels", version, program, files or {})
    sign(kit, by, version, python)
    return kit


def sign(kit: Path, by: Signer, version: str, python: str = "") -> None:
    """As it lies there now."""
    here = ".".join(platform.python_version_tuple()[:2])
    listing = Listing(
        version=version,
        made=MADE,
        key=by.public,
        pythons=(python or here,),
        platform=f"{platform.system()}-{platform.machine()}",
        glibc="2.17",
        processor=(),
        disk_mb=100,
        memory_mb=100,
        files=list_files(kit),
    )
    (kit / NAME).write_bytes(listing.encode())
    (kit / SIGNATURE).write_text(by.sign(listing.encode()))


def _wheel(folder: Path, version: str, program: str, files: Mapping[str, str]) -> None:
    about = f"appliance-{version}.dist-info"
    contents = {
        "appliance/__init__.py": f'"""Tiny."""\n\n__version__ = "{version}"\n',
        "appliance/__main__.py": program,
        **{f"appliance/{one}": (HERE / "appliance" / one).read_text() for one in SOURCES},
        **files,
        f"{about}/METADATA": (
            f"Metadata-Version: 2.1\nName: appliance\nVersion: {version}\n"
        ),
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": (
            "[console_scripts]\nappliance = appliance.__main__:main\n"
        ),
    }
    record = "".join(f"{name},,\n" for name in (*contents, f"{about}/RECORD"))
    with zipfile.ZipFile(folder / f"appliance-{version}-py3-none-any.whl", "w") as wheel:
        for name, content in {**contents, f"{about}/RECORD": record}.items():
            wheel.writestr(name, content)
