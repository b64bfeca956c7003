"""An engine for models that answer a job in one go, oldest first."""

from collections import deque
from collections.abc import Callable, Sequence

from appliance.workers.port import Refusal, Reply


class OneByOne:
    """One reply for each job. The parent's stages decide what comes first."""

    def __init__(
        self, answer: Callable[[bytes], bytes], refused: tuple[type[Exception], ...] = ()
    ) -> None:
        """Errors in `refused` mean that this job cannot be done, and leave the model fit
        for the next; any other ends the process, which is then started afresh."""
        self._answer = answer
        self._refused = refused
        self._jobs: deque[tuple[int, bytes]] = deque()

    def submit(self, job_id: int, payload: bytes) -> None:
        self._jobs.append((job_id, payload))

    def cancel(self, job_id: int) -> None:
        self._jobs = deque(job for job in self._jobs if job[0] != job_id)

    def idle(self) -> bool:
        return not self._jobs

    def step(self) -> Sequence[Reply | Refusal]:
        if not self._jobs:
            return []
        job_id, payload = self._jobs.popleft()
        try:
            return [Reply(job_id, self._answer(payload))]
        except self._refused as error:
            return [Refusal(job_id, f"The model refused a job: {error}")]
