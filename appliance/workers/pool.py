"""Several processes of one model behind one port: each job goes to one that is free."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from appliance.workers.supervisor import Worker, WorkerState


class Pool:
    """Satisfies `appliance.workers.port.Port`. Give it as many jobs as it has workers."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        self.workers = tuple(workers)

    @property
    def size(self) -> int:
        return len(self.workers)

    @property
    def state(self) -> WorkerState:
        """Live as long as one of them is."""
        states = [worker.state for worker in self.workers]
        return "live" if "live" in states else states[0]

    async def __call__(self, job: bytes) -> AsyncGenerator[bytes, None]:
        # One that is down takes a job only if all are: it would wait for the restart.
        free = min(self.workers, key=lambda w: (w.state != "live", w.jobs))
        async with aclosing(free(job)) as replies:
            async for reply in replies:
                yield reply
