"""HTTP answers: JSON of our structs, and refusals that carry their fix."""

import math
from http import HTTPStatus
from typing import TypeVar

import anyio
import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from appliance.access.refusals import (
    AccountError,
    NotAllowed,
    NotSignedIn,
    PasswordRefused,
    TooOften,
)
from appliance.errors import (
    ApplianceError,
    BoxFull,
    CallError,
    CustomersError,
    KnowledgeError,
    NotNow,
    ProtocolError,
    RetentionError,
    StoreError,
    WorkerError,
    WorkerLost,
)
from appliance.server.headers import with_defaults
from appliance.server.limits import TooMuch
from appliance.server.origin import Forbidden

T = TypeVar("T")

# A request body has a name and a call id in it, or what an agent wrote after a call.
MAX_BODY = 16 * 1024

# And comes in one piece. Over the worst of Wi-Fi it is there after a second.
BODY_S = 10.0

# After a 503 that has no better guess.
RETRY_S = 5.0


class NotFound(ApplianceError):
    """There is no such thing here."""


class TooLarge(ProtocolError):
    """More was sent than anybody could mean."""


class TooSlow(ProtocolError):
    """What was announced did not come in time."""


STATUS: dict[type[ApplianceError], int] = {
    ProtocolError: 400,
    Forbidden: 403,
    NotFound: 404,
    TooSlow: 408,
    CallError: 409,
    TooLarge: 413,
    TooMuch: 429,
    BoxFull: 503,
    NotNow: 503,
    StoreError: 503,
    CustomersError: 503,
    KnowledgeError: 409,
    RetentionError: 409,
    WorkerError: 503,
    WorkerLost: 503,
    NotSignedIn: 401,
    NotAllowed: 403,
    PasswordRefused: 400,
    AccountError: 409,
    TooOften: 429,
}


def answer(
    body: object, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    return Response(
        msgspec.json.encode(body),
        status_code=status,
        headers=headers,
        media_type="application/json",
    )


def status_of(error: ApplianceError) -> int:
    return STATUS.get(type(error), 500)


def refuse(error: ApplianceError) -> Response:
    status, retry_s = status_of(error), RETRY_S
    if isinstance(error, TooMuch):
        status, retry_s = 503 if error.everybody else 429, error.retry_s
    elif isinstance(error, TooOften):
        retry_s = error.wait_s
    headers = {"retry-after": str(math.ceil(retry_s))} if status in (429, 503) else None
    return answer(_told(error), status, headers)


def refuse_unrouted(error: HTTPException) -> Response:
    """No route has this path, or none of them this method."""
    told = {
        "problem": f"{HTTPStatus(error.status_code).phrase}.",
        "fix": "See /handbook/interface.",
    }
    return answer(told, error.status_code, dict(error.headers or {}))


def raw_refusal(status: int, error: ApplianceError, retry_s: float | None = None) -> bytes:
    """A whole HTTP/1.1 answer, for where no app is there to give it."""
    body = msgspec.json.encode(_told(error))
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    if retry_s is not None:
        headers.append((b"retry-after", str(math.ceil(retry_s)).encode()))
    lines = [b"%s: %s" % pair for pair in with_defaults(headers)]
    first = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()
    return b"\r\n".join([first, *lines, b"", body])


async def read_body(request: Request, shape: type[T], most: int = MAX_BODY) -> T:
    """The JSON body as `shape`. Raises ProtocolError if it is not, or is too large or too
    slow."""
    body = b""
    with anyio.move_on_after(BODY_S) as waiting:
        body = await _whole_body(request, most)
    if waiting.cancelled_caught:
        raise TooSlow(
            f"The request body did not come within {BODY_S:.0f} s.", fix="Send it at once."
        )
    try:
        return msgspec.json.decode(body or b"{}", type=shape)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise ProtocolError(
            f"The request body cannot be used: {error}.",
            fix="Send a JSON object as /handbook/interface shows.",
        ) from error


async def _whole_body(request: Request, most: int) -> bytes:
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > most:
                raise TooLarge(
                    f"The request body has more than {most} bytes.", fix="Send less."
                )
    except ClientDisconnect as error:
        # Nobody is there to read this; it must not look like a fault of ours in the log.
        raise ProtocolError("The request was broken off.", fix="Send it again.") from error
    return bytes(body)


def _told(error: ApplianceError) -> dict[str, str]:
    return {"problem": error.problem, "fix": error.fix}
