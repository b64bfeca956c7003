"""The call socket over real sockets: two people, bad input, dropped lines."""

from pathlib import Path
from typing import Any

import anyio
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from appliance.audio.wire import encode_frame
from appliance.messages import AudioFormat, encode
from appliance.received import (
    Chat,
    Feedback,
    Hangup,
    Hold,
    Mute,
    Pause,
    Resume,
    Stop,
)
from tests.server.live import (
    Talker,
    get,
    hello,
    messages_of,
    said,
    serving,
    silence,
    start,
    talker,
    telephone,
    tone,
    two_people,
)

pytestmark = pytest.mark.anyio


async def test_both_sides_are_heard_transcribed_and_recorded(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _):
        async with two_people(url) as (agent, customer):
            await customer.speak(tone(7))
            partial = await agent.until("transcript", speaker="customer")
            assert not partial["is_final"]
            await customer.speak(silence(6))
            final = await agent.until("transcript", speaker="customer", is_final=True)
            assert (final["id"], final["text"]) == (partial["id"], said(7))
            await agent.speak(tone(4) + silence(6))
            assert await customer.final("agent") == said(4)
            assert agent.heard[: len(tone(7))] == tone(7)
            call_id = agent.told[0]["call_id"]
            await agent.send(Hangup())
            await customer.until("status", part="call", state="ended")
        detail = await get(url, f"/api/sessions/{call_id}")
        assert detail["session"]["status"] == "ended"
        finals = [m for m in messages_of(detail, "transcript") if m["is_final"]]
        assert [m["text"] for m in finals] == [said(7), said(4)]


async def test_a_burst_of_calls_keeps_each_legs_words_apart(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _), anyio.create_task_group() as calls:

        async def one_call(tenths: int) -> None:
            async with two_people(url) as (agent, customer):
                await customer.speak(tone(tenths) + silence(6))
                await agent.speak(tone(tenths + 1) + silence(6))
                assert await agent.final("customer") == said(tenths)
                assert await customer.final("agent") == said(tenths + 1)

        for tenths in range(3, 9):
            calls.start_soon(one_call, tenths)


async def _send_nonsense(person: Talker) -> None:
    for _ in range(200):
        await person.socket.send("nonsense")
        await person.next()


BAD_FRAMES: list[tuple[str | bytes, str]] = [
    (b"\x00\x01", "header"),
    (encode_frame(0, 0, b""), "no audio"),
    (encode_frame(0, 0, b"\x00" * 7), "s16le"),
    (encode_frame(0, 0, b"\x00" * 64_002), "limit"),
    (encode_frame(2**32 - 1, 0, b"\x00" * 640), "Count frames"),
]
BAD_TEXTS: list[tuple[str | bytes, str]] = [
    ("{", "known `type`"),
    ("[]", "known `type`"),
    ('"hello"', "known `type`"),
    ('{"type": "dance"}', "known `type`"),
    ('{"type": "chat"}', "known `type`"),
    ('{"type": "chat", "text": 7}', "known `type`"),
    ('{"type": "chat", "text": "x", "extra": 1}', "known `type`"),
    ('{"type": "chat", "text": "   "}', "between 1 and"),
    ('{"type": "chat", "text": "' + "x" * 5000 + '"}', "between 1 and"),
    ('{"type": "chat", "text": "' + "x" * 70_000 + '"}', "at most"),
    ('{"type": "ask", "text": "help"}', "[advice] enabled"),
    ('{"type": "hello", "role": "agent"}', "new socket"),
    ("\U0001f600", "known `type`"),
]


async def test_whatever_is_wrong_gets_an_error_with_its_fix_and_the_call_lives(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path) as (url, _), two_people(url) as (agent, customer):
        for bad, advice in [*BAD_FRAMES, *BAD_TEXTS]:
            await agent.socket.send(bad)
            error = await agent.until("error")
            assert advice in error["problem"] + error["fix"], bad
        await customer.send(Stop(id="a1"))
        assert "may not send stop" in (await customer.until("error"))["problem"]
        await agent.speak(tone(5) + silence(6))
        assert await customer.final("agent") == said(5)


async def test_frames_in_the_wrong_order_are_refused_and_the_leg_goes_on(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path) as (url, _), two_people(url) as (agent, customer):
        await agent.speak(silence(5))
        await agent.socket.send(encode_frame(agent.seq, 99_000, silence(1)))
        assert "order" in (await agent.until("error"))["problem"]
        await agent.speak(tone(5) + silence(6))
        assert await customer.final("agent") == said(5)


async def test_audio_before_hello_is_refused_and_hello_still_works(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _):
        call_id = (await start(url, "agent"))["call_id"]
        async with talker(url, call_id, hello("agent")) as agent:
            assert (await agent.until("hello"))["call_id"] == call_id
        address = url.replace("http", "ws") + f"/ws/call/{call_id}"
        await start(url, "customer", call_id)
        async with connect(address, additional_headers=telephone(url)) as socket:
            await socket.send(encode_frame(0, 0, silence(1)))
            assert "before hello" in str(await socket.recv())
            await socket.send(encode(Chat(text="hi")).decode())
            assert "not hello" in str(await socket.recv())
            await socket.send('{"type": "hello", "role": "boss"}')
            assert "fix" in str(await socket.recv())
            rate = AudioFormat(codec="pcm_s16le", rate=11_025)
            await socket.send(encode(hello("customer", rate)).decode())
            assert "11025" in str(await socket.recv())
            await socket.send(encode(hello("customer")).decode())
            assert '"hello"' in str(await socket.recv())


@pytest.mark.parametrize("role", ["agent", "customer"])
async def test_an_unknown_call_says_so_and_closes(tmp_path: Path, role: Any) -> None:
    async with serving(tmp_path) as (url, _):
        with pytest.raises(InvalidStatus) as refused:
            async with talker(url, "nonsense", hello(role)):
                pass
    assert refused.value.response.status_code == 404
    assert b"no call" in refused.value.response.body


async def test_a_seat_that_is_taken_is_refused(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _), two_people(url) as (agent, _):
        call_id = agent.told[0]["call_id"]
        async with talker(url, call_id, hello("agent")) as second:
            assert "connected already" in (await second.until("error"))["problem"]


async def test_nonsense_without_end_closes_the_socket_but_not_the_call(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path) as (url, box), two_people(url) as (agent, customer):
        with pytest.raises(ConnectionClosed):
            await _send_nonsense(agent)
        await customer.until("partner", role="agent", event="away")
        assert box.registry.stats()["active"] == 1


async def test_who_drops_off_in_mid_word_resumes_and_loses_nothing(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _), two_people(url) as (agent, customer):
        first = customer.told[0]
        await customer.speak(tone(4))
        await customer.heard_by_the_box()
        kept = customer.frames(tone(4) + silence(6))
        await customer.socket.close()
        await agent.until("partner", role="customer", event="away")
        await agent.send(Chat(text="are you there?"))
        await agent.until("chat")
        again = Resume(role="customer", epoch=first["epoch"], last_seq=first["last_seq"])
        async with talker(url, first["call_id"], again) as back:
            welcome = await back.until("hello")
            assert welcome["next_audio_seq"] == 20
            assert (await back.until("chat"))["text"] == "are you there?"
            for frame in kept:
                await back.socket.send(frame)
            assert await agent.final("customer") == said(8)
            seen = [m["seq"] for m in back.told if m["seq"]]
            assert seen == sorted(set(seen))


async def test_frames_that_are_sent_twice_are_heard_once(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _), two_people(url) as (agent, customer):
        frames = customer.frames(tone(6) + silence(6))
        for place, frame in enumerate(frames):
            await customer.socket.send(frame)
            if place % 7 == 3:
                for old in frames[place - 3 : place]:
                    await customer.socket.send(old)
        assert await agent.final("customer") == said(6)


async def test_frames_that_never_come_are_marked_and_the_rest_is_heard(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path) as (url, _), two_people(url) as (agent, customer):
        frames = customer.frames(tone(5) + silence(10) + tone(3) + silence(6))
        for frame in [*frames[:30], *frames[50:]]:
            await customer.socket.send(frame)
        gap = await agent.until("gap")
        assert (gap["start_ms"], gap["end_ms"], gap["reason"]) == (600, 1000, "lost")
        finals = [m["text"] for m in agent.told if m.get("is_final")]
        while len(finals) < 2:
            finals.append(await agent.final("customer"))
        assert finals == [said(5), said(3)]


async def test_a_second_socket_that_resumes_takes_the_place_of_the_first(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path) as (url, _), two_people(url) as (agent, customer):
        first = agent.told[0]
        again = Resume(role="agent", epoch=first["epoch"], last_seq=0)
        async with talker(url, first["call_id"], again) as back:
            await back.until("hello")
            with pytest.raises(ConnectionClosed) as closed:
                await agent.until("nothing")
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4409
            await customer.speak(tone(5) + silence(6))
            assert await back.final("customer") == said(5)


async def test_while_paused_nothing_is_recognised_and_the_gap_is_marked(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path) as (url, _), two_people(url) as (agent, customer):
        await customer.speak(silence(2))
        await agent.send(Pause(on=True))
        await agent.until("status", part="call", state="paused")
        await customer.speak(tone(8) + silence(4))
        await customer.heard_by_the_box()
        await agent.send(Pause(on=False))
        await customer.until("status", part="call", state="live")
        gap = await customer.recorded_again()
        await customer.speak(tone(3) + silence(6))
        assert await agent.final("customer") == said(3)
        assert gap["start_ms"] <= 200
        assert tone(8) in agent.heard  # people still hear each other


async def test_muting_is_told_and_feedback_is_kept(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _):
        async with two_people(url) as (agent, customer):
            await customer.send(Mute(on=True))
            await agent.until("partner", role="customer", event="muted")
            await agent.send(Feedback(id="a1", verdict="used"))
            call_id = agent.told[0]["call_id"]
            await agent.send(Hangup())
            await agent.until("status", part="call", state="ended")
        detail = await get(url, f"/api/sessions/{call_id}")
        assert messages_of(detail, "feedback")[0]["verdict"] == "used"


async def test_a_typed_line_that_is_sent_twice_is_shown_once(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _), two_people(url) as (agent, customer):
        for text, ref in (("one", "r1"), ("one", "r1"), ("two", "r2"), ("two", "")):
            await customer.send(Chat(text=text, ref=ref))
        await customer.send(Chat(text="last", ref="x" * 65))
        await customer.until("error")
        shown = [await agent.until("chat") for _ in range(3)]
        assert [(line["text"], line["ref"]) for line in shown] == [
            ("one", "r1"),
            ("two", "r2"),
            ("two", ""),
        ]


async def test_being_put_on_hold_is_told(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _), two_people(url) as (agent, customer):
        await agent.send(Hold(on=True))
        await customer.until("partner", role="agent", event="holding")
        await agent.send(Hold(on=False))
        await customer.until("partner", role="agent", event="unholding")


async def test_what_was_said_before_a_hang_up_in_mid_word_is_settled(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path) as (url, _), two_people(url) as (agent, customer):
        await customer.speak(tone(5))
        await customer.send(Hangup())
        assert await agent.final("customer") == said(5)
        await agent.until("status", part="call", state="ended")


async def test_somebody_who_stops_sending_in_mid_sentence_is_settled(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path) as (url, _), two_people(url) as (agent, customer):
        await customer.speak(tone(5))
        assert await agent.final("customer") == said(5)
