"""The mood of lines that people have labelled: customers' complaints and spoken dialogue.

Scored are lines that the weights in `assistant.mood.judge` were not fitted on, so many of
each set, drawn by seed, each alone and in the form the engine reads it in a call.
"""

import gzip
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from appliance.assistant.calibration import calibration_error
from appliance.assistant.llama import Llama
from appliance.assistant.mood import prompt
from appliance.assistant.mood.judge import Verdict, by_lexicon, by_model, log_shares, mean
from appliance.assistant.mood.seat import MoodSeat
from appliance.assistant.port import ReadMood, unpack_mood
from appliance.errors import ApplianceError
from appliance.eval.measures import accuracy, macro_f1, recall
from appliance.messages import MoodLabel

SETS = ("airline", "meld")

# What is asked of the product: macro-F1 of each set, and the negative lines of MELD found.
TARGETS = "airline macro-F1 .60; MELD macro-F1 .56 with negative recall .60"

# What others reach, by the description of the data: macro-F1 on airline and on MELD.
BASELINES = (
    ("TextBlob, as first specified", 0.374, 0.354),
    ("VADER", 0.506, 0.390),
    ("0.5B, prior taken out (200 lines)", 0.565, 0.544),
    ("1.5B, label probabilities (200 lines)", 0.643, 0.576),
)

BATCH = 256


class Labelled(Struct, frozen=True, kw_only=True):
    """A row of a set."""

    id: str | int
    text: str
    label: MoodLabel
    split: str = ""


class Figures(Struct, frozen=True, kw_only=True):
    """How one way to read does on one set."""

    way: str
    name: str
    lines: int
    macro_f1: float
    accuracy: float
    negative_recall: float
    calibration_error: float


def read_set(folder: Path, name: str) -> tuple[list[Labelled], list[Labelled]]:
    """Lines to fit on, and lines that are kept for scoring. Raises ApplianceError."""
    rows: list[Labelled] = []
    for file in sorted((folder / name).glob("*.jsonl.gz")):
        with gzip.open(file) as lines:
            rows += [msgspec.json.decode(line, type=Labelled) for line in lines]
    if not rows:
        raise ApplianceError(
            f"There is no {name} set in {folder}.",
            fix="Name the folder that has `airline` and `meld` with their .jsonl.gz files.",
        )
    kept = _kept(rows)
    return (
        [row for row, keep in zip(rows, kept, strict=True) if not keep],
        [row for row, keep in zip(rows, kept, strict=True) if keep],
    )


def _kept(rows: Sequence[Labelled]) -> list[bool]:
    """By the set's own split. MELD's parts follow one another without a mark, but each
    begins with its dialogue 0; a part that stands alone is scored."""
    if any(row.split for row in rows):
        return [row.split != "train" for row in rows]
    parts = [place for place, row in enumerate(rows) if row.id == "0_0"]
    first_kept = parts[-1] if len(parts) > 1 else 0
    return [place >= first_kept for place in range(len(rows))]


def drawn(rows: Sequence[Labelled], count: int, seed: int) -> list[Labelled]:
    """The same ones for the same seed."""
    return random.Random(seed).sample(list(rows), min(count, len(rows)))  # noqa: S311 not a secret


class ModelReader:
    """Asks a language model as the engine does, but for one line after the other."""

    def __init__(self, path: Path, threads: int) -> None:
        """Raises ModelError."""
        model = Llama(path, threads=threads, sequences=2, cells=prompt.room(), batch=BATCH)
        self._seat = MoodSeat(model, sequence=1)
        self.prior = mean([log_shares(self.logits(text)) for text in prompt.CONTENT_FREE])

    def logits(self, text: str) -> tuple[float, ...]:
        self._seat.submit(0, ReadMood(call_id="", text=text))
        while not (replies := self._seat.step(BATCH)):
            pass
        return unpack_mood(replies[0].payload).logits

    def read(self, text: str) -> Verdict:
        return by_model(text, self.logits(text), self.prior)


def figures(
    way: str, name: str, rows: Sequence[Labelled], read: Callable[[str], Verdict]
) -> Figures:
    verdicts = [read(row.text) for row in rows]
    true, told = [row.label for row in rows], [verdict.label for verdict in verdicts]
    right = [real == found for real, found in zip(true, told, strict=True)]
    return Figures(
        way=way,
        name=name,
        lines=len(rows),
        macro_f1=macro_f1(true, told, prompt.WORDS),
        accuracy=accuracy(true, told),
        negative_recall=recall(true, told, "negative"),
        calibration_error=calibration_error(
            right, [verdict.confidence for verdict in verdicts]
        ),
    )


def evaluate(
    folder: Path, model: tuple[str, Path], *, threads: int, lines: int, seed: int
) -> list[Figures]:
    """Both ways the product reads, on both sets. `model` is its name and its file."""
    name, path = model
    scored = {one: drawn(read_set(folder, one)[1], lines, seed) for one in SETS}
    reader = ModelReader(path, threads)
    return [
        figures(way, one, rows, read)
        for way, read in (("word list", by_lexicon), (name, reader.read))
        for one, rows in scored.items()
    ]


def markdown(rows: Sequence[Figures]) -> str:
    """The table, with what others reach below."""
    lines = [
        "| way | set | lines | macro-F1 | accuracy | negative recall | calibration error |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.way} | {row.name} | {row.lines} | {row.macro_f1:.3f} | {row.accuracy:.3f} "
        f"| {row.negative_recall:.3f} | {row.calibration_error:.3f} |"
        for row in rows
    ]
    lines += [
        f"| {way} | {name} | | {score:.3f} | | | |"
        for way, *scores in BASELINES
        for name, score in zip(SETS, scores, strict=True)
    ]
    return "\n".join([*lines, "", f"Wanted: {TARGETS}.", ""])
