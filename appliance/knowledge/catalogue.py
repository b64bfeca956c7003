"""The file of articles. The only module of this folder that imports duckdb.

Written whole: a change is made to a copy, which then takes the file's place by renaming. So
nothing is ever half indexed, and whoever reads meanwhile reads the old one to the end.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from importlib.resources import files
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import duckdb
import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Struct

from appliance.airgap import DUCKDB
from appliance.errors import KnowledgeError
from appliance.knowledge.articles import Article, Passage

Vectors = npt.NDArray[np.float32]

FILE = "knowledge.duckdb"
FORMAT = 1

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    **DUCKDB,
    "threads": "1",  # the cores belong to the models
    "memory_limit": "256MB",
}

_passages = msgspec.json.Decoder(tuple[Passage, ...])


class Version(Struct, frozen=True, kw_only=True):
    """An article as it was from `changed` on."""

    id: str
    version: int
    title: str
    about: tuple[str, ...]
    source: str
    changed: datetime
    current: bool
    passages: tuple[Passage, ...]


class Question(Struct, frozen=True):
    """What is asked, and the article that answers it; "" where nothing may be shown."""

    question: str
    article: str


class Library:
    """One state of the file, open to be read or, as a copy, to be changed."""

    def __init__(self, path: Path, *, write: bool = False) -> None:
        """Raises KnowledgeError where the file cannot be used."""
        self.path = path
        with _explained(path):
            if write and not path.exists():
                self._db = duckdb.connect(str(path), config=_CONFIG)
                sql = files("appliance.knowledge").joinpath("schema.sql").read_text()
                self._db.execute(sql)
                self._db.execute("INSERT INTO about VALUES (?, '')", [FORMAT])
            else:
                self._db = duckdb.connect(str(path), read_only=not write, config=_CONFIG)
            [(found, self.model)] = self._ask("SELECT format, model FROM about")
        if found != FORMAT:
            self.close()
            raise KnowledgeError(
                f"{path} has format {found}; this program reads {FORMAT}.",
                fix="Move it away and add the articles again (appliance kb add).",
            )

    def __enter__(self) -> "Library":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    # ------------------------------------------------------------------ reading

    def digests(self) -> dict[str, str]:
        """Of every article that is current."""
        return dict(self._ask("SELECT id, digest FROM version WHERE current"))

    def current(self) -> list[Version]:
        """Every article as it is now, by its id."""
        return self._versions("current ORDER BY id")

    def versions(self, article: str) -> list[Version]:
        """Every version of an article, newest first; none if it is not known."""
        return self._versions("id = ? ORDER BY version DESC", [article])

    def vectors(self) -> list[Vectors]:
        """Of the passages of each of `current()`."""
        rows = self._ask("SELECT vectors FROM version WHERE current ORDER BY id")
        return [
            np.frombuffer(data, dtype=np.float16).astype(np.float32) for (data,) in rows
        ]

    def golden(self) -> list[Question]:
        return [Question(*row) for row in self._ask("SELECT question, article FROM golden")]

    def kept(self) -> int:
        """How many of them were answered right when they were kept."""
        rows = self._ask("SELECT rights FROM kept")
        return int(rows[0][0]) if rows else 0

    # ------------------------------------------------------------------ changing a copy

    def put(self, article: Article, vectors: Vectors | None) -> None:
        """Make this the current version of the article."""
        [(newest,)] = self._ask(
            "SELECT coalesce(max(version), 0) FROM version WHERE id = ?", [article.id]
        )
        self.remove(article.id)
        data = b"" if vectors is None else vectors.astype(np.float16).tobytes()
        self._ask(
            "INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, true, ?, ?)",
            [
                article.id,
                newest + 1,
                article.title,
                list(article.about),
                article.source,
                article.digest,
                datetime.now(UTC).replace(tzinfo=None),
                msgspec.json.encode(article.passages).decode(),
                data,
            ],
        )

    def remove(self, article: str) -> None:
        """No version of it is current any more; those there were stay."""
        self._ask("UPDATE version SET current = false WHERE id = ? AND current", [article])

    def embed_again(self, article: str, vectors: Vectors) -> None:
        data = vectors.astype(np.float16).tobytes()
        self._ask(
            "UPDATE version SET vectors = ? WHERE id = ? AND current", [data, article]
        )

    def say_model(self, model: str) -> None:
        self._ask("UPDATE about SET model = ?", [model])
        self.model = model

    def keep(self, questions: Sequence[Question], rights: int) -> None:
        """Measure every later change by these questions."""
        self._ask("DELETE FROM golden")
        for question in questions:
            self._ask(
                "INSERT INTO golden VALUES (?, ?)", [*msgspec.structs.astuple(question)]
            )
        self.keep_rights(rights)

    def keep_rights(self, rights: int) -> None:
        self._ask("DELETE FROM kept")
        self._ask("INSERT INTO kept VALUES (?)", [rights])

    @contextmanager
    def together(self) -> Iterator[None]:
        """All of it or nothing, and on the disk."""
        self._ask("BEGIN")
        yield
        self._ask("COMMIT")
        self._ask("CHECKPOINT")

    def _versions(self, where: str, values: Sequence[object] = ()) -> list[Version]:
        columns = "id, version, title, about, source, changed, current, passages"
        sql = f"SELECT {columns} FROM version WHERE {where}"  # noqa: S608 - our own words
        return [
            Version(
                id=row[0],
                version=row[1],
                title=row[2],
                about=tuple(row[3]),
                source=row[4],
                changed=row[5].replace(tzinfo=UTC),
                current=row[6],
                passages=_passages.decode(row[7]),
            )
            for row in self._ask(sql, values)
        ]

    def _ask(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with _explained(self.path):
            return self._db.execute(sql, values).fetchall()


@contextmanager
def changed(folder: Path) -> Iterator[Library]:
    """A copy of the file in `folder` to be changed; it takes the file's place at the end,
    unless an error comes first. Raises KnowledgeError, also while another change runs."""
    folder.mkdir(parents=True, exist_ok=True)
    current = folder / FILE
    with _alone(folder):
        scratch = Path(mkdtemp(prefix=".knowledge-", suffix=".tmp", dir=folder))
        try:
            fresh = scratch / FILE
            if current.exists():
                shutil.copyfile(current, fresh)
            with Library(fresh, write=True) as library:
                yield library
            fresh.replace(current)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".knowledge.lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except OSError as error:
            raise KnowledgeError(
                f"Another change of the articles in {folder} is running.",
                fix="Wait until it has ended.",
            ) from error
        yield


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        lines = str(error).strip().splitlines()
        raise KnowledgeError(
            f"The articles in {path} cannot be used: {lines[0][:300] if lines else ''}",
            fix=f"Check the disk; else move {path.name} away and add the articles again.",
        ) from error
