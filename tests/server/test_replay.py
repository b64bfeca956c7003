"""A real call of a real server, and the same call again from its record."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

import msgspec
import pytest

from appliance.access.commands import SetDisabled
from appliance.access.office import Office
from appliance.messages import AiSuggestion
from appliance.received import Chat, Feedback, Hangup, Hold, Mute, Pause, Tick
from appliance.settings import ListeningSettings, RuleSettings
from appliance.supervision import Listen
from tests.server.cast import answer, call_in, on_duty
from tests.server.live import (
    SETTINGS,
    SITES,
    client,
    hello,
    messages_of,
    serving,
    silence,
    talker,
    tone,
)
from tests.server.onlookers import following, keys_of
from tests.server.test_rules import RULES

pytestmark = pytest.mark.anyio

ADVICE = AiSuggestion(
    id="a1",
    answers="customer-1",
    action="none",
    suggestion="",
    reasoning="",
    confidence=0.0,
    is_final=False,
    status="streaming",
)


class Past(NamedTuple):
    """A call that is over, and what each screen was sent of it."""

    url: str
    id: str
    agent: list[str]
    customer: list[str]
    supervisor: list[dict[str, Any]]
    ann: Mapping[str, str]  # its agent's browser
    sam: Mapping[str, str]  # a supervisor's


@asynccontextmanager
async def a_past_call(folder: Path, announce: Any = "both") -> AsyncIterator[Past]:
    """With all that can happen in one: words, pauses, holds, moods, rules, advice, and Sam
    who listens."""
    rules = folder / "rules.toml"
    rules.write_text(RULES)
    settings = msgspec.structs.replace(
        SETTINGS,
        rules=RuleSettings(file=str(rules)),
        listening=ListeningSettings(announce=announce),
    )
    async with serving(folder, settings) as (url, box):
        ann = await keys_of(url, "Ann", "agent")
        sam = await keys_of(url, "Sam", "supervisor")
        call_id, bo = await call_in(url, "Bo")
        async with on_duty(url, ann):
            await answer(url, ann, call_id)
        async with AsyncExitStack() as sockets:
            agent = await sockets.enter_async_context(
                talker(url, call_id, hello("agent"), keys=ann)
            )
            async with talker(url, call_id, hello("customer"), keys=bo.headers):
                await agent.until("partner", role="customer", event="joined")
            await agent.until("partner", role="customer", event="away")  # their line drops
            customer = await sockets.enter_async_context(
                talker(url, call_id, hello("customer"), keys=bo.headers)
            )
            watching = await sockets.enter_async_context(following(url, call_id, sam))
            await watching.until("hello")
            await watching.send(Listen(audio=True))
            await customer.speak(tone(4) + silence(6))
            await agent.final("customer")
            await agent.send(Chat(text="This call will be recorded."))
            await customer.send(Chat(text="I hate this, it is terrible."))
            await customer.send(Chat(text="This is awful. I want my lawyer."))
            await agent.until("alert", kind="mood")
            for words in ("", "Ask", "Ask for", "Ask for the card."):
                box._publish(call_id, msgspec.structs.replace(ADVICE, suggestion=words))
            done = {"suggestion": "Ask for the card.", "is_final": True, "status": "done"}
            box._publish(call_id, msgspec.structs.replace(ADVICE, **done))
            await agent.until("ai_suggestion", is_final=True)
            await agent.send(Chat(text="I ask for the card."))
            await agent.send(Feedback(id="a1", verdict="used"))
            await agent.send(Tick(item="words", on=True))
            await customer.send(Mute(on=True))
            await agent.send(Hold(on=True))
            await agent.send(Pause(on=True))
            await agent.until("status", part="call", state="paused")
            await agent.send(Pause(on=False))
            await agent.speak(tone(6) + silence(6))
            await agent.final("agent")
            await agent.send(Hangup())
            for someone in (agent, customer):
                await someone.until("status", part="call", state="ended")
            await watching.until("status", part="call", state="ended")
        await box.publisher.settled()
        await box.store.flush()
        yield Past(url, call_id, agent.raw, customer.raw, watching.told, ann, sam)


class Event(NamedTuple):
    seq: int
    at_ms: int
    data: str


async def replayed(
    past: Past, keys: Mapping[str, str], *, last: int = 0, **wish: object
) -> list[Event]:
    """At once, unless wished otherwise."""
    path = f"/api/sessions/{past.id}/replay"
    headers = {**keys, **({"last-event-id": str(last)} if last else {})}
    query = {name: str(value) for name, value in {"speed": 0, **wish}.items()}
    async with client(past.url, headers) as http:
        told = await http.get(path, params=query)
    assert told.status_code == 200, told.text
    assert told.headers["content-type"].startswith("text/event-stream")
    *blocks, end, rest = told.text.split("\n\n")
    assert (end, rest) == ("event: end\ndata: {}", "")
    return [event_of(block) for block in blocks if block != ":"]


def event_of(block: str) -> Event:
    fields = dict(line.split(": ", 1) for line in block.removeprefix(":\n\n").split("\n"))
    return Event(int(fields["id"]), int(fields["at"]), fields["data"])


def of_the_call(raw: list[str]) -> list[str]:
    """Without what belongs to the socket: hello, acknowledgements."""
    return [text for text in raw if '"seq":0' not in text]


async def test_a_replay_is_the_live_call_event_for_event_and_each_is_like_the_other(
    tmp_path: Path,
) -> None:
    async with a_past_call(tmp_path) as past:
        live = of_the_call(past.agent)
        first, second = await replayed(past, past.ann), await replayed(past, past.ann)
        assert [event.data for event in first] == live
        assert first == second
        kinds = {msgspec.json.decode(text)["type"] for text in live}
        assert kinds == {
            "partner", "status", "transcript", "chat", "sentiment", "alert", "checklist",
            "ai_suggestion", "supervised", "gap", "summary", "recording",
        }  # fmt: skip
        assert sum('"streaming"' in text for text in live) == 4
        assert [event.at_ms for event in first] == sorted(one.at_ms for one in first)
        # The supervisor came later: from there on it is what they were sent.
        since = past.supervisor[0]["last_seq"]
        sent = [encode_again(one) for one in past.supervisor if one["seq"] > since]
        theirs = await replayed(past, past.sam)
        assert [event.data for event in theirs if event.seq > since] == sent
        assert [one for one in sent if '"rule":"lawyer"' in one]
        assert not [one for one in live if '"rule":"lawyer"' in one]


def encode_again(message: dict[str, Any]) -> str:
    return msgspec.json.encode(message).decode()


async def test_a_replay_takes_the_time_that_the_call_took(tmp_path: Path) -> None:
    async with a_past_call(tmp_path) as past:
        whole = await replayed(past, past.ann)
        length_ms = whole[-1].at_ms
        begun = monotonic()
        assert await replayed(past, past.ann, speed=4) == whole
        assert monotonic() - begun >= length_ms / 4000
        # What came before is there at once; nothing is left out.
        begun = monotonic()
        assert await replayed(past, past.ann, speed=0.01, from_ms=length_ms) == whole
        assert monotonic() - begun < length_ms / 10
        middle = whole[len(whole) // 2]
        rest = await replayed(past, past.ann, last=middle.seq)
        assert rest == [event for event in whole if event.seq > middle.seq]


async def test_who_may_replay_a_call_and_that_it_is_logged(tmp_path: Path) -> None:
    async with a_past_call(tmp_path) as past:
        path = f"/api/sessions/{past.id}/replay?speed=0"
        zoe = await keys_of(past.url, "Zoe", "agent")
        for keys, status in ((zoe, 404), ({}, 401), (past.ann, 200), (past.sam, 200)):
            async with client(past.url, keys) as http:
                assert (await http.get(path)).status_code == status
        async with client(past.url, past.sam) as http:
            for wrong in ("speed=-1", "speed=x", "from_ms=-5", "volume=11", "speed=nan"):
                bad = await http.get(f"/api/sessions/{past.id}/replay?{wrong}")
                assert bad.status_code == 400, wrong
            bad = await http.get(path, headers={"last-event-id": "x"})
            assert bad.status_code == 400
            assert (await http.get("/api/sessions/no/replay")).status_code == 404
        rows = await SITES[past.url].access.entries(0, 1000)
        logged = [(one.actor, one.subject) for one in rows if one.action == "call replayed"]
        assert logged == [("Ann", past.id), ("Sam", past.id)]


async def test_a_replay_ends_with_the_sign_in(tmp_path: Path) -> None:
    async with a_past_call(tmp_path) as past:
        path = f"/api/sessions/{past.id}/replay?speed=0.001"
        async with (
            client(past.url, past.sam) as http,
            http.stream("GET", path) as told,
        ):
            pieces = told.aiter_text()
            assert (await anext(pieces)).startswith("id: ")
            wish = SetDisabled(name="Sam", disabled=True)
            await Office(SITES[past.url].access).perform(wish, "the tests")
            rest = "".join([piece async for piece in pieces])
        assert "event: refused\ndata: " in rest
        assert "event: end" not in rest


async def test_every_kind_of_event_is_in_the_record_of_a_call(tmp_path: Path) -> None:
    async with a_past_call(tmp_path) as past:
        events = await recorded(past, past.sam)
        assert {event["kind"] for event in events} == {
            "call_started", "joined", "left", "partner", "status", "transcript", "chat",
            "sentiment", "alert", "checklist", "ai_suggestion", "written", "advice_began",
            "advice_became", "feedback", "payment", "gap", "supervised", "overheard",
            "summary", "recording", "call_ended",
        }  # fmt: skip
        assert [event["seq"] for event in events] == sorted(e["seq"] for e in events)
        detail = {"events": events}
        ticked = messages_of(detail, "checklist")[-1]["items"]
        assert {(item["id"], item["by"]) for item in ticked if item["by"]} == {
            ("notice", "rule"),
            ("words", "hand"),
        }
        assert [one["on"] for one in messages_of(detail, "payment")] == [True, False]
        drafts = messages_of(detail, "summary")
        assert (drafts[-1]["purpose"], drafts[-1]["is_final"]) == ("wrap_up", True)


async def recorded(past: Past, keys: Mapping[str, str]) -> list[dict[str, Any]]:
    async with client(past.url, keys) as http:
        while True:
            detail = (await http.get(f"/api/sessions/{past.id}")).json()
            if messages_of(detail, "summary"):  # the draft comes a moment later
                return list(detail["events"])


async def test_an_agent_reads_in_the_record_what_they_were_told_and_no_more(
    tmp_path: Path,
) -> None:
    async with a_past_call(tmp_path, announce="nobody") as past:
        for keys, theirs in ((past.ann, False), (past.sam, True)):
            events = await recorded(past, keys)
            kinds = {event["kind"] for event in events}
            rules = {one["rule"] for one in messages_of({"events": events}, "alert")}
            assert ("overheard" in kinds) is theirs
            assert ("lawyer" in rules) is theirs
            assert "supervised" not in kinds
            async with client(past.url, keys) as http:
                [row] = (await http.get("/api/sessions?alert=any")).json()["sessions"]
            assert ("lawyer" in {one["rule"] for one in row["alerts"]}) is theirs
