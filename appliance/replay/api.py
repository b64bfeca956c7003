"""The two REST calls a replay makes, over the standard library.

`http.client`, because it goes where it is told: unlike urllib it never asks the
environment for a proxy. `trust` is whose certificates prove that a server is the one that
was meant; without it the system's do.
"""

import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Literal
from urllib.parse import urlsplit

import anyio.to_thread
import msgspec
from msgspec import Struct

from appliance.errors import ApplianceError, CallError
from appliance.messages import Role

TIMEOUT_S = 10.0


class Started(Struct, frozen=True, kw_only=True):
    """The box's answer to someone who wants to be in a call."""

    call_id: str
    role: Role
    status: Literal["waiting", "matched"]
    socket: str  # path of the call's socket


class _Refused(Struct, frozen=True, kw_only=True):
    problem: str
    fix: str


async def start_call(
    url: str,
    role: Role,
    name: str,
    call_id: str | None = None,
    trust: ssl.SSLContext | None = None,
    token: str = "",
) -> Started:
    """Ask for a call; with `call_id`, for a place in that one.

    `url` is the server's, such as https://127.0.0.1:8080, `token` one of a program that may
    bring calls. Raises CallError if the server
    says no and ApplianceError if it does not answer.
    """
    wish = {"role": role, "name": name} | ({} if call_id is None else {"call_id": call_id})
    status, body = await anyio.to_thread.run_sync(
        _exchange, url, "POST", "/api/calls/start", msgspec.json.encode(wish), trust, token
    )
    try:
        if status in (200, 201):
            return msgspec.json.decode(body, type=Started)
        refused = msgspec.json.decode(body, type=_Refused)
    except msgspec.MsgspecError as error:
        raise CallError(
            f"{url} answered {status} and nothing that this program understands.",
            fix="Check that the address is the appliance's and that versions match.",
        ) from error
    raise CallError(refused.problem, fix=refused.fix)


async def read_health(
    url: str, trust: ssl.SSLContext | None = None, token: str = ""
) -> bytes:
    """What the server at `url` says of itself, as JSON, well or not; in full to a token
    that may read figures. Raises ApplianceError if it does not answer."""
    _, body = await anyio.to_thread.run_sync(
        _exchange, url, "GET", "/healthz", None, trust, token
    )
    return body


async def is_appliance(url: str, trust: ssl.SSLContext | None = None) -> bool:
    """True if a server of ours answers there, well or not."""
    try:
        return isinstance(msgspec.json.decode(await read_health(url, trust)), dict)
    except (ApplianceError, msgspec.MsgspecError):
        return False


def bearer(token: str) -> dict[str, str]:
    """The header by which a program is known, if it has a token."""
    return {"Authorization": f"Bearer {token}"} if token else {}


def socket_url(url: str, path: str) -> str:
    """Address of a call's socket on the server at `url`."""
    parts = urlsplit(url)
    return f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}{path}"


def _exchange(
    url: str,
    method: str,
    path: str,
    body: bytes | None,
    trust: ssl.SSLContext | None,
    token: str,
) -> tuple[int, bytes]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ApplianceError(
            f"{url!r} is not the address of a server.",
            fix="Write it like https://127.0.0.1:8080.",
        )
    connection = (
        HTTPSConnection(parts.netloc, timeout=TIMEOUT_S, context=trust)
        if parts.scheme == "https"
        else HTTPConnection(parts.netloc, timeout=TIMEOUT_S)
    )
    try:
        headers = {"Content-Type": "application/json", **bearer(token)}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except ssl.SSLCertVerificationError as error:
        raise ApplianceError(
            f"{url} is not trusted: {error.verify_message}.",
            fix="Name the file that `appliance tls export-ca` writes there, with --ca.",
        ) from error
    except (OSError, HTTPException) as error:
        raise ApplianceError(
            f"{url} does not answer: {error}.",
            fix="Start the server (appliance serve), or leave --url out.",
        ) from error
    finally:
        connection.close()
