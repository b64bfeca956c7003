"""`appliance serve` as a process of its own, to be hurt from outside."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias

import httpx
import psutil

from appliance.access.access import FOLDER
from appliance.access.commands import AddMachine, MachineSecret
from appliance.access.first import FIRST
from appliance.control.line import ask
from appliance.replay.api import bearer
from appliance.replay.own_server import READY, tether
from tests.access.site import PASSWORD

Part: TypeAlias = Literal["vad", "speech", "speech-1", "language"]
PARTS: tuple[Part, ...] = ("vad", "speech", "language")

# Upper limits, not expectations: a machine that is shared loads models slowly.
START_S = 90.0
GONE_S = 30.0

# A process that is hurt is then the only one of its kind, whatever the machine; and who
# looks at it need not trust it first.
DEFAULTS = {"APPLIANCE_SPEECH_PROCESSES": "1", "APPLIANCE_TLS_ENABLED": "false"}
SECURE = {"APPLIANCE_TLS_ENABLED": "true"}

# For looking into the record alone.
NO_MODELS = {
    "APPLIANCE_SPEECH_ENABLED": "false",
    "APPLIANCE_ADVICE_ENABLED": "false",
    "APPLIANCE_KNOWLEDGE_ENABLED": "false",
}


class Serving:
    """A running server. Its words go to files in `folder`, beside the record."""

    def __init__(
        self,
        folder: Path,
        environ: Mapping[str, str] | None = None,
        port: int = 0,
        within: Sequence[str] = (),
    ) -> None:
        """`within` is a command that runs the one given to it, as the same process."""
        self.folder = folder
        self.said = folder / "stdout.log"
        self.log = folder / "stderr.log"
        serve = [sys.executable, "-m", "appliance", "serve", "--port", str(port)]
        # Outermost: a sandbox forbids it. One that changes the user unties it, too; what is
        # left over then only `clean_up` ends.
        command = [*tether(), *within, *serve]
        with self.said.open("w") as said, self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*command, "--data-dir", str(folder / "data")],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=log,
                env={**os.environ, **DEFAULTS, **(environ or {})},
                start_new_session=True,
            )
        self.url = ""
        self.workers: list[psutil.Process] = []  # as of the newest look

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait_until_ready(self) -> None:
        until = time.monotonic() + START_S
        while not self.url:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            if ready := READY.search(self.said.read_text()):
                self.url = ready[1]
            time.sleep(0.05)
        self.look_at_workers()

    def look_at_workers(self) -> list[psutil.Process]:
        self.workers = psutil.Process(self.pid).children(recursive=True)
        return self.workers

    @cached_property
    def token(self) -> str:
        """Of a program that may bring calls and read whatever programs may."""
        name = f"tests {self.pid}"  # one a server: what an earlier one told is not kept
        wish = AddMachine(name=name, scopes=("calls", "metrics", "record"), days=1)
        return ask(self.folder / "data" / FOLDER, wish, MachineSecret).secret

    @property
    def keys(self) -> dict[str, str]:
        """Headers of that program."""
        return bearer(self.token)

    def sign_in(self) -> dict[str, str]:
        """Headers of whoever is the first to sign in, and has every role."""
        first = self.folder / "data" / FOLDER / "first-password"
        known = {"name": FIRST, "password": first.read_text().strip()}
        with httpx.Client(base_url=self.url) as http:
            csrf = http.post("/auth/login", json=known).json()["csrf"]
            change = {"old": known["password"], "new": PASSWORD}
            changed = http.post(
                "/auth/password", json=change, headers={"x-csrf-token": csrf}
            )
            assert changed.status_code == 200, changed.text
            cookies = "; ".join(f"{one.name}={one.value}" for one in http.cookies.jar)
        return {"cookie": cookies, "x-csrf-token": changed.json()["csrf"]}

    def get(self, path: str) -> Any:
        return httpx.get(self.url + path, timeout=20, headers=self.keys).json()

    def health(self) -> dict[str, Any]:
        return dict(self.get("/healthz"))

    def wait_until_well(self) -> None:
        until = time.monotonic() + START_S
        while not self.health()["ok"]:
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)

    def pid_of(self, part: Part) -> int:
        return int(self.health()["parts"][part]["pid"])

    def restarts_of(self, part: Part) -> int:
        return int(self.health()["parts"][part]["restarts"])

    def stop(self) -> int:
        """End it in order; gives its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(GONE_S)

    def kill(self) -> None:
        """As if the power had gone, for this process alone."""
        self.look_at_workers()
        self.process.kill()
        self.process.wait(GONE_S)

    def left_over(self) -> list[psutil.Process]:
        """Which of the workers last looked at are still there, after time to go."""
        _, alive = psutil.wait_procs(self.workers, timeout=GONE_S)
        return list(alive)

    def clean_up(self) -> None:
        """Leave nothing behind, whatever the test came to."""
        if self.process.poll() is None:
            self.look_at_workers()
            self.process.kill()
            self.process.wait(GONE_S)
        for worker in self.left_over():
            worker.kill()


@contextmanager
def serving(
    folder: Path,
    environ: Mapping[str, str] | None = None,
    port: int = 0,
    within: Sequence[str] = (),
) -> Iterator[Serving]:
    """A server that is ready, and is gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    server = Serving(folder, environ, port, within)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.clean_up()
