"""Small engines that run in a real child process and misbehave on demand."""

import json
import os
import resource
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from appliance.errors import ModelError
from appliance.workers.one_by_one import OneByOne
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
        what, _, path = word.partition(b":")
        if path and not (marker := Path(os.fsdecode(path))).exists():
            # The first time it meets this word; it works in the next process.
            marker.touch()
            if what == b"once":
                os.kill(os.getpid(), signal.SIGKILL)
            eat_all_there_is()
        if not words:
            self.jobs.pop(0)
        return [Reply(job_id, word, last=not words)]


def eat_all_there_is() -> None:
    """Raises MemoryError, at a gigabyte more than it has."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + (1 << 30), resource.RLIM_INFINITY))
    eaten = []
    while True:
        eaten.append(bytearray(64 << 20))


def echo(_config: bytes) -> Echo:
    return Echo()


def broken(_config: bytes) -> Echo:
    raise ModelError("The model file is damaged.", fix="Fetch it again.")


def crashes_at_start(_config: bytes) -> Echo:
    os.kill(os.getpid(), signal.SIGSEGV)
    return Echo()


def surroundings(_config: bytes) -> OneByOne:
    """Answers with the environment that a model finds."""
    return OneByOne(lambda _: json.dumps(dict(os.environ)).encode(), refused=())
