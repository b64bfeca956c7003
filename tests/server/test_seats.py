"""Who may sit in a call and say what there, and how long: sockets against a live server."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import anyio
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from appliance.access.access import Access
from appliance.access.commands import SetDisabled, SetRoles
from appliance.access.entrance import Entrance
from appliance.access.office import Office
from appliance.access.roster import Put
from appliance.duty import OnDuty
from appliance.messages import Received, Role, encode
from appliance.received import (
    Ask,
    Chat,
    ChooseCustomer,
    ClientMessage,
    Feedback,
    Hangup,
    Hold,
    Mute,
    Pause,
    RecordWish,
    Resume,
    Stop,
    Summarise,
    Tick,
)
from appliance.server import vigil
from tests.access.site import hire
from tests.server.cast import answer, call_in, cast, greeted, on_duty
from tests.server.live import (
    OFF,
    SITES,
    Keys,
    client,
    helen,
    hello,
    serving,
    talker,
)

pytestmark = pytest.mark.anyio


async def test_who_may_sit_where(tmp_path: Path) -> None:
    async with serving(tmp_path, models=OFF) as (url, _), cast(url) as people:
        mine, guest = await call_in(url)
        helens = people.other
        agents, brought = people.own["agent"], people.own["calls"]
        for call_id, role, keys, said in [
            # The customer of a call sits at its customer's side, and nowhere else.
            (mine, "agent", guest.headers, "error"),
            (mine, "customer", guest.headers, "hello"),
            (agents, "customer", guest.headers, "404"),
            (mine, "customer", {}, "401"),
            # An agent has their own seat in their own call.
            (agents, "customer", people.headers("agent"), "error"),
            (agents, "agent", people.headers("agent"), "hello"),
            (helens, "agent", people.headers("agent"), "404"),
            (mine, "agent", people.headers("agent"), "404"),
            # Who sees every call sits in none.
            (agents, "agent", people.headers("supervisor"), "403"),
            (agents, "agent", people.headers("admin"), "403"),
            (agents, "agent", people.headers("record"), "403"),
            # A program sits on either side of the calls that it brought.
            (brought, "customer", people.headers("calls"), "hello"),
            (brought, "agent", people.headers("calls"), "hello"),
            (agents, "agent", people.headers("calls"), "404"),
        ]:
            role_: Any = role
            assert await greeted(url, call_id, role_, keys) == said, (role, said)


async def test_nobody_resumes_what_is_somebody_elses(tmp_path: Path) -> None:
    """The epoch is no secret: whose seat it is counts."""
    async with serving(tmp_path, models=OFF) as (url, _), cast(url) as people:
        call_id, guest = await call_in(url)
        ida = Keys.of_person(await hire(SITES[url].access, "Ida", "agent")).headers
        async with on_duty(url, ida):
            await answer(url, ida, call_id)
            stolen = Resume(role="agent", epoch=call_id, last_seq=0)
            for keys in (guest.headers, people.headers("agent"), people.headers("calls")):
                said = await first_of(url, call_id, stolen, keys)
                assert said in ("error", "404")
            assert await first_of(url, call_id, stolen, ida) == "hello"


async def first_of(
    url: str, call_id: str, greeting: Resume, keys: Mapping[str, str]
) -> str:
    try:
        async with talker(url, call_id, greeting, keys=keys) as someone:
            first = await someone.next()
            assert isinstance(first, dict)
            return str(first["type"])
    except InvalidStatus as refused:
        return str(refused.response.status_code)


async def test_agents_are_called_what_their_account_is(tmp_path: Path) -> None:
    async with serving(tmp_path, models=OFF) as (url, _):
        call_id, guest = await call_in(url)
        async with on_duty(url, helen(url)), client(url) as http:
            wish = {"role": "agent", "name": "The President"}
            await http.post(f"/api/calls/match/{call_id}", json=wish)
            async with (
                talker(url, call_id, hello("agent"), keys=helen(url)),
                talker(url, call_id, hello("customer"), keys=guest.headers) as customer,
            ):
                assert (await customer.until("hello"))["partner"] == "Helen"


MESSAGES: list[Received] = [
    Chat(text="hi"),
    Mute(on=True),
    Hold(on=True),
    Pause(on=True),
    Ask(),
    Stop(id="a"),
    Feedback(id="a", verdict="good"),
    ChooseCustomer(),
    Summarise(),
    Tick(item="a", on=True),
    RecordWish(on=True),
    Hangup(),
]
FOR_AGENTS = {Ask, Stop, Feedback, ChooseCustomer, Summarise, Tick}


def test_every_message_that_follows_a_greeting_is_tried() -> None:
    greetings = {"hello", "resume"}
    kinds = {str(kind.__struct_config__.tag) for kind in get_args(ClientMessage)}
    tried = {str(message.__struct_config__.tag) for message in MESSAGES}
    assert tried == kinds - greetings


@pytest.mark.parametrize("seat", ["agent", "customer"])
async def test_a_seat_says_what_is_for_it_and_nothing_else(
    tmp_path: Path, seat: Role
) -> None:
    async with serving(tmp_path, models=OFF) as (url, _):
        call_id, guest = await call_in(url)
        async with on_duty(url, helen(url)):
            await answer(url, helen(url), call_id)
            keys = helen(url) if seat == "agent" else guest.headers
            async with talker(url, call_id, hello(seat), keys=keys) as someone:
                for message in MESSAGES:
                    await someone.send(message)
                    if seat == "customer" and type(message) in FOR_AGENTS:
                        error = await someone.until("error")
                        tag = message.__struct_config__.tag
                        assert error["problem"] == f"The customer may not send {tag}."
                with anyio.fail_after(20):
                    await someone.socket.wait_closed()
                refused = [m for m in someone.told if "may not send" in str(m)]
                assert len(refused) == (len(FOR_AGENTS) if seat == "customer" else 0)


# ---------------------------------------------------------------------- how long


async def closed(socket: ClientConnection) -> int | None:
    with anyio.fail_after(10):
        await socket.wait_closed()
    return socket.close_code


async def desk(url: str, keys: Mapping[str, str]) -> ClientConnection:
    socket = await connect(f"{url.replace('http', 'ws')}/ws/agent", additional_headers=keys)
    await socket.send(encode(OnDuty()).decode())
    await socket.recv()
    return socket


Ending: TypeAlias = Literal["signed out", "disabled", "other roles", "expired"]


@pytest.mark.parametrize(
    ("done", "code"),
    [("signed out", 4401), ("disabled", 4401), ("other roles", 4403), ("expired", 4401)],
)
async def test_who_may_no_more_is_out_of_what_is_open(
    tmp_path: Path, done: Ending, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only what ends by itself waits for that; the others would wait for ever.
    monkeypatch.setattr(vigil, "AGAIN_S", 0.2 if done == "expired" else 1e6)
    async with serving(tmp_path, models=OFF) as (url, _):
        access = SITES[url].access
        ann = await hire(access, "Ann", "agent")
        keys = Keys.of_person(ann).headers
        call_id, guest = await call_in(url)
        shift = await desk(url, keys)
        await answer(url, keys, call_id)
        async with (
            talker(url, call_id, hello("agent"), keys=keys) as agent,
            talker(url, call_id, hello("customer"), keys=guest.headers) as customer,
        ):
            await agent.until("partner", event="joined", role="customer")
            await put_out(access, done)
            assert await closed(agent.socket) == code
            assert await closed(shift) == code
            assert await greeted(url, call_id, "agent", keys) in ("401", "403")
            # Whoever they talked to hears that they are gone, and stays.
            await customer.until("partner", role="agent", event="away")
            await customer.send(Chat(text="still here"))
            await customer.until("chat", text="still here")


async def put_out(access: Access, done: Ending) -> None:
    ann = access.roster.named("Ann")
    assert ann is not None
    session = access.roster.sessions.of(ann.id)[-1]
    match done:
        case "signed out":
            await Entrance(access).sign_out(ann, session)
        case "disabled":
            await Office(access).perform(SetDisabled(name="Ann", disabled=True), "a test")
        case "other roles":
            await Office(access).perform(SetRoles(name="Ann", roles=("admin",)), "a test")
        case "expired":
            long_ago = session.created.replace(year=2000)
            old = msgspec.structs.replace(session, created=long_ago)
            await access.commit(allow=[Put(old)])


async def test_the_customers_token_ends_with_the_call(tmp_path: Path) -> None:
    async with serving(tmp_path, models=OFF) as (url, box):
        call_id, guest = await call_in(url)
        async with talker(url, call_id, hello("customer"), keys=guest.headers) as customer:
            await customer.until("hello")
            async with client(url, guest.headers) as http:
                assert (await http.post(f"/api/calls/end/{call_id}")).status_code == 200
                await customer.until("status", part="call", state="ended")
                assert await closed(customer.socket) == 1000
                # For the page to say how it ended; and then no more.
                status = await http.get(f"/api/calls/status/{call_id}")
                assert status.json()["reason"] == "hangup"
                access = SITES[url].access
                access.guests.end(call_id)
                status = await http.get(f"/api/calls/status/{call_id}")
                assert status.status_code == 401
        assert await greeted(url, call_id, "customer", guest.headers) == "401"
        assert box.registry.get(call_id).state == "ended"


# ---------------------------------------------------------------------- how a page is told


@pytest.mark.parametrize(
    ("who", "code"), [("nobody", 4401), ("supervisor", 4403), ("agent", 4404)]
)
async def test_a_page_is_told_by_a_code_why_its_socket_is_refused(
    tmp_path: Path, who: str, code: int
) -> None:
    """Of the status of a handshake a browser tells its page nothing."""
    async with serving(tmp_path, models=OFF) as (url, _), cast(url) as people:
        keys = {} if who == "nobody" else people.headers(who)  # type: ignore[arg-type]
        address = f"{url.replace('http', 'ws')}/ws/call/{people.other}"
        page = connect(address, additional_headers=keys, origin=Origin(url))
        async with page as socket:
            assert await closed(socket) == code
            assert socket.close_reason
        elsewhere = connect(
            address, additional_headers=keys, origin=Origin("https://evil.example")
        )
        with pytest.raises(InvalidStatus) as refused:
            async with elsewhere:
                pass
        assert refused.value.response.status_code == 403


# ---------------------------------------------------------------------- by invitation
