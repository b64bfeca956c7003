"""The knowledge worker: the index and the sentence model in a process of their own.

A new file of articles is read beside the old index, by a thread, and takes its place when
it is whole; who asks meanwhile is answered from the old one.
"""

import logging
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import msgspec
import numpy as np

from appliance.errors import KnowledgeError
from appliance.knowledge.bert import Bert
from appliance.knowledge.index import Index, Vectors
from appliance.knowledge.port import (
    EngineConfig,
    Find,
    Found,
    pack,
    unpack_config,
    unpack_job,
)
from appliance.knowledge.shelf import read_index, seen
from appliance.workers.port import Refusal, Reply

logger = logging.getLogger(__name__)

# Texts made vectors of in one step: 15 ms, which is what a question may have to wait.
TEXTS = 8


class Embedding(msgspec.Struct):
    job_id: int
    texts: tuple[str, ...]
    rows: list[Vectors] = []


class KnowledgeEngine:
    """Implements `appliance.workers.port.Engine`."""

    def __init__(self, config: EngineConfig) -> None:
        """Raises ModelError."""
        self._folder, self._model = Path(config.folder), config.model
        path = Path(config.path)
        self._bert = Bert(path, threads=config.threads) if config.model else None
        self._index = Index((), None)
        self._seen: tuple[int, int] | None = None
        self._reading: Thread | None = None
        self._finds: deque[tuple[int, Find]] = deque()
        self._embeds: deque[Embedding] = deque()
        self._refused: list[Refusal] = []
        self._read(seen(self._folder))

    def submit(self, job_id: int, payload: bytes) -> None:
        try:
            job = unpack_job(payload)
        except msgspec.DecodeError as error:
            self._refused.append(Refusal(job_id, f"Not a job of the knowledge: {error}."))
            return
        if isinstance(job, Find):
            self._finds.append((job_id, job))
        elif self._bert is None:
            self._refused.append(Refusal(job_id, "There is no sentence model."))
        else:
            self._embeds.append(Embedding(job_id, job.texts))

    def cancel(self, job_id: int) -> None:
        self._finds = deque(pair for pair in self._finds if pair[0] != job_id)
        self._embeds = deque(e for e in self._embeds if e.job_id != job_id)

    def step(self) -> Sequence[Reply | Refusal]:
        refused, self._refused = self._refused, []
        if refused:
            return refused
        if self._finds:
            return [self._find(*self._finds.popleft())]
        if self._embeds and self._bert is not None:
            return self._embed(self._bert, self._embeds[0])
        return []

    def idle(self) -> bool:
        return not (self._finds or self._embeds or self._refused)

    def settled(self) -> None:
        """Wait until a new file that was noticed has been read."""
        if self._reading is not None:
            self._reading.join()

    def _find(self, job_id: int, job: Find) -> Reply:
        self._look()
        index = self._index
        vector = None
        if self._bert is not None and index.entries:
            vector = self._bert.vectors([job.asked])[0]
        hits = index.find(job.asked, vector, job.before, job.most)
        return Reply(job_id, pack(Found(hits=tuple(hits), articles=index.articles)))

    def _embed(self, bert: Bert, job: Embedding) -> list[Reply]:
        done = sum(len(rows) for rows in job.rows)
        if done < len(job.texts):
            job.rows.append(bert.vectors(job.texts[done : done + TEXTS]))
            return []
        self._embeds.popleft()
        rows = np.concatenate(job.rows) if job.rows else np.zeros((0, 0), np.float32)
        return [Reply(job.job_id, rows.tobytes())]

    def _look(self) -> None:
        """Begin to read the file if it is another one than was read last."""
        now = seen(self._folder)
        if now == self._seen or (self._reading is not None and self._reading.is_alive()):
            return
        self._reading = Thread(target=self._read, args=(now,), daemon=True)
        self._reading.start()

    def _read(self, now: tuple[int, int] | None) -> None:
        self._seen = now
        try:
            self._index = read_index(self._folder, self._model)
        except KnowledgeError as error:
            # The old one stays: it has been replaced by something, not taken back.
            logger.error("the articles: %s", error)  # noqa: TRY400 - it says what and the fix


def build(config: bytes) -> KnowledgeEngine:
    """What the child process calls. Raises ModelError."""
    return KnowledgeEngine(unpack_config(config))
