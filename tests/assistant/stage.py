"""The stage with a port in which the test answers."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import anyio
from anyio import wait_all_tasks_blocked
from anyio.abc import TaskGroup
from anyio.streams.memory import MemoryObjectSendStream

from appliance.assistant.actions.own import Own
from appliance.assistant.port import (
    AdviceDelta,
    AnyJob,
    Ask,
    pack,
    unpack_job,
)
from appliance.assistant.stage import Assistant
from appliance.errors import WorkerError
from appliance.messages import AiSuggestion, Grounds, Role, Transcript
from appliance.settings import AdviceSettings


class Asked:
    """A job that the stage gave to the port, and the test's end of it."""

    def __init__(
        self, job: AnyJob, send: MemoryObjectSendStream[bytes | WorkerError]
    ) -> None:
        self.job = job
        self.send = send
        self.closed = False  # the stage takes no more replies

    async def writes(self, suggestion: str, *, done: bool = False) -> None:
        delta = AdviceDelta(action="look_up", suggestion=suggestion, done=done)
        await self.send.send(pack(delta))
        if done:
            self.send.close()
        await wait_all_tasks_blocked()

    async def ends(self, error: WorkerError | None = None) -> None:
        if error is not None:
            await self.send.send(error)
        self.send.close()
        await wait_all_tasks_blocked()


class Box:
    """The stage with a port in which the test answers, and what the agents saw."""

    def __init__(
        self,
        group: TaskGroup,
        settings: AdviceSettings,
        grounds: Grounds | None = None,
        own_actions: Own | None = None,
    ) -> None:
        self.grounds = grounds
        self.asked: list[Asked] = []
        self.seen: list[AiSuggestion] = []
        self.group = group
        self.stage = Assistant(
            self.port,
            settings,
            lambda _, shown: self.seen.append(shown),
            self.look_up if grounds else None,
            own_actions,
        )
        self._finals = 0

    async def look_up(self, _call_id: str, _question: str) -> Grounds:
        return self.grounds or Grounds()

    async def port(self, job: bytes) -> AsyncGenerator[bytes, None]:
        send, receive = anyio.create_memory_object_stream[bytes | WorkerError](100)
        asked = Asked(unpack_job(job), send)
        self.asked.append(asked)
        try:
            with receive:
                async for reply in receive:
                    if isinstance(reply, WorkerError):
                        raise reply
                    yield reply
        finally:
            asked.closed = True
            send.close()

    async def says(self, speaker: Role, text: str, *, is_final: bool = True) -> None:
        self.hears(speaker, text, is_final=is_final)
        await wait_all_tasks_blocked()

    def hears(self, speaker: Role, text: str, *, is_final: bool = True) -> None:
        self._finals += is_final
        self.stage.heard(
            "c1",
            Transcript(
                id=f"t{self._finals}",
                speaker=speaker,
                text=text,
                is_final=is_final,
                start_ms=0,
                end_ms=0,
            ),
        )

    @property
    def asks(self) -> list[Ask]:
        return [asked.job for asked in self.asked if isinstance(asked.job, Ask)]

    @property
    def shown(self) -> list[tuple[str, str, str]]:
        return [(shown.id, shown.status, shown.suggestion) for shown in self.seen]


@asynccontextmanager
async def running(
    context_tokens: int = 1024,
    grounds: Grounds | None = None,
    own_actions: Own | None = None,
) -> AsyncIterator[Box]:
    async with anyio.create_task_group() as group:
        settings = AdviceSettings(context_tokens=context_tokens)
        box = Box(group, settings, grounds, own_actions)
        await group.start(box.stage.run)
        yield box
        group.cancel_scope.cancel()
