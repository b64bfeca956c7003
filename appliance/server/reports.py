"""Calls and figures as files for other programs, to supervisors: who took which is in the
audit log before the first byte leaves."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TypeAlias

from anyio import CancelScope, CapacityLimiter, TemporaryDirectory, to_thread, wrap_file
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from appliance.access.access import Access
from appliance.errors import ProtocolError, StoreError
from appliance.pipeline.box import Box
from appliance.reporting.table import FIGURES, figure_rows
from appliance.server.figures import question_of
from appliance.server.guard import address_of
from appliance.server.listed import CALLS, call_rows
from appliance.server.passes import pass_of
from appliance.server.sessions import search_of
from appliance.sheets.formats import FORMATS, MOST
from appliance.sheets.table import Cell, Column, Sheet
from appliance.store.search import MOST_SESSIONS, Search

Rows: TypeAlias = AsyncGenerator[Sequence[Sequence[Cell]], None]

CHUNK = 1 << 16


class Reports:
    def __init__(self, box: Box, access: Access) -> None:
        self._box = box
        self._access = access
        # The cores belong to the models: who asks meanwhile waits.
        self._one = CapacityLimiter(1)

    async def calls(self, request: Request) -> Response:
        """Those that the same filters list at /api/sessions, the newest first."""
        asked, name = _wanted(request)
        return await self._send(request, "calls", CALLS, name, self._calls(request, asked))

    async def figures(self, request: Request) -> Response:
        """What /api/metrics tells, a figure in each row."""
        asked, name = _wanted(request)
        rows = self._figures(request, asked)
        return await self._send(request, "figures", FIGURES, name, rows)

    async def _calls(self, request: Request, asked: Mapping[str, str]) -> Rows:
        search: Search | None = replace(
            search_of(self._box, request, asked), limit=MOST_SESSIONS
        )
        await self._box.publisher.settled()
        while search is not None:
            page = await self._box.store.sessions(search)
            yield call_rows(page.sessions, self._box.reporting.zone)
            search = replace(search, before=page.next) if page.next else None

    async def _figures(self, request: Request, asked: Mapping[str, str]) -> Rows:
        question = question_of(request, asked)
        await self._box.publisher.settled()
        yield figure_rows(await self._box.reporting.metrics(question, datetime.now(UTC)))

    async def _send(
        self, request: Request, what: str, columns: Sequence[Column], name: str, rows: Rows
    ) -> Response:
        format_ = FORMATS[name]
        # What a power cut leaves of it is in the unit's own /tmp, and goes with it. Once it
        # is open it needs no name.
        async with self._one, aclosing(rows), TemporaryDirectory() as folder:
            path = Path(folder) / f"{what}.{name}"
            try:
                sheet = await to_thread.run_sync(format_.make, path, columns)
                count = await _fill(sheet, rows)
                file = await to_thread.run_sync(path.open, "rb")
            except OSError as error:
                raise StoreError(
                    f"The report cannot be written: {error}.",
                    fix="Make room in the folder of temporary files.",
                ) from error
        given, address = pass_of(request.scope), address_of(request.scope)
        detail = f"{count} rows as {name}, from {address}"
        await self._access.record(given.caller.name, "report exported", what, detail)
        day = datetime.now(self._box.reporting.zone)
        attached = f'attachment; filename="{what}-{day:%Y-%m-%d}.{name}"'
        return StreamingResponse(
            _pieces(file),
            media_type=format_.kind,
            headers={"content-disposition": attached},
        )


def report_routes(box: Box, access: Access) -> list[Route]:
    reports = Reports(box, access)
    return [
        Route("/api/reports/calls", reports.calls),
        Route("/api/reports/figures", reports.figures),
    ]


def _wanted(request: Request) -> tuple[dict[str, str], str]:
    """The filters, and as what."""
    asked = dict(request.query_params)
    name = asked.pop("format", "csv")
    if name not in FORMATS:
        raise ProtocolError(
            f"There are no reports as {name!r}.", fix=f"Take {', '.join(FORMATS)}."
        )
    return asked, name


async def _fill(sheet: Sheet, rows: Rows) -> int:
    """How many there were."""
    count = 0
    try:
        async for some in rows:
            count += len(some)
            if count > MOST:
                raise ProtocolError(
                    f"These are more than {MOST} rows.", fix="Take a shorter period."
                )
            await to_thread.run_sync(sheet.add, some)
    finally:
        with CancelScope(shield=True):
            await to_thread.run_sync(sheet.close)
    return count


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    async with wrap_file(file) as opened:
        while piece := await opened.read(CHUNK):
            yield piece
