"""The supervisor with real child processes that really die."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import anyio
import pytest

from appliance.errors import WorkerError, WorkerLost
from appliance.workers.supervisor import Spec, Worker, WorkerState

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def worker(
    engine: str = "echo", stall_s: float = 30.0
) -> AsyncIterator[tuple[Worker, list[WorkerState]]]:
    states: list[WorkerState] = []
    made = Worker(
        Spec(
            name="test",
            target=f"tests.workers.engines:{engine}",
            config=b"",
            stall_s=stall_s,
        ),
        states.append,
    )
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(made.run)
        with anyio.fail_after(30):
            await made.settled()
        yield made, states
        tasks.cancel_scope.cancel()


async def ask(port: Worker, text: str) -> list[str]:
    with anyio.fail_after(30):
        async with aclosing(port(text.encode())) as replies:
            return [reply.decode() async for reply in replies]


async def test_a_job_is_answered_reply_by_reply() -> None:
    async with worker() as (port, states):
        assert await ask(port, "one two three") == ["one", "two", "three"]
        assert states == ["live"]


async def test_jobs_given_while_the_process_starts_are_answered_too() -> None:
    states: list[WorkerState] = []
    port = Worker(
        Spec(name="test", target="tests.workers.engines:echo", config=b"", stall_s=30),
        states.append,
    )
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(port.run)
        assert await ask(port, "early") == ["early"]
        tasks.cancel_scope.cancel()


async def test_kill_9_before_the_first_reply_hands_the_job_to_the_next_process(
    tmp_path: Path,
) -> None:
    async with worker() as (port, states):
        assert await ask(port, f"once:{tmp_path / 'died'} two") == [
            f"once:{tmp_path / 'died'}",
            "two",
        ]
        assert states == ["live", "paused", "live"]
        assert port.restarts == 1


@pytest.mark.fault("model out of memory")
async def test_out_of_memory_is_called_so_and_the_job_goes_to_the_next_process(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    greedy = f"eat:{tmp_path / 'ate'}"
    async with worker() as (port, states):
        assert await ask(port, f"{greedy} two") == [greedy, "two"]
        assert states == ["live", "paused", "live"]
        assert port.restarts == 1
    assert "ran out of memory" in caplog.text


async def test_a_job_that_had_begun_to_answer_is_given_back_not_begun_again(
    tmp_path: Path,
) -> None:
    async with worker() as (port, _):
        with pytest.raises(WorkerLost, match="SIGKILL"):
            await ask(port, f"said once:{tmp_path / 'died'}")


async def test_a_job_that_kills_two_processes_is_given_up_and_the_others_go_on() -> None:
    async with worker() as (port, _):
        with pytest.raises(WorkerLost, match="SIGSEGV"):
            await ask(port, "segfault")
        assert await ask(port, "still here") == ["still", "here"]


@pytest.mark.fault("model process hangs")
async def test_a_step_that_never_ends_is_a_hang_and_is_killed() -> None:
    async with worker(stall_s=1.5) as (port, _):
        with pytest.raises(WorkerLost):
            await ask(port, "hang")
        assert await ask(port, "next") == ["next"]


async def test_a_frozen_process_has_no_heartbeat_and_is_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("appliance.workers.supervisor.SILENT_S", 1.5)
    async with worker() as (port, states):
        assert port.pid is not None
        os.kill(port.pid, signal.SIGSTOP)
        assert await ask(port, "thawed") == ["thawed"]
        assert states == ["live", "paused", "live"]


async def test_a_refused_job_fails_alone() -> None:
    async with worker() as (port, states):
        with pytest.raises(WorkerError, match="refused"):
            await ask(port, "refuse")
        assert await ask(port, "fine") == ["fine"]
        assert states == ["live"]


async def test_a_reader_that_leaves_early_cancels_its_job() -> None:
    async with worker() as (port, _):
        async with aclosing(port(b"hello " * 10_000)) as replies:
            async for _ in replies:
                break
        assert await ask(port, "after") == ["after"]


async def test_an_engine_that_cannot_be_built_says_what_is_wrong() -> None:
    async with worker("broken") as (port, _):
        assert port.problem == "The model file is damaged."
        assert port.fix == "Fetch it again."


async def test_a_library_that_crashes_at_start_does_so_in_the_child() -> None:
    async with worker("crashes_at_start") as (port, states):
        assert port.problem is not None
        assert "SIGSEGV" in port.problem
        assert states == ["paused"]


async def test_the_process_ends_when_its_parent_lets_go() -> None:
    async with worker() as (port, _):
        pid = port.pid
        assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
