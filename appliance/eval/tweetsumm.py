"""Drafts of customer care dialogues that people have summarised (TweetSumm).

Scored are dialogues that nothing here was tuned on, so many of them, drawn by seed. A draft
is the two sentences of it, as `draft.Draft` leaves them; handles and links are no speech
and are taken out of what is read.
"""

import gzip
import random
import re
import time
from collections.abc import Callable, Sequence
from itertools import permutations
from pathlib import Path

import msgspec
from msgspec import Struct

from appliance.assistant.llama import Llama
from appliance.assistant.port import DraftDelta, Line, WriteDraft, unpack_draft
from appliance.assistant.summary import desk, prompt
from appliance.assistant.summary.draft import Draft, quoted
from appliance.assistant.summary.lines import Said
from appliance.assistant.summary.source import Source
from appliance.errors import ApplianceError
from appliance.eval.rouge import mean_rouge_1
from appliance.messages import Role, Summary

# As the description of the data has it, stemmed and on another part of the set.
TARGET = "ROUGE-1 32.6 (first customer and last agent turn; people 45.9), nothing invented"

BATCH = 256

# Whose turns of a tweet are no words: @somebody, a link, the initials of the agent.
_NO_SPEECH = re.compile(r"https?://\S+|[@^]\w+|&\w+;")


class Turn(Struct, frozen=True):
    speaker: Role
    text: str


class Dialogue(Struct, frozen=True):
    """A row of the set."""

    id: str
    split: str
    turns: list[Turn]
    references: list[str]


class Figures(Struct, frozen=True, kw_only=True):
    """How one way to summarise does."""

    way: str
    dialogues: int
    rouge_1: float
    words: float  # of a summary, on average
    invented: int  # numbers and names in all of them that were not said
    removed: int = 0  # sentences left out because of one
    instead: int = 0  # summaries in which a quote stands for a sentence
    seconds: float = 0.0  # for one, on average
    slowest_s: float = 0.0


def read_set(folder: Path) -> list[Dialogue]:
    """The dialogues that are kept for scoring. Raises ApplianceError."""
    rows: list[Dialogue] = []
    for file in sorted((folder / "tweetsumm").glob("*.jsonl.gz")):
        with gzip.open(file) as lines:
            rows += [msgspec.json.decode(line, type=Dialogue) for line in lines]
    if not rows:
        raise ApplianceError(
            f"There is no tweetsumm set in {folder}.",
            fix="Name the folder that has `tweetsumm` with its .jsonl.gz file.",
        )
    kept = [row for row in rows if row.split == "test"]
    return kept or [row for row in rows if row.split != "train"]


def drawn(rows: Sequence[Dialogue], count: int, seed: int) -> list[Dialogue]:
    """The same ones for the same seed."""
    return random.Random(seed).sample(list(rows), min(count, len(rows)))  # noqa: S311 not a secret


def said_in(dialogue: Dialogue) -> list[Said]:
    texts = [" ".join(_NO_SPEECH.sub(" ", turn.text).split()) for turn in dialogue.turns]
    return [
        Said(id=str(number), speaker=turn.speaker, text=text)
        for number, (turn, text) in enumerate(zip(dialogue.turns, texts, strict=True))
        if text
    ]


def lead(said: Sequence[Said]) -> str:
    """The baseline: the customer's first turn and the agent's last."""
    customer = [line.text for line in said if line.speaker == "customer"][:1]
    agent = [line.text for line in said if line.speaker == "agent"][-1:]
    return " ".join(customer + agent)


def text_of(summary: Summary) -> str:
    return " ".join(line.text for line in (*summary.situation, *summary.action))


class ModelWriter:
    """Asks a language model as the engine does, but for one dialogue after the other."""

    def __init__(self, path: Path, threads: int) -> None:
        """Raises ModelError."""
        model = Llama(
            path,
            threads=threads,
            sequences=desk.PLACES + 1,
            cells=desk.room(prompt.DISPOSITIONS),
            batch=BATCH,
        )
        self._model = model
        self._desk = desk.DraftDesk(model, 0, prompt.DISPOSITIONS)

    def write(self, said: Sequence[Said]) -> DraftDelta:
        lines = tuple(Line(line.speaker, line.text) for line in said)
        self._desk.submit(0, WriteDraft(call_id=str(id(said)), said=lines))
        while True:
            self._model.decode(self._desk.feed(BATCH))
            for reply in self._desk.decoded(0):
                if reply.last:
                    return unpack_draft(reply.payload)


def figures(
    way: str, rows: Sequence[Dialogue], summarise: Callable[[list[Said]], Summary]
) -> Figures:
    found = [said_in(row) for row in rows]
    times, made = [], []
    for said in found:
        began = time.perf_counter()
        made.append(summarise(said))
        times.append(time.perf_counter() - began)
    texts = [text_of(summary) for summary in made]
    return Figures(
        way=way,
        dialogues=len(rows),
        rouge_1=_mean(
            [mean_rouge_1(t, row.references) for t, row in zip(texts, rows, strict=True)]
        ),
        words=_mean([len(text.split()) for text in texts]),
        invented=sum(map(_invented, found, made)),
        removed=sum(summary.removed for summary in made),
        instead=sum(
            any(all(line.quoted for line in part) for part in (s.situation, s.action))
            for s in made
        ),
        seconds=_mean(times),
        slowest_s=max(times),
    )


def _invented(said: Sequence[Said], summary: Summary) -> int:
    source = Source(line.text for line in said)
    lines = (*summary.situation, *summary.action, *summary.follow_ups)
    return sum(len(source.unsupported(line.text)) for line in lines if not line.quoted)


def evaluate(
    folder: Path, model: tuple[str, Path], *, threads: int, dialogues: int, seed: int
) -> list[Figures]:
    """The baseline, quotes and the model's drafts. `model` is its name and its file."""
    name, path = model
    rows = drawn(read_set(folder), dialogues, seed)
    writer = ModelWriter(path, threads)

    def written(said: list[Said]) -> Summary:
        return Draft("", "wrap_up", said, name).written(writer.write(said))

    return [
        Figures(
            way="first customer and last agent turn",
            dialogues=len(rows),
            rouge_1=_mean([mean_rouge_1(lead(said_in(r)), r.references) for r in rows]),
            words=_mean([len(lead(said_in(row)).split()) for row in rows]),
            invented=0,
        ),
        figures("quotes", rows, lambda said: quoted("", "wrap_up", said)),
        figures(name, rows, written),
        _people(rows),
    ]


def _people(rows: Sequence[Dialogue]) -> Figures:
    """Each person's summary by those of the others."""
    several = [row.references for row in rows if len(row.references) > 1]
    scores = [_mean([mean_rouge_1(a, [b]) for a, b in permutations(s, 2)]) for s in several]
    return Figures(
        way="people, by one another",
        dialogues=len(several),
        rouge_1=_mean(scores),
        words=_mean([len(text.split()) for texts in several for text in texts]),
        invented=0,
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def markdown(rows: Sequence[Figures]) -> str:
    lines = [
        "| way | dialogues | ROUGE-1 | words | invented | left out | quoted instead | s | "
        "slowest s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.way} | {row.dialogues} | {100 * row.rouge_1:.1f} | {row.words:.0f} "
        f"| {row.invented} | {row.removed} | {row.instead} | {row.seconds:.1f} "
        f"| {row.slowest_s:.1f} |"
        for row in rows
    ]
    return "\n".join([*lines, "", f"Wanted: {TARGET}.", ""])
