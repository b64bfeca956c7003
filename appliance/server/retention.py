"""Holds, erasures and exports over REST.

A hold keeps, and can be taken back: supervisors place them, for they hear of a claim first.
What takes something away for good is an administrator's: releasing a hold, and erasing. An
export is what people said, which administrators do not see: it is a supervisor's.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, BinaryIO, TypeAlias

from anyio import CancelScope, to_thread
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from appliance.retention.commands import (
    Erase,
    ListHolds,
    PlaceHold,
    ReleaseHold,
    Retain,
    RetentionAnswer,
    RetentionCommand,
    Subject,
)
from appliance.retention.custodian import Custodian
from appliance.retention.desk import perform
from appliance.retention.rules import LegalHold
from appliance.server.answers import answer, read_body
from appliance.server.passes import pass_of

Handler: TypeAlias = Callable[[Custodian, Request], Awaitable[Response]]

CHUNK = 1 << 18

Id = Annotated[str, Meta(min_length=1, max_length=200)]


class HoldWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: Subject
    subject: Id  # id of the call, or of the customer as the site writes it
    reason: Annotated[str, Meta(min_length=1, max_length=1000)]
    until: Annotated[datetime, Meta(tz=True)] | None = None


class EraseWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: Subject
    subject: Id


class CallHolds(Struct, frozen=True, kw_only=True):
    """Why a call is kept; empty: it goes when it is time."""

    holds: tuple[LegalHold, ...]


def retention_routes(custodian: Custodian) -> list[Route]:
    def route(path: str, handler: Handler, method: str = "GET") -> Route:
        return Route(path, partial(handler, custodian), methods=[method])

    return [
        route("/api/holds", holds),
        route("/api/holds", place, "POST"),
        route("/api/holds/{hold_id}/release", release, "POST"),
        route("/api/sessions/{call_id}/holds", holds_of),
        route("/api/retention", due),
        route("/api/retention/erase", erase, "POST"),
        route("/api/exports/customers/{customer_id:path}", export),
    ]


async def holds(custodian: Custodian, request: Request) -> Response:
    return answer(await _perform(custodian, ListHolds(), request))


async def holds_of(custodian: Custodian, request: Request) -> Response:
    call_id = request.path_params["call_id"]
    found = await custodian.holds.of_call(call_id, datetime.now(UTC))
    return answer(CallHolds(holds=tuple(found)))


async def place(custodian: Custodian, request: Request) -> Response:
    wish = await read_body(request, HoldWish)
    command = PlaceHold(
        kind=wish.kind, subject=wish.subject, reason=wish.reason, until=wish.until
    )
    await _perform(custodian, command, request)
    return answer(await _perform(custodian, ListHolds(), request), 201)


async def release(custodian: Custodian, request: Request) -> Response:
    command = ReleaseHold(id=request.path_params["hold_id"])
    await _perform(custodian, command, request)
    return answer(await _perform(custodian, ListHolds(), request))


async def due(custodian: Custodian, request: Request) -> Response:
    """What the next round would take out."""
    return answer(await _perform(custodian, Retain(dry=True), request))


async def erase(custodian: Custodian, request: Request) -> Response:
    wish = await read_body(request, EraseWish)
    command = Erase(kind=wish.kind, subject=wish.subject)
    return answer(await _perform(custodian, command, request))


async def export(custodian: Custodian, request: Request) -> Response:
    """As a file to be saved, whose name tells nobody who it is of."""
    customer = request.path_params["customer_id"]
    actor = pass_of(request.scope).caller.name
    async with custodian.exports.made(customer, actor, datetime.now(UTC)) as path:
        size = (await to_thread.run_sync(path.stat)).st_size
        # From here on it has no name: it is gone once it is sent, or nobody takes it.
        file = await to_thread.run_sync(path.open, "rb")
        headers = {
            "content-length": str(size),
            "content-disposition": f'attachment; filename="{path.name}"',
        }
    return StreamingResponse(_sent(file), media_type="application/zip", headers=headers)


async def _sent(file: BinaryIO) -> AsyncGenerator[bytes, None]:
    try:
        while chunk := await to_thread.run_sync(file.read, CHUNK):
            yield chunk
    finally:
        with CancelScope(shield=True):
            await to_thread.run_sync(file.close)


async def _perform(
    custodian: Custodian, command: RetentionCommand, request: Request
) -> RetentionAnswer:
    return await perform(custodian, command, pass_of(request.scope).caller.name)
