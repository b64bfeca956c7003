"""Finding the right article for conversations that nobody here wrote: three public sets.

- DSTC10: spoken chats through a recogniser, 12,039 answers of hotels and restaurants;
- Banking77: typed questions of bank customers, against the bare names of their 77 kinds;
- STAR: which of 24 tasks a customer wants, by their first two messages. The articles are
  written from each task's name and replies, as a site would have them.

Nothing is trained on them; the calibration is fitted on a part that is not scored here.
"""

import gzip
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from appliance.errors import ApplianceError
from appliance.knowledge.articles import Passage, searched
from appliance.knowledge.golden import Embed
from appliance.knowledge.index import Entry, Hit, Index

# What others reach, by the description of the data, and what is asked of the product.
BASELINES: dict[str, tuple[str, ...]] = {
    "dstc10": (
        "BM25, last turn: R@1 .029, R@5 .067",
        "BM25, last three turns: R@1 .163, R@5 .240",
        "entity match, then BM25: R@1 .433, R@5 .606",
        "wanted: R@1 .43, R@5 .65",
    ),
    "banking77": (
        "BM25 to the names: R@1 .373",
        "TF-IDF and logistic regression, trained: .894",
        "wanted: R@1 .60",
    ),
    "star-task": (
        "BM25: R@1 .674, R@3 .860",
        "linear model, trained: .967",
        "wanted: R@1 .75",
    ),
}

# Replies that any task has.
COMMON = re.compile(
    r"^(hello|goodbye|anything_else|yes|no|query|unavailable|available|out_of_scope)"
)
# "I am only able to help you book apartment viewings."
_AIM = re.compile(r"able to (.*?)\.?$")
_BLANK = re.compile(r"\{[^}]*\}")


class Asked(Struct, frozen=True, kw_only=True):
    """A turn that wants to know something; `right` are the names of what answers it, none
    where nothing does."""

    text: str
    before: tuple[str, ...] = ()
    right: frozenset[str]


class Set(Struct, frozen=True, kw_only=True):
    name: str
    entries: tuple[Entry, ...]
    asked: tuple[Asked, ...]
    whole: bool  # what is to be found is an article, not one passage of it


class Figures(Struct, frozen=True, kw_only=True):
    way: str
    name: str
    questions: int
    first: float  # share of questions with the right one first
    three: float
    five: float
    p50_ms: float
    p95_ms: float


def rows(folder: Path, name: str) -> list[Any]:
    """A gzipped file of JSON lines. Raises ApplianceError."""
    try:
        with gzip.open(folder / name) as lines:
            return [msgspec.json.decode(line) for line in lines]
    except OSError as error:
        raise ApplianceError(
            f"{folder / name} cannot be read.",
            fix="Name the folder that has star, banking77 and dstc10_task2.",
        ) from error


def key_of(entry: Entry, *, whole: bool) -> str:
    return entry.article if whole else f"{entry.article}/{entry.passage.section}"


def dstc10(folder: Path) -> Set:
    """Every turn of the set; those that seek no knowledge have nothing that is right."""
    entries = []
    for domain, entities in rows(folder, "dstc10_task2/knowledge.jsonl.gz")[0].items():
        for number, entity in entities.items():
            named = (entity["name"],) if entity["name"] else ()
            entries += [
                Entry(
                    article=f"{domain}-{number}",
                    title=doc["title"],
                    version=1,
                    about=named,
                    passage=Passage(section=key, text=doc["body"]),
                )
                for key, doc in entity["docs"].items()
            ]
    asked = []
    logs = rows(folder, "dstc10_task2/logs.jsonl.gz")
    labels = rows(folder, "dstc10_task2/labels.jsonl.gz")
    for log, label in zip(logs, labels, strict=True):
        said = [turn["text"] for turn in log]
        right = frozenset(
            f"{known['domain']}-{known['entity_id']}/{known['doc_id']}"
            for known in label.get("knowledge", ())
        )
        asked.append(Asked(text=said[-1], before=tuple(said[:-1]), right=right))
    return Set(name="dstc10", entries=tuple(entries), asked=tuple(asked), whole=False)


def banking77(folder: Path) -> Set:
    found = rows(folder, "banking77/train.jsonl.gz")
    labels = sorted({row["category"] for row in found})
    return Set(
        name="banking77",
        entries=tuple(_titled(label, label.replace("_", " ")) for label in labels),
        asked=tuple(
            Asked(text=row["text"], right=frozenset([row["category"]])) for row in found
        ),
        whole=True,
    )


def star_task(folder: Path) -> Set:
    entries: list[Entry] = []
    for task in rows(folder, "star/kb.jsonl.gz"):
        title = task["task"].replace("_", " ")
        aim = _AIM.search(task["replies"].get("out_of_scope", ""))
        replies = [
            _BLANK.sub("...", text)
            for key, text in task["replies"].items()
            if not COMMON.match(key)
        ]
        entries.append(_titled(task["task"], title, aim[1] if aim else ""))
        entries.append(_titled(task["task"], title, " ".join(replies)))
    asked = tuple(
        Asked(text=" ".join(row["customer_turns"][:2]), right=frozenset([row["task"]]))
        for row in rows(folder, "star/task_retrieval.jsonl.gz")
        if row["split"] != "train"
    )
    return Set(name="star-task", entries=tuple(entries), asked=asked, whole=True)


SETS: dict[str, Callable[[Path], Set]] = {
    "dstc10": dstc10,
    "banking77": banking77,
    "star-task": star_task,
}


def sample(whole: Set, count: int, seed: int) -> Set:
    """So many of the questions that have an answer, the same ones for the same seed."""
    answered = [asked for asked in whole.asked if asked.right]
    drawn = random.Random(seed).sample(answered, min(count, len(answered)))  # noqa: S311 not a secret
    return msgspec.structs.replace(whole, asked=tuple(drawn))


def evaluate(chosen: Set, embed: Embed | None) -> list[Figures]:
    """By the words alone, and with a sentence model if there is one."""
    ways: list[tuple[str, Embed | None]] = [("words alone", None)]
    if embed is not None:
        ways.append(("words and sentences", embed))
    return [_figures(chosen, way, by) for way, by in ways]


def index_of(chosen: Set, embed: Embed | None) -> Index:
    if embed is None:
        return Index(chosen.entries, None)
    texts = [searched(entry.title, named(entry.passage)) for entry in chosen.entries]
    return Index(chosen.entries, embed(texts).astype(np.float16).astype(np.float32))


def named(passage: Passage) -> Passage:
    """Without the section, which in these sets is a number."""
    return msgspec.structs.replace(passage, section="")


def find(index: Index, asked: Asked, embed: Embed | None, most: int = 30) -> list[Hit]:
    vector = embed([asked.text])[0] if embed else None
    return index.find(asked.text, vector, asked.before, most)


def markdown(table: Sequence[Figures]) -> str:
    lines = [
        "| way | set | questions | R@1 | R@3 | R@5 | p50 ms | p95 ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.way} | {row.name} | {row.questions} | {row.first:.3f} | {row.three:.3f} "
        f"| {row.five:.3f} | {row.p50_ms:.1f} | {row.p95_ms:.1f} |"
        for row in table
    ]
    beside = [line for name in {row.name for row in table} for line in BASELINES[name]]
    return "\n".join([*lines, "", *beside, ""])


def _titled(article: str, title: str, text: str = "") -> Entry:
    return Entry(
        article=article,
        title=title,
        version=1,
        about=(),
        passage=Passage(section="", text=text),
    )


def _figures(chosen: Set, way: str, embed: Embed | None) -> Figures:
    index = index_of(chosen, embed)
    places, times = [], []
    for asked in chosen.asked:
        began = time.perf_counter()
        hits = find(index, asked, embed)
        times.append((time.perf_counter() - began) * 1000)
        places.append(_place(hits, asked, whole=chosen.whole))
    p50, p95 = np.percentile(times, (50, 95))
    first, three, five = (sum(p < n for p in places) / len(places) for n in (1, 3, 5))
    return Figures(
        way=way,
        name=chosen.name,
        questions=len(places),
        first=first,
        three=three,
        five=five,
        p50_ms=float(p50),
        p95_ms=float(p95),
    )


def _place(hits: Sequence[Hit], asked: Asked, *, whole: bool) -> int:
    """Of the first that is right, counted from 0; far behind where none is."""
    found = list(dict.fromkeys(_keys(hits, whole=whole)))
    return next((n for n, key in enumerate(found) if key in asked.right), 1000)


def _keys(hits: Sequence[Hit], *, whole: bool) -> Iterator[str]:
    return (key_of(hit.entry, whole=whole) for hit in hits)
