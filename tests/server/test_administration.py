"""People, tokens and the audit log over HTTP: for administrators, and logged."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest
from anyio import to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware

from appliance.access.access import Access
from appliance.access.audit import Note
from appliance.access.entrance import Entrance
from appliance.access.refusals import NotSignedIn
from appliance.access.secret import csrf_of, digest
from appliance.errors import ApplianceError
from appliance.server.administration import administration_routes
from appliance.server.answers import refuse
from appliance.server.auth import auth_routes
from appliance.server.usher import Usher
from appliance.server.vigil import Vigil
from tests.access.site import HERE, SetClock, hire, open_access

pytestmark = pytest.mark.anyio

ROUTES = [
    ("GET", "/api/people"),
    ("POST", "/api/people"),
    ("POST", "/api/people/x/roles"),
    ("POST", "/api/people/x/disable"),
    ("POST", "/api/people/x/enable"),
    ("POST", "/api/people/x/reset"),
    ("POST", "/api/people/x/sign-out"),
    ("GET", "/api/tokens"),
    ("POST", "/api/tokens"),
    ("POST", "/api/tokens/revoke"),
    ("GET", "/api/audit"),
    ("POST", "/api/audit/verify"),
]


@pytest.fixture
def access(tmp_path: Path) -> Iterator[Access]:
    with open_access(tmp_path, SetClock()) as opened:
        yield opened


async def _never(_call_id: str, _person: str) -> bool:
    return False


class Site:
    """The interface as one person's page uses it."""

    def __init__(self, access: Access, session: str = "") -> None:
        routes = [*auth_routes(access), *administration_routes(access)]
        usher = Middleware(Usher, routes, access, _never, Vigil())
        app = Starlette(
            routes=routes,
            middleware=[usher],
            exception_handlers={ApplianceError: lambda _, error: refuse(error)},
        )
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app),
            base_url="https://box.test",
            cookies={"__Host-session": session} if session else None,
            headers={"X-CSRF-Token": csrf_of(session)} if session else None,
        )

    async def get(self, path: str, status: int = 200) -> Any:
        return _said(await self.http.get(path), status)

    async def post(self, path: str, body: object = None, status: int = 200) -> Any:
        return _said(await self.http.post(path, json=body or {}), status)

    async def person(self, name: str) -> dict[str, Any]:
        people = (await self.get("/api/people"))["people"]
        return next(one for one in people if one["name"] == name)

    async def actions(self, query: str = "") -> list[str]:
        rows = (await self.get(f"/api/audit?{query}"))["rows"]
        return [row["action"] for row in rows]


def _said(answer: httpx.Response, status: int) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.fixture
async def site(access: Access) -> AsyncIterator[Site]:
    site = Site(access, (await hire(access, "Boss", "admin")).session)
    async with site.http:
        yield site


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_only_administrators_with_their_sessions_token_come_in(
    access: Access, method: str, path: str
) -> None:
    everybody = [("", 401)]
    for n, roles in enumerate((("agent",), ("supervisor",), ("agent", "supervisor"))):
        let_in = await hire(access, f"Person {n}", *roles)  # type: ignore[arg-type]
        everybody.append((let_in.session, 403))
    for session, status in everybody:
        async with Site(access, session).http as http:
            answer = await http.request(method, path, json={})
            assert answer.status_code == status
            assert set(answer.json()) == {"problem", "fix"}
    if method == "POST":
        boss = await hire(access, "Boss", "admin")
        async with Site(access, boss.session).http as http:
            del http.headers["X-CSRF-Token"]
            assert (await http.post(path, json={})).status_code == 403
            http.headers["X-CSRF-Token"] = csrf_of("another")
            assert (await http.post(path, json={})).status_code == 403


async def test_an_administrator_with_a_one_time_password_changes_it_first(
    access: Access, site: Site
) -> None:
    new = {"name": "Eve", "roles": ["admin"]}
    made = await site.post("/api/people", new, 201)
    let_in = await Entrance(access).sign_in("Eve", made["password"], HERE)
    async with Site(access, let_in.session).http as http:
        assert (await http.get("/api/people")).status_code == 403


async def test_a_person_is_added_given_roles_disabled_enabled_and_reset(
    access: Access, site: Site
) -> None:
    entrance = Entrance(access)
    made = await site.post("/api/people", {"name": " Ann ", "roles": ["agent"]}, 201)
    assert made["name"] == "Ann"
    first = await entrance.sign_in("Ann", made["password"], HERE)
    ann = await site.person("Ann")
    assert (ann["roles"], ann["must_change"], ann["sessions"]) == (["agent"], True, 1)
    assert made["password"] not in str(await site.get("/api/people"))

    at = f"/api/people/{ann['id']}"
    await site.post(f"{at}/roles", {"roles": ["supervisor", "agent", "agent"]})
    assert (await site.person("Ann"))["roles"] == ["agent", "supervisor"]
    found = access.signed_in(digest(first.session))
    assert found is not None
    assert found[0].roles == ("agent", "supervisor")

    await site.post(f"{at}/sign-out")
    assert access.signed_in(digest(first.session)) is None
    await entrance.sign_in("Ann", made["password"], HERE)
    told = await site.post(f"{at}/disable")
    assert [one["disabled"] for one in told["people"]] == [True, False]
    with pytest.raises(NotSignedIn):
        await entrance.sign_in("Ann", made["password"], HERE)
    await site.post(f"{at}/enable")
    again = await site.post(f"{at}/reset")
    with pytest.raises(NotSignedIn):
        await entrance.sign_in("Ann", made["password"], HERE)
    await entrance.sign_in("Ann", again["password"], HERE)
    assert [
        (row["actor"], row["action"], row["subject"], row["detail"])
        for row in (await site.get("/api/audit?person=ANN&limit=200"))["rows"]
        if row["actor"] == "Boss"
    ] == [
        ("Boss", "password reset", "Ann", ""),
        ("Boss", "user enabled", "Ann", ""),
        ("Boss", "user disabled", "Ann", ""),
        ("Boss", "signed out everywhere", "Ann", ""),
        ("Boss", "user changed", "Ann", "agent, supervisor"),
        ("Boss", "user added", "Ann", "agent"),
    ]


async def test_nobody_shuts_themselves_or_the_last_administrator_out(
    access: Access, site: Site
) -> None:
    at = f"/api/people/{(await site.person('Boss'))['id']}"
    for action in ("disable", "reset"):
        await site.post(f"{at}/{action}", status=403)
    told = await site.post(f"{at}/roles", {"roles": ["agent"]}, 409)
    assert "administer" in told["problem"]
    await hire(access, "Second", "admin")
    await site.post(f"{at}/roles", {"roles": ["agent"]})
    await site.get("/api/people", 403)  # they have just given that up


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/people", {}, 400),
        ("/api/people", {"name": "Ann", "roles": []}, 409),
        ("/api/people", {"name": "Ann", "roles": ["king"]}, 400),
        ("/api/people", {"name": "=cmd()", "roles": ["agent"]}, 409),
        ("/api/people", {"name": "x" * 65, "roles": ["agent"]}, 409),
        ("/api/people", {"name": "boss", "roles": ["agent"]}, 409),
        ("/api/people/nobody/disable", {}, 404),
        ("/api/people/nobody/roles", {"roles": ["agent"]}, 404),
        ("/api/tokens", {"name": "x", "scopes": [], "days": 1}, 409),
        ("/api/tokens", {"name": "x", "scopes": ["metrics"], "days": 0}, 409),
        ("/api/tokens", {"name": "x", "scopes": ["all"], "days": 1}, 400),
        ("/api/tokens/revoke", {"name": "nobody"}, 409),
    ],
)
async def test_what_cannot_be_done_is_refused_with_advice(
    site: Site, path: str, body: dict[str, object], status: int
) -> None:
    told = await site.post(path, body, status)
    assert told["problem"]
    assert told["fix"]


async def test_a_token_is_told_once_listed_and_revoked(access: Access, site: Site) -> None:
    name = "a/b ?&'\"<b>"
    wish = {"name": name, "scopes": ["metrics", "record"], "days": 30}
    made = await site.post("/api/tokens", wish, 201)
    now = access.clock.now()
    assert access.roster.machine(digest(made["secret"]), now) is not None
    listed = await site.get("/api/tokens")
    assert [(row["name"], row["made_by"]) for row in listed["tokens"]] == [(name, "Boss")]
    assert made["secret"] not in str(listed)
    assert digest(made["secret"]) not in str(listed)
    assert await site.post("/api/tokens/revoke", {"name": name}) == {"tokens": []}
    assert access.roster.machine(digest(made["secret"]), now) is None
    assert (await site.actions(f"person={name[:3]}"))[:2] == [
        "token revoked",
        "token added",
    ]


async def test_the_log_is_paged_from_its_end_and_filtered(
    access: Access, site: Site
) -> None:
    for n in range(7):
        note = Note(actor=f"Person {n % 2}", action="signed in", subject="50% _x'")
        await access.commit(notes=[note])
    seen, before = list[int](), ""
    while True:
        page = await site.get(f"/api/audit?limit=4{before}")
        seen += [row["n"] for row in page["rows"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    newest = len(seen) - 1
    assert seen == list(range(newest, -1, -1))
    assert await site.actions("person=person%201") == ["signed in"] * 3
    assert await site.actions("person=0%25%20_X'") == ["signed in"] * 7
    assert set(await site.actions("action=user%20added")) == {"user added"}
    assert await site.actions("action=signed%20in&person=nobody") == []


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=1000",
        "before=-1",
        "before=" + "9" * 5000,
        "perso=Ann",
        "person=" + "x" * 101,
    ],
)
async def test_what_cannot_be_listed_is_refused(site: Site, query: str) -> None:
    await site.get(f"/api/audit?{query}", 400)


async def test_the_log_is_found_whole_until_somebody_has_been_at_it(
    tmp_path: Path, access: Access, site: Site
) -> None:
    for _ in range(30):
        notes = [Note(actor="", action="sign-in refused")] * 10
        await access.commit(notes=notes)
    told = await site.post("/api/audit/verify")
    newest = (await site.get("/api/audit?limit=1"))["rows"][0]
    assert (told["faults"], told["rows"]) == ([], newest["n"] + 1)
    assert (told["last"], told["hash"]) == (newest["n"], newest["hash"])

    await to_thread.run_sync(access.close)
    with duckdb.connect(tmp_path / "access" / "access.duckdb") as db:
        db.execute("UPDATE access.audit SET actor = 'Eve' WHERE n = 250")
        db.execute("DELETE FROM access.audit WHERE n = 100")
    told = await site.post("/api/audit/verify")
    assert told["faults"] == [
        "Row 100 is missing.",
        "Row 250 was changed, or is not what followed row 249.",
    ]
