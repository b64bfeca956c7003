"""`appliance doctor` for the administrators' page: asked for there, told as it is found."""

import logging
import subprocess
import sys
from datetime import UTC, datetime

import anyio
import msgspec
from anyio.streams.buffered import BufferedByteReceiveStream
from msgspec import Struct
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from appliance.doctor.examine import Step
from appliance.doctor.finding import Finding, unknown
from appliance.server.answers import answer
from appliance.settings import Settings

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "appliance.doctor")

# A GPU's driver may take a minute for its first answer, and the files of a model that has
# changed are read once.
LONGEST_S = 300.0

LINE = 1 << 16


class Examination(Struct, frozen=True, kw_only=True):
    """The newest, as far as it has come."""

    running: bool = False
    begun: datetime | None = None  # by the box's clock; None: nobody has asked
    looked: int = 0  # of so many `checks`; those are 0 until the first is done
    checks: int = 0
    findings: tuple[Finding, ...] = ()


class Rounds:
    """One examination at a time; what is asked for meanwhile is that one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._asked = anyio.Event()
        self._port = settings.server.port
        self.newest = Examination()

    async def begin(self, request: Request) -> Response:
        if not self.newest.running:
            # The settings may say 0, for any.
            self._port = int((request.scope.get("server") or ("", self._port))[1])
            self.newest = Examination(running=True, begun=datetime.now(UTC))
            self._asked.set()
        return answer(self.newest)

    async def tell(self, _request: Request) -> Response:
        return answer(self.newest)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._asked.wait()
            self._asked = anyio.Event()
            with anyio.move_on_after(LONGEST_S) as limit:
                await self._examine()
            if limit.cancelled_caught:
                self._add(unknown("doctor", f"it took more than {LONGEST_S:.0f} s"))
            self.newest = replace(self.newest, running=False)

    async def _examine(self) -> None:
        server = replace(self._settings.server, port=self._port)
        given = msgspec.json.encode(replace(self._settings, server=server))
        async with await anyio.open_process(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=None
        ) as process:
            asked, answers = process.stdin, process.stdout
            if asked is None or answers is None:
                raise RuntimeError("a process without the pipes it was started with")
            await asked.send(given)
            await asked.aclose()
            lines = BufferedByteReceiveStream(answers)
            try:
                while True:
                    self._take(await lines.receive_until(b"\n", LINE))
            except (anyio.EndOfStream, anyio.IncompleteRead):
                status = await process.wait()
        if status:
            log.error("the doctor ended with status %s", status)
            self._add(unknown("doctor", f"it ended with status {status}", "See the log."))

    def _take(self, line: bytes) -> None:
        step = msgspec.json.decode(line, type=Step)
        self.newest = replace(self.newest, looked=step.looked, checks=step.checks)
        self._add(*step.findings)

    def _add(self, *findings: Finding) -> None:
        self.newest = replace(self.newest, findings=(*self.newest.findings, *findings))
