"""What the stages need of a model process, and what a model owes its process.

A job and its replies are opaque bytes here; each stage encodes its own with msgspec.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import NamedTuple, Protocol

from appliance.errors import WorkerError


class Port(Protocol):
    """The parent's side: give a job, take its replies."""

    def __call__(self, job: bytes) -> AsyncGenerator[bytes, None]:
        """Replies of one job as they come, then the end.

        Closing the generator early cancels the job in the child. While the process is
        down the job waits; it is handed to the next process if that happens before its
        first reply. Raises WorkerError if the engine refuses the job and WorkerLost if
        the process died after the first reply, or twice.
        """
        ...


async def ask(port: Port, job: bytes) -> bytes:
    """The reply of a job that has exactly one. Raises WorkerError like the port, and if
    the job ended without a reply."""
    async with aclosing(port(job)) as replies:
        async for payload in replies:
            return payload
    raise WorkerError("The model gave no answer.", fix="It is asked again.")


class Reply(NamedTuple):
    job_id: int
    payload: bytes
    last: bool = True


class Refusal(NamedTuple):
    """This job cannot be done; others go on."""

    job_id: int
    problem: str


class Engine(Protocol):
    """The child's side: a model that works in slices, so that many jobs share it.

    All methods are called from the child's only working thread.
    """

    def submit(self, job_id: int, payload: bytes) -> None:
        """Take a job in; do no work yet."""
        ...

    def cancel(self, job_id: int) -> None:
        """Forget a job; unknown ids are no error."""
        ...

    def step(self) -> Sequence[Reply | Refusal]:
        """One bounded slice of work: a batch, a token for each sequence."""
        ...

    def idle(self) -> bool:
        """True when `step` has nothing to do until the next job."""
        ...
