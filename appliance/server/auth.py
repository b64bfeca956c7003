"""Signing in and out over HTTP, and one's own password."""

from functools import partial
from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance.access.access import Access
from appliance.access.entrance import Came, Entrance, SignedIn
from appliance.access.people import Person, StaffRole
from appliance.access.refusals import not_signed_in
from appliance.access.rules import DEVICE_LIFE
from appliance.access.secret import csrf_of
from appliance.access.sessions import Session
from appliance.server.answers import answer, read_body
from appliance.server.cookies import cookie, drop_cookie, set_cookie
from appliance.server.who import check_csrf, who

Typed = Annotated[str, Meta(max_length=1000)]


class SignInWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Typed
    password: Typed


class PasswordWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    old: Typed
    new: Typed


class Me(Struct, frozen=True, kw_only=True):
    """Who is signed in; "" and nothing where nobody is."""

    id: str = ""
    name: str = ""
    roles: tuple[StaffRole, ...] = ()
    must_change: bool = False  # the password, before anything else
    password_length: int = 0  # characters that a new one has at least
    csrf: str = ""  # to be sent as X-CSRF-Token with every change


def auth_routes(access: Access) -> list[Route]:
    entrance = Entrance(access)
    return [
        Route("/auth/login", partial(login, access, entrance), methods=["POST"]),
        Route("/auth/logout", partial(logout, access, entrance), methods=["POST"]),
        Route(
            "/auth/logout-everywhere",
            partial(logout_everywhere, access, entrance),
            methods=["POST"],
        ),
        Route("/auth/me", partial(me, access)),
        Route("/auth/password", partial(password, access, entrance), methods=["POST"]),
    ]


async def login(access: Access, entrance: Entrance, request: Request) -> Response:
    wish = await read_body(request, SignInWish)
    let_in = await entrance.sign_in(wish.name, wish.password, _came(request))
    return _welcome(access, request, let_in)


async def logout(access: Access, entrance: Entrance, request: Request) -> Response:
    person, session = _signed_in(access, request)
    await entrance.sign_out(person, session)
    return _goodbye(request)


async def logout_everywhere(
    access: Access, entrance: Entrance, request: Request
) -> Response:
    person, _ = _signed_in(access, request)
    await entrance.sign_out_everywhere(person)
    return _goodbye(request)


async def me(access: Access, request: Request) -> Response:
    """200 for strangers too: a page asks this first, to see whether to show a sign-in."""
    person = who(access, request.scope).person
    secret = cookie(request.scope, "session")
    return _private(answer(Me() if person is None else _me(access, person, secret)))


async def password(access: Access, entrance: Entrance, request: Request) -> Response:
    person, _ = _signed_in(access, request)
    wish = await read_body(request, PasswordWish)
    let_in = await entrance.change_password(person, wish.old, wish.new, _came(request))
    return _welcome(access, request, let_in)


def _signed_in(access: Access, request: Request) -> tuple[Person, Session]:
    """Who asks for a change, in a page of ours. Raises NotSignedIn, NotAllowed."""
    caller = who(access, request.scope)
    if caller.person is None or caller.session is None:
        raise not_signed_in()
    check_csrf(request.scope)
    return caller.person, caller.session


def _came(request: Request) -> Came:
    return Came(
        address=request.client.host if request.client else "",
        session=cookie(request.scope, "session"),
        device=cookie(request.scope, "device"),
    )


def _me(access: Access, person: Person, session_secret: str) -> Me:
    return Me(
        id=person.id,
        name=person.name,
        roles=person.roles,
        must_change=person.must_change,
        password_length=access.settings.password_length,
        csrf=csrf_of(session_secret),
    )


def _welcome(access: Access, request: Request, let_in: SignedIn) -> Response:
    response = _private(answer(_me(access, let_in.person, let_in.session)))
    set_cookie(request.scope, response, "session", let_in.session)
    set_cookie(request.scope, response, "device", let_in.device, DEVICE_LIFE.days)
    return response


def _goodbye(request: Request) -> Response:
    response = _private(answer(Me()))
    drop_cookie(request.scope, response, "session")
    return response


def _private(response: Response) -> Response:
    """Nothing on the way, and no browser, keeps a copy."""
    response.headers["cache-control"] = "no-store"
    return response
