"""A root file system with nothing of ours in it, entered without a network.

    unshare ... python -m tests.kit.clean_root ROOT KIT COMMAND...

Either a Debian of its own, or this machine's programs and libraries to read, with /etc,
/opt and /var that are empty but for what a minimal system has. For root alone.
"""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]

PYTHON = "/usr/bin/python3"
BORROWED = ("usr", "bin", "sbin", "lib", "lib64")
OWN = ("opt", "var/lib", "var/cache", "etc/systemd/system", "kit", "root", "proc", "tmp")
OF_ETC = ("ld.so.cache", "ld.so.conf", "os-release", "login.defs", "nsswitch.conf")
DEVICES = ("null", "zero", "full", "random", "urandom")

USERS = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/usr/sbin/nologin\n"
GROUPS = "root:x:0:\nnogroup:x:65534:\n"

# linux/sockios.h, net/if.h
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 1
REQUEST = "16sh22x"

ENVIRON = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}


def permitted() -> bool:
    """Whether one can be entered here."""
    if os.getuid() != 0 or shutil.which("unshare") is None:
        return False
    tried = ["unshare", "--mount", "--net", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


def system_python() -> str:
    """Its version, such as "3.11"; "" of one that is too old, or of none."""
    asked = (
        "import sys; v = sys.version_info[:2]; print('%d.%d' % v if v > (3, 10) else '')"
    )
    try:
        done = subprocess.run([PYTHON, "-c", asked], capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return done.stdout.strip()


def borrow(root: Path) -> None:
    """This machine's system, in `root`: what it has to write."""
    root.mkdir(exist_ok=True)
    # Folders for tests are their owner's alone, and no user could come in.
    root.chmod(0o755)
    for name in OWN:
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "tmp").chmod(0o1777)
    (root / "etc/passwd").write_text(USERS)
    (root / "etc/group").write_text(GROUPS)
    for name in ("shadow", "gshadow", "subuid", "subgid"):
        (root / "etc" / name).touch()
    for name in OF_ETC:
        if Path("/etc", name).is_file():
            shutil.copy(Path("/etc", name), root / "etc" / name)


def debian(root: Path, suite: str, *packages: str) -> None:
    """A minimal Debian with what the installer asks for, and `packages`, from its
    archive."""
    wanted = f"--include={','.join(['python3', *packages])}"
    made = ["mmdebstrap", "--variant=minbase", wanted, suite, str(root)]
    subprocess.run(made, check=True, capture_output=True)
    (root / "kit").mkdir()


def within(
    root: Path, kit: Path, *command: str, aloud: bool = False
) -> "subprocess.CompletedProcess[str]":
    """What the command said there; with `aloud` it says it itself, while it runs."""
    alone = ["unshare", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork"]
    me = [PYTHON, "-m", "tests.kit.clean_root", str(root), str(kit), *command]
    return subprocess.run(
        [*alone, *me],
        cwd=HERE,
        env=ENVIRON,
        capture_output=not aloud,
        text=True,
        check=False,
    )


def _enter(root: Path, kit: Path) -> None:
    _loopback_up()
    _run("mount", "--make-rprivate", "/")
    if not (root / "usr/bin").exists():
        _bind_system(root)
    _run("mount", "--rbind", str(kit), str(root / "kit"))
    _run("mount", "-o", "remount,bind,ro", str(root / "kit"))
    _run("mount", "-t", "proc", "proc", str(root / "proc"))
    _run("mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", str(root / "dev"))
    (root / "dev/shm").mkdir(mode=0o1777)
    (root / "dev/shm").chmod(0o1777)
    for name in DEVICES:
        (root / "dev" / name).touch()
        _run("mount", "--bind", f"/dev/{name}", str(root / "dev" / name))
    os.chroot(root)
    os.chdir("/")


def _bind_system(root: Path) -> None:
    for name in BORROWED:
        there = Path("/", name)
        if there.is_symlink():
            if not (root / name).is_symlink():
                (root / name).symlink_to(there.readlink())
            continue
        (root / name).mkdir(exist_ok=True)
        _run("mount", "--rbind", str(there), str(root / name))
        _run("mount", "-o", "remount,bind,ro", str(root / name))
    (root / "dev").mkdir(exist_ok=True)
    # The one place below /usr that an installation writes to.
    kept = root / "local/bin"
    kept.mkdir(parents=True, exist_ok=True)
    _run("mount", "--rbind", str(root / "local"), str(root / "usr/local"))


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        said = fcntl.ioctl(line, GET_FLAGS, struct.pack(REQUEST, b"lo", 0))
        flags = struct.unpack(REQUEST, said)[1] | UP
        fcntl.ioctl(line, SET_FLAGS, struct.pack(REQUEST, b"lo", flags))


def _run(*command: str) -> None:
    subprocess.run(command, check=True)


if __name__ == "__main__":
    _enter(Path(sys.argv[1]), Path(sys.argv[2]))
    os.execv(sys.argv[3], sys.argv[3:])
