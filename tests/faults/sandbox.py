"""The sandbox of systemd/appliance.service, put up by hand where there is no systemd.

    unshare --mount --ipc python -m tests.faults.sandbox FOLDER COMMAND...

runs COMMAND as nobody, in a root that has this Python, this code and the system's own
files to read and nothing but FOLDER to write, without a capability, and with the system
calls, socket families and memory rights that the unit leaves it. For root alone.
"""

import ctypes
import os
import re
import shutil
import struct
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
UNIT = HERE / "systemd" / "appliance.service"
NUMBERS = Path(f"/usr/include/{sysconfig.get_config_var('MULTIARCH')}/asm/unistd_64.h")

NOBODY = "65534"
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")

# linux/prctl.h
SET_NO_NEW_PRIVS, SET_SECCOMP, SET_MDWE = 38, 22, 65
SECCOMP_FILTER, REFUSE_EXEC_GAIN = 2, 1

# linux/seccomp.h, linux/audit.h
ALLOW, FAIL, KILL = 0x7FFF0000, 0x00050000, 0x80000000
X86_64 = 0xC000003E
EPERM, EAFNOSUPPORT = 1, 97

# linux/bpf_common.h: load a word, jump if equal, return
LOAD, EQUALS, RETURN = 0x20, 0x15, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data

FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}


def directives(name: str) -> list[str]:
    """Every value that the unit gives `name`, in its order."""
    lines = UNIT.read_text().splitlines()
    return [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")]


def permitted() -> bool:
    """Whether one can be put up here."""
    if os.getuid() != 0 or not NUMBERS.exists() or shutil.which("systemd-analyze") is None:
        return False
    mount = ["unshare", "--mount", "--ipc", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(mount, capture_output=True, check=False).returncode == 0


def main(folder: Path, command: Sequence[str]) -> None:
    _enter(folder)
    libc = ctypes.CDLL(None, use_errno=True)
    if "yes" in directives("MemoryDenyWriteExecute"):
        _prctl(libc, SET_MDWE, REFUSE_EXEC_GAIN, 0)
    _prctl(libc, SET_NO_NEW_PRIVS, 1, 0)
    # setpriv comes first: the filter takes away what it needs.
    if os.getuid() == 0:
        me = [sys.executable, "-m", "tests.faults.sandbox", str(folder), *command]
        drop = ["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]
        none = ["--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all"]
        os.execvp("setpriv", ["setpriv", *drop, *none, *me])
    _filter(libc)
    os.execvp(command[0], list(command))


def _prctl(libc: ctypes.CDLL, option: int, first: int, second: object) -> None:
    if libc.prctl(option, first, second, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"prctl {option}: {os.strerror(number)}")


# --------------------------------------------------------------------- what it sees


def _enter(folder: Path) -> None:
    """Go into a root of its own."""
    if os.getuid() != 0:
        return
    _run("mount", "--make-rprivate", "/")
    root = Path("/mnt")
    _run("mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", str(root))
    for name, options in {"dev/shm": "mode=1777", "tmp": "mode=1777"}.items():
        (root / name).mkdir(parents=True)
        _run("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(root / name))
    for name in ("usr", "bin", "sbin", "lib", "lib64", "etc"):
        _bind(root, Path("/", name))
    for path in _readable():
        _bind(root, path)
    _bind(root, folder, "rw")
    for name in DEVICES:
        _bind(root, Path("/dev", name), "rw")
    (root / "proc").mkdir()
    shows = [f"hidepid={directives('ProtectProc')[0]}"]
    shows += [f"subset={subset}" for subset in directives("ProcSubset")]
    _run("mount", "-t", "proc", "-o", ",".join(shows), "proc", str(root / "proc"))
    _run("mount", "-o", "remount,ro", str(root))
    os.chroot(root)
    os.chdir(HERE)


def _readable() -> list[Path]:
    """This Python, this code, and the models that the environment names."""
    found = [HERE, Path(sys.base_prefix), Path(sys.prefix).resolve()]
    if models := os.environ.get("APPLIANCE_MODELS_DIR"):
        found.append(Path(models))
    return found


def _bind(root: Path, path: Path, mode: str = "ro") -> None:
    there = root / path.relative_to("/")
    if path.is_symlink():
        there.symlink_to(path.readlink())
        return
    if path.is_dir():
        there.mkdir(parents=True, exist_ok=True)
    else:
        there.parent.mkdir(parents=True, exist_ok=True)
        there.touch()
    _run("mount", "--rbind", str(path), str(there))
    if mode == "ro":
        _run("mount", "-o", "remount,bind,ro", str(there))


def _run(*command: str) -> None:
    subprocess.run(command, check=True)


# --------------------------------------------------------------------- what it may ask


def _filter(libc: ctypes.CDLL) -> None:
    """SystemCallFilter= and RestrictAddressFamilies= of the unit."""
    program = b"".join(_program())
    code = ctypes.create_string_buffer(program, len(program))
    length = len(program) // struct.calcsize("HBBI")
    handle = struct.pack("HxxxxxxP", length, ctypes.addressof(code))
    _prctl(libc, SET_SECCOMP, SECCOMP_FILTER, ctypes.create_string_buffer(handle))


def _program() -> Iterator[bytes]:
    def step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("HBBI", code, if_true, if_false, value)

    numbers = _numbers()
    words = " ".join(directives("RestrictAddressFamilies")).split()
    families = [FAMILIES[word] for word in words]
    yield step(LOAD, ARCHITECTURE)
    yield step(EQUALS, X86_64, 1)
    yield step(RETURN, KILL)
    yield step(LOAD, NUMBER)
    # socket(): by its family. Two steps for each, and the last is for all others.
    yield step(EQUALS, numbers["socket"], 0, 2 * len(families) + 2)
    yield step(LOAD, FIRST_ARGUMENT)
    for family in families:
        yield step(EQUALS, family, 0, 1)
        yield step(RETURN, ALLOW)
    yield step(RETURN, FAIL | EAFNOSUPPORT)
    for name in sorted(allowed()):
        # What this kernel's headers do not know cannot be asked for here.
        if name in numbers and name != "socket":
            yield step(EQUALS, numbers[name], 0, 1)
            yield step(RETURN, ALLOW)
    yield step(RETURN, FAIL | EPERM)


def allowed() -> set[str]:
    """The system calls that the unit's lines leave, in their order."""
    left = set[str]()
    for line in directives("SystemCallFilter"):
        names = {call for word in line.lstrip("~").split() for call in _calls(word)}
        left = left - names if line.startswith("~") else left | names
    return left


@cache
def _calls(word: str) -> frozenset[str]:
    """The calls of a set, which has sets in turn; a call is itself."""
    if not word.startswith("@"):
        return frozenset({word})
    asked = ["systemd-analyze", "--no-pager", "syscall-filter", word]
    said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    lines = [line.strip() for line in said.splitlines()[1:]]
    named = [line for line in lines if line and not line.startswith("#")]
    return frozenset(call for one in named for call in _calls(one))


def _numbers() -> dict[str, int]:
    found = re.findall(r"#define __NR_(\w+) (\d+)", NUMBERS.read_text())
    return {name: int(number) for name, number in found}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
