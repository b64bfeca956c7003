"""Signing in over HTTP: cookies, and what somebody can do who has copied or planted one."""

from collections.abc import AsyncIterator, Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from appliance.access.access import Access
from appliance.access.commands import AddMachine, MachineSecret, SetDisabled
from appliance.access.entrance import SignedIn
from appliance.access.office import Office
from appliance.access.rules import PACES
from appliance.access.secret import csrf_of
from appliance.errors import ApplianceError
from appliance.server.answers import MAX_BODY, refuse
from appliance.server.auth import auth_routes
from appliance.server.who import STRANGER, Caller, who
from tests.access.site import PASSWORD, SetClock, hire, open_access

pytestmark = pytest.mark.anyio

NEW = "seven slow trains to Lisbon"


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def access(tmp_path: Path, clock: SetClock) -> Iterator[Access]:
    with open_access(tmp_path, clock) as opened:
        yield opened


def browser(access: Access, url: str = "https://box.test") -> httpx.AsyncClient:
    app = Starlette(
        routes=auth_routes(access),
        exception_handlers={ApplianceError: lambda _, error: refuse(error)},
    )
    transport = httpx.ASGITransport(app=app, client=("10.0.0.5", 5000))
    return httpx.AsyncClient(transport=transport, base_url=url)


@pytest.fixture
async def ann(access: Access) -> SignedIn:
    return await hire(access, "Ann")


@pytest.fixture
async def http(access: Access, ann: SignedIn) -> AsyncIterator[httpx.AsyncClient]:  # noqa: ARG001
    async with browser(access) as client:
        yield client


async def sign_in(http: httpx.AsyncClient, password: str = PASSWORD) -> dict[str, str]:
    """The header that goes with every change from now on."""
    wish = {"name": "Ann", "password": password}
    answer = await http.post("/auth/login", json=wish)
    assert answer.status_code == 200, answer.text
    return {"X-CSRF-Token": answer.json()["csrf"]}


async def me(http: httpx.AsyncClient) -> str:
    return str((await http.get("/auth/me")).json()["name"])


def cookies(answer: httpx.Response) -> dict[str, Any]:
    found = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        found.load(line)
    return dict(found)


async def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(
    http: httpx.AsyncClient,
) -> None:
    answer = await http.post("/auth/login", json={"name": "Ann", "password": PASSWORD})
    session = cookies(answer)["__Host-session"]
    assert (session["httponly"], session["secure"], session["path"]) == (True, True, "/")
    assert session["samesite"] == "strict"
    assert session["domain"] == session["max-age"] == ""
    assert cookies(answer)["__Host-device"]["max-age"] == str(90 * 86_400)
    assert answer.headers["cache-control"] == "no-store"
    assert session.value not in answer.text
    assert await me(http) == "Ann"


async def test_over_http_the_cookie_has_a_name_that_browsers_take(
    access: Access,
    ann: SignedIn,  # noqa: ARG001
) -> None:
    async with browser(access, "http://127.0.0.1:8080") as http:
        await sign_in(http)
        assert set(http.cookies) == {"session", "device"}
        assert await me(http) == "Ann"


async def test_a_stranger_is_told_that_nobody_is_signed_in(http: httpx.AsyncClient) -> None:
    answer = await http.get("/auth/me")
    assert (answer.status_code, answer.json()["name"]) == (200, "")


@pytest.mark.parametrize(
    "wish",
    [
        {"name": "Ann", "password": "wrong"},
        {"name": "Nobody", "password": PASSWORD},
        {"name": "", "password": ""},
        {"name": "Ann\u0000", "password": "\u0000"},
    ],
)
async def test_every_failed_sign_in_is_answered_alike(
    http: httpx.AsyncClient, wish: dict[str, str]
) -> None:
    answer = await http.post("/auth/login", json=wish)
    assert answer.status_code == 401
    assert answer.json()["problem"] == "The name or the password is wrong."
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'{"name": 1, "password": 2}',
        b'{"name": "Ann"}',
        b'{"name": "Ann", "password": "\\ud800"}',
        b"\xff\xfe",
        b'{"name": "' + b"x" * 2000 + b'", "password": ""}',
        b'{"name": "' + b"x" * 20_000 + b'", "password": ""}',
    ],
)
async def test_a_hostile_body_gets_an_answer(http: httpx.AsyncClient, body: bytes) -> None:
    expected = 413 if len(body) > MAX_BODY else 400
    assert (await http.post("/auth/login", content=body)).status_code == expected


async def test_who_tries_too_often_is_told_how_long_to_wait(
    http: httpx.AsyncClient,
) -> None:
    for _ in range(PACES["account"].free + 1):
        await http.post("/auth/login", json={"name": "Ann", "password": "wrong"})
    answer = await http.post("/auth/login", json={"name": "Ann", "password": PASSWORD})
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "1"


async def test_a_cookie_that_was_copied_is_void_after_the_sign_out(
    http: httpx.AsyncClient,
) -> None:
    token = await sign_in(http)
    stolen = http.cookies["__Host-session"]
    assert (await http.post("/auth/logout", headers=token)).status_code == 200
    assert await me(http) == ""
    copied = {"cookie": f"__Host-session={stolen}"}
    assert (await http.get("/auth/me", headers=copied)).json()["name"] == ""
    again = await http.post("/auth/logout", headers={**token, **copied})
    assert again.status_code == 401


async def test_a_cookie_that_was_planted_becomes_nobodys_session(
    http: httpx.AsyncClient,
) -> None:
    http.cookies.set("__Host-session", "planted", domain="box.test")
    await sign_in(http)
    assert http.cookies.get("__Host-session", domain="box.test") != "planted"
    planted = {"cookie": "__Host-session=planted"}
    assert (await http.get("/auth/me", headers=planted)).json()["name"] == ""


async def test_two_cookies_of_one_name_are_none(http: httpx.AsyncClient) -> None:
    await sign_in(http)
    real = http.cookies["__Host-session"]
    both = {"cookie": f"__Host-session=planted; __Host-session={real}"}
    assert (await http.get("/auth/me", headers=both)).json()["name"] == ""


async def test_the_plain_cookie_is_nothing_over_https(http: httpx.AsyncClient) -> None:
    await sign_in(http)
    plain = {"cookie": f"session={http.cookies['__Host-session']}"}
    assert (await http.get("/auth/me", headers=plain)).json()["name"] == ""


CHANGES = [
    ("/auth/logout", {}),
    ("/auth/logout-everywhere", {}),
    ("/auth/password", {"old": PASSWORD, "new": NEW}),
]


@pytest.mark.parametrize(("path", "body"), CHANGES)
async def test_a_change_without_the_sessions_token_is_refused(
    http: httpx.AsyncClient, path: str, body: dict[str, str]
) -> None:
    token = await sign_in(http)
    for headers in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": csrf_of("another")}):
        answer = await http.post(path, json=body, headers=headers)
        assert answer.status_code == 403
    assert await me(http) == "Ann"
    assert (await http.post(path, json=body, headers=token)).status_code == 200


@pytest.mark.parametrize(("path", "body"), CHANGES)
async def test_a_stranger_changes_nothing(
    http: httpx.AsyncClient, path: str, body: dict[str, str]
) -> None:
    assert (await http.post(path, json=body)).status_code == 401


async def test_a_new_password_keeps_this_browser_in_and_puts_the_others_out(
    access: Access, http: httpx.AsyncClient
) -> None:
    async with browser(access) as other:
        await sign_in(other)
        token = await sign_in(http)
        before = http.cookies["__Host-session"]
        answer = await http.post(
            "/auth/password", json={"old": PASSWORD, "new": NEW}, headers=token
        )
        assert answer.status_code == 200
        assert http.cookies["__Host-session"] != before
        assert (await me(http), await me(other)) == ("Ann", "")
        # The token went with the session.
        stale = await http.post("/auth/logout", headers=token)
        fresh = {"X-CSRF-Token": answer.json()["csrf"]}
        assert stale.status_code == 403
        assert (await http.post("/auth/logout", headers=fresh)).status_code == 200


async def test_signing_out_everywhere_reaches_the_other_browser(
    access: Access, http: httpx.AsyncClient
) -> None:
    async with browser(access) as other:
        await sign_in(other)
        token = await sign_in(http)
        await http.post("/auth/logout-everywhere", headers=token)
        assert (await me(http), await me(other)) == ("", "")


def scope(**headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    pairs = [(name.encode(), value.encode()) for name, value in named.items()]
    return {"type": "websocket", "scheme": "wss", "headers": pairs}


async def test_who_asks_is_told_from_the_cookies_of_a_socket(
    access: Access, ann: SignedIn
) -> None:
    guest = access.guests.admit("call 1", access.clock.now())
    asked = scope(cookie=f"__Host-session={ann.session}; __Host-customer={guest}")
    caller = who(access, asked)
    assert caller.person == ann.person
    assert caller.call_id == "call 1"
    access.guests.end("call 1")
    await Office(access).perform(SetDisabled(name="Ann", disabled=True), "the tests")
    assert who(access, asked) == STRANGER


async def test_a_token_is_what_its_bearer_may_do_whatever_the_cookies(
    access: Access, ann: SignedIn, clock: SetClock
) -> None:
    wish = AddMachine(name="pbx", scopes=("calls",), days=1)
    made = await Office(access).perform(wish, "the tests")
    assert isinstance(made, MachineSecret)
    asked = scope(
        cookie=f"__Host-session={ann.session}", authorization=f"Bearer {made.secret}"
    )
    caller = who(access, asked)
    assert caller.person is None
    assert caller.machine is not None
    assert caller.machine.scopes == ("calls",)
    clock.pass_(days=1)
    assert who(access, asked) == STRANGER


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"cookie": ""},
        {"cookie": ";;=;__Host-session"},
        {"cookie": "__Host-session=\xff"},
        {"authorization": "Bearer "},
        {"authorization": "Basic QW5uOng="},
        {"cookie": "x" * 100_000},
    ],
)
async def test_whatever_the_headers_a_stranger_is_a_stranger(
    access: Access, headers: dict[str, str]
) -> None:
    assert who(access, scope(**headers)) == Caller()
