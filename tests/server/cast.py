"""Everybody who may come to a box, each with a call of their own if they can have one."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

import anyio
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from appliance.access.access import Access
from appliance.access.commands import (
    AddMachine,
    AddPeople,
    MachineSecret,
    NewPerson,
    Passwords,
    SetDisabled,
)
from appliance.access.entrance import Entrance
from appliance.access.office import Office
from appliance.access.roster import Put
from appliance.access.secret import digest, new_secret
from appliance.access.sessions import Session
from appliance.duty import OnDuty
from appliance.messages import Role, encode
from appliance.server.policy import Party
from tests.access.site import HERE, hire
from tests.server.live import (
    OFF,
    SITES,
    STRANGER,
    Keys,
    client,
    hello,
    serving,
    start,
    talker,
)

Who: TypeAlias = Literal[
    "stranger",
    "customer",
    "agent",
    "supervisor",
    "admin",
    "disabled",
    "expired",
    "signed out",
    "must change",
    "metrics",
    "record",
    "calls",
]
EVERYBODY: tuple[Who, ...] = get_args(Who)

# As whom the policy knows each, written down here by hand.
PARTIES: Mapping[Who, tuple[Party, ...]] = {
    "stranger": ("anyone",),
    "customer": ("anyone", "customer"),
    "agent": ("anyone", "agent"),
    "supervisor": ("anyone", "supervisor"),
    "admin": ("anyone", "admin"),
    "disabled": ("anyone",),
    "expired": ("anyone",),
    "signed out": ("anyone",),
    "must change": ("anyone",),
    "metrics": ("anyone", "metrics"),
    "record": ("anyone", "record"),
    "calls": ("anyone", "calls"),
}


class Cast(NamedTuple):
    url: str
    keys: Mapping[Who, Keys]
    own: Mapping[Who, str]  # ids of the calls that are theirs
    other: str  # the call of people who are none of these

    def headers(self, who: Who) -> dict[str, str]:
        return dict(self.keys[who].headers)


@asynccontextmanager
async def cast(url: str) -> AsyncIterator[Cast]:
    access = SITES[url].access
    keys = {**await _people(access), **await _programs(access), "stranger": STRANGER}
    other = await call_of_helen(url)
    called, keys["customer"] = await call_in(url)
    answered, _ = await call_in(url)
    async with on_duty(url, keys["agent"].headers):
        await answer(url, keys["agent"].headers, answered)
        bearer = keys["calls"].headers
        brought = (await start(url, "customer", keys=bearer))["call_id"]
        own: dict[Who, str] = {"customer": called, "agent": answered, "calls": brought}
        yield Cast(url, keys, own, other)


async def call_in(url: str, name: str = "Ada") -> tuple[str, Keys]:
    """The call of somebody at a browser, and the cookie that they got for it."""
    async with client(url, {}) as http:
        wish = {"role": "customer", "name": name}
        begun = await http.post("/api/calls/start", json=wish)
        cookie = begun.headers["set-cookie"].partition(";")[0]
        return str(begun.json()["call_id"]), Keys({"cookie": cookie})


async def call_of_helen(url: str) -> str:
    call_id, _ = await call_in(url, "Bob")
    helen = SITES[url].helen.headers
    async with on_duty(url, helen):
        await answer(url, helen, call_id)
    return call_id


@asynccontextmanager
async def on_duty(url: str, headers: Mapping[str, str]) -> AsyncIterator[None]:
    """An agent's page."""
    address = f"{url.replace('http', 'ws')}/ws/agent"
    async with connect(address, additional_headers=headers) as desk:
        await desk.send(encode(OnDuty()).decode())
        with anyio.fail_after(20):
            await desk.recv()
        yield


async def answer(url: str, headers: Mapping[str, str], call_id: str) -> None:
    async with client(url, headers) as http:
        taken = await http.post(f"/api/calls/match/{call_id}", json={"role": "agent"})
        assert taken.status_code == 200, taken.text


async def _people(access: Access) -> dict[Who, Keys]:
    agent = await hire(access, "Ann", "agent")
    supervisor = await hire(access, "Sue", "supervisor")
    admin = await hire(access, "Olga", "admin")
    disabled = await hire(access, "Dan", "agent", "supervisor", "admin")
    await Office(access).perform(SetDisabled(name="Dan", disabled=True), "the tests")
    gone = await hire(access, "Eve", "agent", "supervisor", "admin")
    session = access.roster.sessions.of(gone.person.id)[0]
    await Entrance(access).sign_out(gone.person, session)
    return {
        "agent": Keys.of_person(agent),
        "supervisor": Keys.of_person(supervisor),
        "admin": Keys.of_person(admin),
        "disabled": Keys.of_person(disabled),
        "signed out": Keys.of_person(gone),
        "expired": await _expired(access),
        "must change": await _must_change(access),
    }


async def _expired(access: Access) -> Keys:
    """Somebody whose sign-in was longer ago than one lasts."""
    fay = await hire(access, "Fay", "agent", "supervisor", "admin")
    secret, now = new_secret(), access.clock.now()
    long_ago = now - timedelta(seconds=access.settings.session_s + 1)
    old = Session(
        digest=digest(secret),
        person_id=fay.person.id,
        created=long_ago,
        seen=now,
        address="",
    )
    await access.commit(allow=[Put(old)])
    return Keys.of_person(fay._replace(session=secret))


async def _must_change(access: Access) -> Keys:
    """Somebody who has come in by a one-time password."""
    new = NewPerson(name="Max", roles=("agent", "supervisor", "admin"))
    made: Any = await Office(access).perform(AddPeople(people=(new,)), "the tests")
    assert isinstance(made, Passwords)
    let_in = await Entrance(access).sign_in("Max", made.new[0].password, HERE)
    return Keys.of_person(let_in)


async def _programs(access: Access) -> dict[Who, Keys]:
    found: dict[Who, Keys] = {}
    for scope in ("metrics", "record", "calls"):
        wish = AddMachine(name=f"a {scope} program", scopes=(scope,), days=1)
        made = await Office(access).perform(wish, "the tests")
        assert isinstance(made, MachineSecret)
        found[scope] = Keys.of_program(made.secret)
    return found


@asynccontextmanager
async def site(folder: Path) -> AsyncIterator[Cast]:
    async with serving(folder, models=OFF) as (url, _), cast(url) as people:
        yield people


async def greeted(url: str, call_id: str, role: Role, keys: Mapping[str, str]) -> str:
    """What is said to somebody who wants this seat: the type of the first message, or the
    status of the handshake."""
    try:
        async with talker(url, call_id, hello(role), keys=keys) as someone:
            first = await someone.next()
            assert isinstance(first, dict)
            return str(first["type"])
    except InvalidStatus as refused:
        return str(refused.response.status_code)
