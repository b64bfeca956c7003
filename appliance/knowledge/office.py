"""The articles while the box runs, for those who look after them: list, try, change.

What takes time is done in a thread, one thing after another, and the sentence model is the
knowledge worker's: the event loop goes on.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from anyio import CapacityLimiter, from_thread, to_thread
from msgspec import Struct

from appliance.errors import KnowledgeError, WorkerError
from appliance.knowledge.articles import Article
from appliance.knowledge.catalogue import FILE, Library, Version
from appliance.knowledge.index import Hit, Vectors
from appliance.knowledge.port import Embed, Find, pack, unpack_found
from appliance.knowledge.reading import read
from appliance.knowledge.updating import Report, Sentences, update
from appliance.settings import KnowledgeSettings
from appliance.workers.port import Port, ask


class Tried(Struct, frozen=True, kw_only=True):
    """What would be found for a question; cited from the threshold on."""

    hits: tuple[Hit, ...]  # the best first
    threshold: float


class Office:
    def __init__(
        self, folder: Path, port: Port | None, model: str, settings: KnowledgeSettings
    ) -> None:
        """`model` names the sentence model of the worker behind `port`, "" for none."""
        self._folder = folder
        self._port = port
        self._model = model
        self._settings = settings
        self._one = CapacityLimiter(1)

    async def articles(self) -> list[Version]:
        """The current version of each, by id. Raises KnowledgeError."""
        return await to_thread.run_sync(self._articles, limiter=self._one)

    async def versions(self, article: str) -> list[Version]:
        """Of one article, newest first; none if it is not known. Raises KnowledgeError."""
        return await to_thread.run_sync(self._versions, article, limiter=self._one)

    async def search(self, question: str, most: int) -> Tried:
        """As if a customer asked. Raises KnowledgeError, WorkerError."""
        if self._port is None:
            raise KnowledgeError(
                "Articles are switched off.", fix="Set [knowledge] enabled = true."
            )
        found = unpack_found(await ask(self._port, pack(Find(asked=question, most=most))))
        return Tried(hits=found.hits, threshold=self._settings.threshold)

    async def put(self, name: str, data: bytes, *, force: bool) -> Report:
        """Add or change the articles of a file. Raises KnowledgeError, WorkerError."""
        return await to_thread.run_sync(self._put, name, data, force, limiter=self._one)

    async def remove(self, article: str, *, force: bool) -> Report:
        """Raises KnowledgeError, WorkerError."""
        work = partial(self._update, [], remove=[article], force=force)
        return await to_thread.run_sync(work, limiter=self._one)

    def _articles(self) -> list[Version]:
        if not (self._folder / FILE).exists():
            return []
        with Library(self._folder / FILE) as library:
            return library.current()

    def _versions(self, article: str) -> list[Version]:
        if not (self._folder / FILE).exists():
            return []
        with Library(self._folder / FILE) as library:
            return library.versions(article)

    def _put(self, name: str, data: bytes, force: bool) -> Report:
        return self._update(read(name, data), remove=(), force=force)

    def _update(
        self, articles: Sequence[Article], *, remove: Sequence[str], force: bool
    ) -> Report:
        by_worker = self._model and self._port is not None
        return update(
            self._folder,
            articles,
            Sentences(self._model, self._embed) if by_worker else Sentences(),
            remove=remove,
            force=force,
            threshold=self._settings.threshold,
        )

    def _embed(self, texts: Sequence[str]) -> Vectors:
        """In the thread of a change: the worker's vectors of these texts."""
        if self._port is None:
            raise WorkerError("There is no knowledge worker.", fix="Start it.")
        data = from_thread.run(ask, self._port, pack(Embed(texts=tuple(texts))))
        return np.frombuffer(data, dtype=np.float32).reshape(len(texts), -1)
