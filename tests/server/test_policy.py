"""The policy as a table, and against a server that runs: everybody at every door."""

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import httpx
import pytest
from starlette.routing import Route, WebSocketRoute
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from appliance.duty import AgentMessage
from appliance.received import ClientMessage
from appliance.server import policy
from appliance.server.app import create_app
from appliance.server.policy import (
    ALL,
    CALL,
    DESK,
    LISTEN,
    MESSAGES,
    OWN,
    PARTS,
    ROUTES,
    Reach,
)
from appliance.supervision import SupervisorMessage
from tests.server.cast import EVERYBODY, PARTIES, Cast, Who, site
from tests.server.live import OFF, SITES, client, serving

pytestmark = pytest.mark.anyio


# ---------------------------------------------------------------------- nothing without row


async def routes_of(folder: Path) -> list[Route | WebSocketRoute]:
    async with serving(folder, models=OFF) as (url, box):
        found = create_app(box, SITES[url].access).routes
    assert all(isinstance(route, Route | WebSocketRoute) for route in found)
    return [route for route in found if isinstance(route, Route | WebSocketRoute)]


def names_of(route: Route | WebSocketRoute) -> list[str]:
    if isinstance(route, WebSocketRoute):
        return [f"WS {route.path}"]
    return [
        f"{method} {route.path}" for method in (route.methods or ()) if method != "HEAD"
    ]


async def test_every_route_has_a_row_and_every_row_a_route(tmp_path: Path) -> None:
    routes = await routes_of(tmp_path)
    assert {name for route in routes for name in names_of(route)} == set(ROUTES)


def test_every_message_has_a_row_and_every_row_a_message() -> None:
    told = [(CALL, kind) for kind in get_args(ClientMessage)]
    told += [(DESK, kind) for kind in get_args(AgentMessage)]
    told += [(LISTEN, kind) for kind in get_args(SupervisorMessage)]
    named = {f"{socket} {kind.__struct_config__.tag}" for socket, kind in told}
    assert named | {f"{CALL} audio"} == set(MESSAGES)


def test_every_part_is_of_a_route() -> None:
    assert all(any(part.startswith(f"{route} ") for route in ROUTES) for part in PARTS)


def test_what_has_no_row_is_for_nobody() -> None:
    assert policy.reach("GET /api/nothing", ["anyone", "supervisor", "admin"]) == ""


def test_who_is_two_things_at_once_may_do_what_either_may() -> None:
    assert policy.reach("GET /api/sessions", ["agent", "supervisor"]) == ALL
    assert policy.reach("GET /api/sessions", ["admin", "agent"]) == OWN
    assert policy.by_owning("GET /api/sessions", ["admin", "agent"]) == ["agent"]


# ---------------------------------------------------------------------- a server that runs

# What matters most, by hand: the test would agree with any table otherwise. Whoever is not
# named may not; `stranger` stands for everybody whose keys are void, too.
SENSITIVE: Mapping[str, Mapping[Who, Reach]] = {
    "GET /api/sessions": {"agent": OWN, "supervisor": ALL, "record": ALL},
    "GET /api/sessions/{call_id}": {"agent": OWN, "supervisor": ALL, "record": ALL},
    "GET /api/sessions/{call_id}/replay": {"agent": OWN, "supervisor": ALL, "record": ALL},
    "POST /api/sessions/{call_id}/wrap-up": {"agent": OWN, "supervisor": ALL},
    "GET /api/calls/status/{call_id}": {
        "customer": OWN, "agent": OWN, "supervisor": ALL, "calls": OWN,
    },
    "POST /api/calls/end/{call_id}": {"customer": OWN, "agent": OWN, "calls": OWN},
    "POST /api/calls/match/{call_id}": {"customer": OWN, "agent": ALL, "calls": ALL},
    "POST /api/calls/{call_id}/invite": {"agent": OWN, "supervisor": ALL},
    "GET /api/calls/waiting": {"agent": ALL, "supervisor": ALL},
    "GET /api/customers/search": {"agent": ALL, "supervisor": ALL},
    "GET /api/customers/{customer_id:path}": {"agent": ALL, "supervisor": ALL},
    "GET /metrics": {"supervisor": ALL, "admin": ALL, "metrics": ALL},
    "WS /ws/call/{call_id}": {"customer": OWN, "agent": OWN, "calls": OWN},
    "WS /ws/agent": {"agent": ALL},
    "WS /ws/listen/{call_id}": {"supervisor": ALL},
    "WS /ws/floor": {"supervisor": ALL},
    "GET /api/reports/calls": {"supervisor": ALL},
    "GET /api/reports/figures": {"supervisor": ALL},
    "GET /api/calls/live": {"supervisor": ALL},
    "GET /api/holds": {"supervisor": ALL, "admin": ALL},
    "POST /api/holds": {"supervisor": ALL, "admin": ALL},
    "GET /api/sessions/{call_id}/holds": {"supervisor": ALL, "admin": ALL},
    "GET /api/exports/customers/{customer_id:path}": {"supervisor": ALL},
    "POST /auth/password": {
        "agent": ALL, "supervisor": ALL, "admin": ALL, "must change": ALL,
    },
}  # fmt: skip

# People, tokens, the audit log and what goes for good are for admins, whatever the route.
ADMIN_S = ("/api/people", "/api/tokens", "/api/audit", "/api/doctor", "/api/retention")

# These end what they are asked with: a change without its token goes just as far.
FINAL = ("POST /auth/logout", "POST /auth/logout-everywhere")
# And this what the others are asked about.
LAST = "POST /api/calls/end/{call_id}"

Outcome = str  # yes, no, sign in, no token, no such call


def outcome(status: int, body: bytes) -> Outcome:
    if status == 401:
        return "sign in"
    if status == 403:
        return "no token" if b"session's token" in body else "no"
    if status == 404 and b"There is no call" in body:
        return "no such call"
    assert status < 500 or status == 503, body
    return "yes"


def expected(row: str, who: Who, *, own: bool) -> Outcome:
    known = PARTIES[who]
    if who == "must change" and ROUTES[row].new_password:
        known = (*known, "agent")
    reach = policy.reach(row, known)
    if row in SENSITIVE:
        assert SENSITIVE[row].get(who, "") == reach, f"{who} at {row}"
    if row.split()[1].startswith(ADMIN_S):
        assert reach == (ALL if who == "admin" else ""), f"{who} at {row}"
    if reach == ALL or (reach == OWN and (own or "{call_id}" not in row)):
        return "yes"
    if reach == OWN:
        return "no such call"
    void = ("stranger", "disabled", "expired", "signed out")
    return "sign in" if who in void else "no"


async def ask(
    http: httpx.AsyncClient, cast: Cast, row: str, who: Who, call_id: str
) -> Outcome:
    method, path = row.split()
    path = path.replace("{call_id}", call_id).replace("{customer_id:path}", "nobody")
    headers = cast.headers(who)
    if method == "WS":
        return await knock(f"{cast.url}{path}", headers)
    if row in FINAL:
        headers.pop("x-csrf-token", None)
    body = b"{}" if method == "POST" else None
    path = path.replace("{name}", "x")
    answer = await http.request(method, path, content=body, headers=headers)
    return outcome(answer.status_code, answer.content)


async def knock(url: str, headers: Mapping[str, str]) -> Outcome:
    try:
        async with connect(url.replace("http", "ws"), additional_headers=headers):
            return "yes"
    except InvalidStatus as refused:
        return outcome(refused.response.status_code, bytes(refused.response.body or b""))


async def test_everybody_gets_at_every_door_what_the_table_says(tmp_path: Path) -> None:
    rows = [row for row in ROUTES if row != LAST] + [LAST]
    wrong = []
    async with site(tmp_path) as people, client(people.url, {}) as http:
        for who in EVERYBODY:
            for row in rows:
                own_id = people.own.get(who, people.other)
                calls = {people.other, own_id} if "{call_id}" in row else {people.other}
                for call_id in calls:
                    own = call_id == people.own.get(who)
                    should = expected(row, who, own=own)
                    if row in FINAL and should == "yes":
                        should = "no token"
                    did = await ask(http, people, row, who, call_id)
                    http.cookies.clear()
                    if did != should:
                        whose = "their own call" if own else "another's call"
                        wrong.append(f"{who} at {row} with {whose}: {did}, not {should}")
    assert wrong == []


async def test_no_change_by_a_sign_in_goes_without_its_token(tmp_path: Path) -> None:
    async with site(tmp_path) as people:
        for row, who in [
            ("POST /api/sessions/{call_id}/wrap-up", "supervisor"),
            ("POST /api/calls/{call_id}/invite", "agent"),
            ("POST /api/calls/match/{call_id}", "agent"),
            ("POST /api/calls/end/{call_id}", "agent"),
            ("POST /auth/password", "must change"),
        ]:
            del (keys := people.headers(who))["x-csrf-token"]  # type: ignore[arg-type]
            path = row.split()[1].replace("{call_id}", people.own["agent"])
            async with client(people.url, keys) as http:
                answer = await http.post(path, json={})
            assert outcome(answer.status_code, answer.content) == "no token", row
        # Where the sign-in is not what allows it: a start as an agent, which it is.
        del (keys := people.headers("agent"))["x-csrf-token"]
        async with client(people.url, keys) as http:
            start = await http.post("/api/calls/start", json={"role": "agent"})
            assert outcome(start.status_code, start.content) == "no token"
            start = await http.post("/api/calls/start", json={"role": "customer"})
            assert start.status_code in (200, 201)


# ---------------------------------------------------------------------- what they see
