"""What is settled is on disk before it is on a screen."""

from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from appliance.calls.outbox import Outbox
from appliance.calls.room import Room
from appliance.errors import StoreError
from appliance.messages import ChatLine, Transcript, decode_from_server
from appliance.pipeline.publisher import Publisher
from appliance.store.event import CallStarted, Event
from appliance.store.writer import Store

pytestmark = pytest.mark.anyio


def chat(text: str) -> ChatLine:
    return ChatLine(id=text, speaker="agent", text=text, at_ms=0)


def partial(text: str) -> Transcript:
    return Transcript(
        id="agent-1", speaker="agent", text=text, is_final=False, start_ms=0, end_ms=1
    )


def shown(outbox: Outbox) -> list[int]:
    seqs = []
    while (message := outbox.take()) is not None:
        seqs.append(decode_from_server(message).seq)
    return seqs


async def test_messages_are_numbered_recorded_and_shown_in_order(tmp_path: Path) -> None:
    store = await to_thread.run_sync(Store.open, tmp_path / "record.duckdb")
    publisher, room = Publisher(store), Room("c1", "e")
    outbox = Outbox(lambda: None)
    room.attach("agent", outbox)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(publisher.run)
        publisher.note(room, CallStarted(), 0)
        for message in (partial("a"), chat("b"), partial("c")):
            publisher.publish(room, message, 5)
        await publisher.settled()
        await store.flush()
        tasks.cancel_scope.cancel()
    detail = await store.session("c1")
    assert detail is not None
    assert [event.seq for event in detail.events] == [1, 2, 3, 4]
    assert shown(outbox) == [2, 3, 4]
    await store.aclose()


async def test_who_waits_for_one_calls_end_is_not_held_up_by_the_others(
    tmp_path: Path,
) -> None:
    store = await to_thread.run_sync(Store.open, tmp_path / "record.duckdb")
    publisher, room, other = Publisher(store), Room("c1", "e"), Room("c2", "e")
    async with anyio.create_task_group() as tasks:

        async def talk_on() -> None:
            while True:
                publisher.publish(other, chat("on and on"), 0)
                await anyio.lowlevel.checkpoint()

        tasks.start_soon(publisher.run)
        tasks.start_soon(talk_on)
        publisher.publish(room, chat("goodbye"), 0)
        with anyio.fail_after(20):
            await publisher.settled()
        tasks.cancel_scope.cancel()
    await store.aclose()


class Watched(Store):
    """A store that looks at the screen at the moment it is asked to commit."""

    outbox: Outbox
    on_screen: list[list[int]]

    async def commit(self, event: Event) -> None:
        self.on_screen.append(shown(self.outbox))
        await super().commit(event)


async def test_nothing_settled_is_shown_before_its_commit_returns(tmp_path: Path) -> None:
    store = await to_thread.run_sync(Watched.open, tmp_path / "record.duckdb")
    store.outbox, store.on_screen = Outbox(lambda: None), []
    publisher, room = Publisher(store), Room("c1", "e")
    room.attach("agent", store.outbox)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(publisher.run)
        publisher.publish(room, chat("a"), 0)
        await publisher.settled()
        publisher.publish(room, chat("b"), 0)
        await publisher.settled()
        tasks.cancel_scope.cancel()
    assert store.on_screen == [[], [1]]
    assert shown(store.outbox) == [2]
    await store.aclose()


class Failing(Store):
    """A store whose disk is full."""

    async def commit(self, event: Event) -> None:
        self.append(event)
        raise StoreError("The disk is full.", fix="Make room.")


async def test_a_full_disk_does_not_silence_a_call(tmp_path: Path) -> None:
    store = await to_thread.run_sync(Failing.open, tmp_path / "record.duckdb")
    publisher, room = Publisher(store), Room("c1", "e")
    outbox = Outbox(lambda: None)
    room.attach("agent", outbox)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(publisher.run)
        publisher.publish(room, chat("a"), 0)
        await publisher.settled()
        tasks.cancel_scope.cancel()
    assert shown(outbox) == [1]
    await store.aclose()
