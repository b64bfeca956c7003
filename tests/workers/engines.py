"""Small engines that run in a real child process and misbehave on demand."""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from appliance.errors import ModelError
from appliance.workers.port import Refusal, Reply


class Echo:
    """Answers a job with its text, word by word; some texts do harm instead."""

    def __init__(self) -> None:
        self.jobs: list[tuple[int, list[bytes]]] = []

    def submit(self, job_id: int, payload: bytes) -> None:
        self.jobs.append((job_id, payload.split(b" ")))

    def cancel(self, job_id: int) -> None:
        self.jobs = [job for job in self.jobs if job[0] != job_id]

    def idle(self) -> bool:
        return not self.jobs

    def step(self) -> Sequence[Reply | Refusal]:
        job_id, words = self.jobs[0]
        word = words.pop(0)
        if word == b"segfault":
            os.kill(os.getpid(), signal.SIGSEGV)
        if word == b"hang":
            time.sleep(3600)
        if word == b"refuse":
            self.jobs.pop(0)
            return [Refusal(job_id, "This one is refused.")]
        if word.startswith(b"once:"):
            # Dies the first time it meets this word, works in the next process.
            marker = Path(os.fsdecode(word.removeprefix(b"once:")))
            if not marker.exists():
                marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        if not words:
            self.jobs.pop(0)
        return [Reply(job_id, word, last=not words)]


def echo(_config: bytes) -> Echo:
    return Echo()


def broken(_config: bytes) -> Echo:
    raise ModelError("The model file is damaged.", fix="Fetch it again.")


def crashes_at_start(_config: bytes) -> Echo:
    os.kill(os.getpid(), signal.SIGSEGV)
    return Echo()
