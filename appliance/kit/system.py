"""What the system is told of the appliance: its user, its units, its command.

Works where no systemd runs, as in the root of another machine; what is left to do there is
returned as words, for who does it.
"""

import os
import shutil
import subprocess
from pathlib import Path

from appliance.errors import KitError
from appliance.kit.place import USER, Place, write
from appliance.kit.release import Release

SERVICE = "appliance.service"
TIMERS = ("appliance-backup.timer", "appliance-retention.timer")
# Does nothing but where an upgrade was cut off.
RESUME = "appliance-upgrade.service"

# Commands that change what belongs to root, or read what only root can.
OF_ROOT = ("upgrade", "rollback", "restore", "kit")

COMMAND = f"""\
#!/bin/sh
# The appliance's command line, about the service of this machine and as its user.
set -eu

main() {{
    export APPLIANCE_SETTINGS=/etc/appliance/appliance.toml
    export APPLIANCE_SERVER_DATA_DIR=/var/lib/appliance
    export APPLIANCE_MODELS_DIR=/var/lib/appliance/models
    export HOME=/var/lib/appliance
    case "${{1:-}}" in
        {" | ".join(OF_ROOT)}) ;;
        *)
            if [ "$(id -u)" = 0 ]; then
                exec setpriv --reuid {USER} --regid {USER} --init-groups \\
                    /opt/appliance/current/bin/appliance "$@"
            fi
            ;;
    esac
    exec /opt/appliance/current/bin/appliance "$@"
}}

main "$@"
"""

SETTINGS = """\
# The settings of this box: every name is in `appliance handbook settings`. What is not here
# has its default. `systemctl restart appliance` after a change.

[server]
# Listen on every address. Who may connect is said by the unit; see lan.conf.
host = "0.0.0.0"
"""

LAN = """\
# The networks that may reach the box. Without this it answers on this machine alone.
[Service]
IPAddressAllow={networks}
"""


def runs(place: Place) -> bool:
    """Whether there is a systemd to be told."""
    return place.is_machine and Path("/run/systemd/system").is_dir()


def make_user(place: Place) -> list[str]:
    """Raises KitError."""
    if _has_user(place):
        return []
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/var/lib/appliance", "--shell", "/usr/sbin/nologin", USER]
    if not place.is_machine:
        return [f"Make the user: {' '.join(command)}"]
    _run(command, "the user cannot be made")
    return []


def remove_user(place: Place) -> None:
    if place.is_machine:
        _run(["userdel", USER], "the user cannot be removed")


def _has_user(place: Place) -> bool:
    users = place.root / "etc/passwd"
    lines = users.read_text().splitlines() if users.is_file() else []
    return any(line.startswith(f"{USER}:") for line in lines)


def make_folders(place: Place, key: str) -> list[str]:
    """Settings are written once, and are the site's from then on. Raises OSError."""
    for folder, mode in (
        (place.settings, 0o750),
        (place.data, 0o700),
        (place.cache, 0o700),
    ):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)
    settings = place.settings / "appliance.toml"
    if not settings.exists():
        write(settings, SETTINGS, 0o640)
    if not place.key.exists():
        write(place.key, f"{key}\n")
    return give(place)


def give(place: Place) -> list[str]:
    """The data to the user of the service, and the settings to read."""
    if not place.is_machine:
        return ["Give away the folders: chown -R appliance: /var/lib/appliance"]
    for top in (place.data, place.cache):
        for path in (top, *top.rglob("*")):
            shutil.chown(path, USER, USER)
    for path in (place.settings, place.settings / "appliance.toml"):
        shutil.chown(path, "root", USER)
    return []


def place_units(place: Place, release: Release) -> None:
    """Those of the release, in place of another's. Raises OSError."""
    for unit in sorted(release.units.glob("*.*")):
        if unit.is_file():
            write(place.units / unit.name, unit.read_text())
    write(place.command, COMMAND, 0o755)


def let_in(place: Place, networks: list[str]) -> None:
    """By a drop-in, which is the site's. Raises OSError."""
    text = LAN.format(networks=" ".join(["localhost", *networks]))
    write(place.units / f"{SERVICE}.d/lan.conf", text)


def start(place: Place) -> list[str]:
    """And with the machine from now on. Raises KitError."""
    timers = " ".join(TIMERS)
    again = [f"systemctl enable {RESUME}; systemctl enable --now {SERVICE} {timers}"]
    if not runs(place):
        return [f"Once systemd runs there: {again[0]}"]
    _run(["systemctl", "daemon-reload"], "systemd does not read the units")
    _run(["systemctl", "enable", *TIMERS, SERVICE, RESUME], "the units cannot be enabled")
    _run(["systemctl", "start", *TIMERS], "the timers cannot be started")
    # Not a start: what runs is to be what was installed just now.
    _run(["systemctl", "restart", SERVICE], "the service does not start")
    return []


def stop(place: Place) -> None:
    """And no more with the machine. Raises KitError."""
    if runs(place):
        units = [*TIMERS, SERVICE, RESUME]
        _run(["systemctl", "disable", "--now", *units], "the service does not stop")


def forget_units(place: Place, release: Release | None) -> None:
    names = {SERVICE, *TIMERS, *(name.replace(".timer", ".service") for name in TIMERS)}
    if release is not None:
        names |= {path.name for path in release.units.glob("*.*")}
    for name in names:
        (place.units / name).unlink(missing_ok=True)
    for wants in place.units.glob("*.wants"):
        for name in names:
            (wants / name).unlink(missing_ok=True)
    place.command.unlink(missing_ok=True)
    if runs(place):
        _run(["systemctl", "daemon-reload"], "systemd does not read the units")


def bring_models(place: Place, kit: Path, names: tuple[str, ...], release: Release) -> None:
    """Into the models folder, where they are not yet. Raises KitError."""
    for name in names:
        command = [str(release.folder / "bin/python"), "-P", "-m", "appliance", "models"]
        command += ["import", str(kit / "models" / name), "--name", name]
        environ = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(place.data),
            "APPLIANCE_MODELS_DIR": str(place.models),
        }
        _run(command, f"the model {name} cannot be brought in", environ)


def _run(command: list[str], what: str, environ: dict[str, str] | None = None) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=environ
        )
        said = done.stderr.strip().splitlines() if done.returncode else []
        failed = bool(done.returncode)
    except OSError as error:
        said, failed = [str(error)], True
    if failed:
        raise KitError(
            f"{what.capitalize()}: {' '.join(said[-2:]) or 'no reason given'}.",
            fix=f"See `{' '.join(command[:3])}`, then run the same command again.",
        )
