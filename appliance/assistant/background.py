"""What the stages of the language worker have in common: work that nobody waits for.

A stage's methods return at once; what takes time runs here, beside them.
"""

import logging
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from typing import Any, TypeVarTuple

import anyio
from anyio.abc import TaskGroup, TaskStatus

from appliance.assistant.port import AnyJob, pack
from appliance.errors import WorkerError
from appliance.workers.port import Port

logger = logging.getLogger(__name__)

Given = TypeVarTuple("Given")


class Background:
    """The tasks of one stage."""

    def __init__(self) -> None:
        self._group: TaskGroup | None = None

    async def run(
        self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED
    ) -> None:
        """Until cancelled. Before and after, what is said is kept but nothing is asked."""
        async with anyio.create_task_group() as group:
            self._group = group
            try:
                task_status.started()
                await anyio.sleep_forever()
            finally:
                self._group = None

    @property
    def _running(self) -> bool:
        return self._group is not None

    def _begin(
        self, work: Callable[[*Given], Coroutine[Any, Any, None]], *given: *Given
    ) -> None:
        """Only while `_running`."""
        if self._group is None:
            raise AssertionError("a stage began work while it does not run")
        self._group.start_soon(work, *given)


async def run_through(port: Port, job: AnyJob) -> None:
    """Have a job done of which nothing but its end is wanted. That a worker cannot do it
    loses nothing: what is not read ahead is read when it is asked about, and a new process
    knows no calls."""
    try:
        async with aclosing(port(pack(job))) as replies:
            async for _ in replies:
                pass
    except WorkerError:
        logger.info("The language worker could not read ahead or forget.")
