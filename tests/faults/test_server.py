"""Killed, the server loses nothing it has shown; stopped, it ends its calls in order."""

import os
import signal
from pathlib import Path
from typing import Any

import anyio
import psutil
import pytest

from appliance.messages import AiSuggestion, ServerMessage, Transcript
from appliance.replay.client import Told, play
from tests.faults.calls import (
    PLAN,
    Fits,
    Once,
    call,
    finals,
    short_call,
)
from tests.faults.process import NO_MODELS, PARTS, Serving, serving

# Two starts of a server, and as a rule one call.
pytestmark = [
    pytest.mark.model,
    pytest.mark.timeout(180),
    pytest.mark.usefixtures("models"),
]

# Starts sooner, where advice is not what a test is about.
NO_ADVICE = {"APPLIANCE_ADVICE_ENABLED": "false"}

# After a kill, time to read what had come as far as this machine.
IN_FLIGHT_S = 1.0


def agent_speaks_again(message: ServerMessage) -> bool:
    """In the middle of the agent's second turn; each person has a final by then."""
    return isinstance(message, Transcript) and message.id == "agent-2"


async def call_until(server: Serving, fits: Fits, told: list[Told]) -> None:
    """A call that goes on until the server is killed; `told` is what people were told."""
    recording = await anyio.to_thread.run_sync(short_call)
    token = await anyio.to_thread.run_sync(lambda: server.token)
    killed = anyio.Event()

    def kill() -> None:
        os.kill(server.pid, signal.SIGKILL)
        killed.set()

    hurt = Once(fits, kill)

    def hear(one: Told) -> None:
        told.append(one)
        hurt(one)

    async def speak() -> None:
        await play(server.url, recording, PLAN, on_message=hear, token=token)

    async with anyio.create_task_group() as talking:
        talking.start_soon(speak)
        await killed.wait()
        await anyio.sleep(IN_FLIGHT_S)
        talking.cancel_scope.cancel()


def settled(told: list[Told]) -> list[Any]:
    """What was shown as final, on any screen, as it was sent."""
    return [
        one.message
        for one in told
        if isinstance(one.message, Transcript | AiSuggestion) and one.message.is_final
    ]


def recorded(detail: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    """Finals of the record, by id."""
    payloads = [e["payload"] for e in detail["events"] if e["kind"] == kind]
    return {p["id"]: p for p in payloads if p["is_final"]}


def session_after_restart(folder: Path, call_id: str) -> dict[str, Any]:
    with serving(folder, NO_MODELS) as again:
        assert again.get("/api/sessions")["sessions"][0]["call_id"] == call_id
        return dict(again.get(f"/api/sessions/{call_id}"))


@pytest.mark.fault("server killed")
def test_what_any_screen_was_shown_as_final_survives_kill_9(tmp_path: Path) -> None:
    told: list[Told] = []
    with serving(tmp_path) as server:
        anyio.run(call_until, server, agent_speaks_again, told)
        assert server.process.wait(10) == -signal.SIGKILL
        assert server.left_over() == []
    hello = next(one for one in told if one.role == "agent").message
    call_id = getattr(hello, "call_id", "")
    shown = settled(told)
    assert {m.id for m in shown} >= {"agent-1", "customer-1"}

    detail = session_after_restart(tmp_path, call_id)
    assert detail["session"]["status"] == "interrupted"
    words, advice = recorded(detail, "transcript"), recorded(detail, "ai_suggestion")
    for message in shown:
        if isinstance(message, Transcript):
            kept, text = words[message.id]["text"], message.text
        else:
            kept, text = advice[message.id]["suggestion"], message.suggestion
        assert kept == text


def test_stopped_in_mid_call_it_settles_the_call_and_goes(tmp_path: Path) -> None:
    with serving(tmp_path, NO_ADVICE) as server:
        assert server.workers
        stop = Once(agent_speaks_again, lambda: os.kill(server.pid, signal.SIGTERM))
        outcome = call(server, on_message=stop)
        assert stop.done
        assert outcome.ended
        assert server.process.wait(20) == 0
        assert server.left_over() == []
        assert "Traceback" not in server.log.read_text()
    spoken = {m.id for m in outcome.messages if isinstance(m, Transcript)}
    shown = {final.id: final.text for final in finals(outcome)}
    # Every turn whose words were on the screen has its final.
    assert set(shown) == spoken >= {"agent-2"}

    detail = session_after_restart(tmp_path, outcome.call_id)
    assert (detail["session"]["status"], detail["session"]["reason"]) == (
        "ended",
        "shutdown",
    )
    kept = recorded(detail, "transcript")
    assert {name: payload["text"] for name, payload in kept.items()} == shown


def loading(folder: Path) -> tuple[Serving, list[psutil.Process]]:
    """A server whose models are not ready yet."""
    server = Serving(folder)
    while len(server.look_at_workers()) < len(PARTS):
        assert server.process.poll() is None, server.log.read_text()
    return server, server.workers


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_ended_while_it_loads_it_leaves_nobody_behind(
    tmp_path: Path, number: signal.Signals
) -> None:
    server, _ = loading(tmp_path)
    try:
        server.process.send_signal(number)
        expected = -number if number is signal.SIGKILL else 0
        assert server.process.wait(20) == expected
        assert server.left_over() == []
        assert "Traceback" not in server.log.read_text()
    finally:
        server.clean_up()
