"""HTTP answers: JSON of our structs, and refusals that carry their fix."""

import math
from typing import TypeVar

import msgspec
from starlette.requests import Request
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
    CallError,
    CustomersError,
    ProtocolError,
    StoreError,
)

T = TypeVar("T")

# A request body has a name and a call id in it, or what an agent wrote after a call.
MAX_BODY = 16 * 1024

STATUS: dict[type[ApplianceError], int] = {
    ProtocolError: 400,
    CallError: 409,
    StoreError: 503,
    CustomersError: 503,
    NotSignedIn: 401,
    NotAllowed: 403,
    PasswordRefused: 400,
    AccountError: 409,
    TooOften: 429,
}


class NotFound(ApplianceError):
    """There is no such thing here."""


def answer(body: object, status: int = 200) -> Response:
    return Response(
        msgspec.json.encode(body), status_code=status, media_type="application/json"
    )


def refuse(error: ApplianceError) -> Response:
    status = 404 if isinstance(error, NotFound) else STATUS.get(type(error), 500)
    response = answer({"problem": error.problem, "fix": error.fix}, status)
    if isinstance(error, TooOften):
        response.headers["retry-after"] = str(math.ceil(error.wait_s))
    return response


async def read_body(request: Request, shape: type[T]) -> T:
    """The JSON body as `shape`. Raises ProtocolError if it is not, or too large."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY:
            raise ProtocolError(
                f"The request body has more than {MAX_BODY} bytes.", fix="Send less."
            )
    try:
        return msgspec.json.decode(body or b"{}", type=shape)
    except msgspec.MsgspecError as error:
        raise ProtocolError(
            f"The request body cannot be used: {error}.",
            fix="Send a JSON object as the README's list of routes shows.",
        ) from error
