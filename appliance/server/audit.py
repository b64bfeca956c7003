"""The audit log over HTTP: who did what, the newest first, and whether it is whole."""

from typing import Annotated

from msgspec import Meta, Struct, ValidationError, convert
from starlette.requests import Request
from starlette.responses import Response

from appliance.access.access import Access
from appliance.access.audit import Asked, Entry
from appliance.access.inspection import inspect
from appliance.access.office import Office
from appliance.access.people import Person
from appliance.errors import ProtocolError
from appliance.server.answers import answer

LIMIT = 200
CHARACTERS = 100

# DuckDB's BIGINT; no log is that long.
NEWEST = 2**63 - 1


class AuditQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be asked. A misspelt filter is refused: ignored, it would show too much."""

    before: Annotated[int, Meta(ge=0, le=NEWEST)] = NEWEST
    limit: Annotated[int, Meta(ge=1, le=LIMIT)] = 50
    person: Annotated[str, Meta(max_length=CHARACTERS)] = ""
    action: Annotated[str, Meta(max_length=CHARACTERS)] = ""


class AuditPage(Struct, frozen=True, kw_only=True):
    rows: tuple[Entry, ...]  # the newest first
    next: int | None  # to go on with as `before`; null: there is no more


async def page(
    access: Access, _office: Office, _admin: Person, request: Request
) -> Response:
    try:
        wish = convert(dict(request.query_params), AuditQuery, strict=False)
    except ValidationError as error:
        raise ProtocolError(
            f"The list cannot be made: {error}.",
            fix="Ask as /handbook/interface shows.",
        ) from error
    asked = Asked(wish.before, wish.limit + 1, wish.person, wish.action)
    rows = await access.newest(asked)
    shown = tuple(rows[: wish.limit])
    more = len(rows) > wish.limit
    return answer(AuditPage(rows=shown, next=shown[-1].n if more else None))


async def verify(
    access: Access, _office: Office, _admin: Person, _request: Request
) -> Response:
    return answer(await inspect(access))
