"""People, tokens and the audit log over HTTP, for administrators."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance.access.access import Access
from appliance.access.office import Office
from appliance.access.people import Person
from appliance.access.refusals import not_signed_in
from appliance.server import audit, people, tokens
from appliance.server.passes import pass_of

Handler: TypeAlias = Callable[[Access, Office, Person, Request], Awaitable[Response]]


def administration_routes(access: Access) -> list[Route]:
    office = Office(access)

    def route(path: str, handler: Handler, method: str = "POST") -> Route:
        return Route(path, partial(_by_person, handler, access, office), methods=[method])

    return [
        route("/api/people", people.list_, "GET"),
        route("/api/people", people.add),
        route("/api/people/{person_id}/roles", people.set_roles),
        route("/api/people/{person_id}/disable", people.disable),
        route("/api/people/{person_id}/enable", people.enable),
        route("/api/people/{person_id}/reset", people.reset),
        route("/api/people/{person_id}/sign-out", people.sign_out),
        route("/api/tokens", tokens.list_, "GET"),
        route("/api/tokens", tokens.add),
        route("/api/tokens/revoke", tokens.revoke),
        route("/api/audit", audit.page, "GET"),
        route("/api/audit/verify", audit.verify),
    ]


async def _by_person(
    handler: Handler, access: Access, office: Office, request: Request
) -> Response:
    """Raises NotSignedIn for a program, which has no such rights in any case."""
    person = pass_of(request.scope).caller.person
    if person is None:
        raise not_signed_in()
    return await handler(access, office, person, request)
