"""The articles as they are searched: read from their file into an index."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from appliance.knowledge.catalogue import FILE, Library
from appliance.knowledge.index import Entry, Index, Vectors


def seen(folder: Path) -> tuple[int, int] | None:
    """What of the file in `folder` changes with every change; None where there is none."""
    try:
        found = (folder / FILE).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def read_index(folder: Path, model: str) -> Index:
    """Of the articles in `folder`; of none where there is no file. Vectors of another
    sentence model than `model` are left aside. Raises KnowledgeError."""
    if seen(folder) is None:
        return Index((), None)
    with Library(folder / FILE) as library:
        return index_of(library, model)


def index_of(library: Library, model: str) -> Index:
    entries: list[Entry] = []
    for article in library.current():
        entries += [
            Entry(
                article=article.id,
                title=article.title,
                version=article.version,
                about=article.about,
                passage=passage,
            )
            for passage in article.passages
        ]
    if not model or library.model != model:
        return Index(entries, None)
    return Index(entries, _stacked(library.vectors(), len(entries)))


def _stacked(parts: Sequence[Vectors], rows: int) -> Vectors | None:
    if not rows:
        return None
    return np.concatenate(parts).reshape(rows, -1)
