"""Who starts and stops the service: systemd, another command, or nobody."""

import subprocess
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from appliance.errors import UpgradeError
from appliance.kit.system import SERVICE

# systemd's own limits are shorter; this is for one that hangs itself.
PATIENCE_S = 600.0


class Manager(Protocol):
    def start(self) -> None:
        """Return when it was told to; whether it is well is asked elsewhere."""

    def stop(self) -> None:
        """Return when it is gone. Both raise UpgradeError."""


class Systemd:
    def start(self) -> None:
        # The units may be those of another release.
        _run("systemctl", "daemon-reload")
        with suppress(UpgradeError):
            # Refused where it has not failed and is not loaded, which is as well.
            _run("systemctl", "reset-failed", SERVICE)
        _run("systemctl", "start", "--no-block", SERVICE)

    def stop(self) -> None:
        _run("systemctl", "stop", SERVICE)


class Command:
    """For machines without systemd: run with `start` or `stop` as its last word."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words

    def start(self) -> None:
        _run(*self._words, "start")

    def stop(self) -> None:
        _run(*self._words, "stop")


class Nobody:
    """While a machine starts: the service does not run yet, and is started afterwards."""

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass


def _run(*command: str) -> None:
    try:
        subprocess.run(
            command,
            check=True,
            timeout=PATIENCE_S,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise UpgradeError(
            f"`{' '.join(command)}` failed: {error}.",
            fix=f"See `systemctl status {SERVICE}`, then `appliance upgrade --resume`.",
        ) from error
