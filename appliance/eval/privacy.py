"""What redaction leaves of answers through a recogniser, and of labelled sentences.

Spoken answers (EVI): each is given after the question that asks for it, and nothing of it
may be left but words like "yes, it is". Written sentences (presidio): a labelled span is
found if the whole of it is masked as what it is; what is masked as such elsewhere is wrong.
"""

import gzip
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from appliance.dictated import WORD, listed
from appliance.errors import ApplianceError
from appliance.messages import Role, Transcript
from appliance.privacy.finder import Question, find
from appliance.privacy.kinds import MARKS, Kind, Span
from appliance.privacy.redactor import Redactor

T = TypeVar("T")

ALL: frozenset[Kind] = frozenset(MARKS) - {"unnamed"}  # which nobody has labelled

SpokenType: TypeAlias = Literal["POSTCODE", "PERSON", "DATE_OF_BIRTH"]
QUESTIONS: dict[SpokenType, str] = {
    "POSTCODE": "May I have your postcode, please?",
    "PERSON": "Could I take your full name?",
    "DATE_OF_BIRTH": "And what is your date of birth?",
}

# Of an answer, what tells nothing.
NOTHING = listed(
    "yes it it's its is that's thats my the please thank you so um okay sure hi"
)

# Share of answers that a pattern finds, by the description of the data.
SPOKEN_BASELINES = (("postcode pattern", 0.02), ("date pattern", 0.63))

LABELS: dict[str, Kind] = {
    "CREDIT_CARD": "card",
    "US_SSN": "ssn",
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "IBAN_CODE": "account",
}
MARK = re.compile(r"\[[a-z -]+\]")


class Answer(Struct, frozen=True, kw_only=True):
    """A row of EVI."""

    text: str
    type: SpokenType


class Labelled(Struct, frozen=True, kw_only=True):
    entity_type: str
    start_position: int
    end_position: int


class Sentence(Struct, frozen=True, kw_only=True):
    """A row of the presidio set."""

    full_text: str
    spans: tuple[Labelled, ...]


class Leaked(Struct, frozen=True, kw_only=True):
    """Answers of one type, and those of which something was left."""

    type: str
    answers: int
    leaked: int


class Found(Struct, frozen=True, kw_only=True):
    """How one kind was found: `hits` of `labelled`, `wrong` elsewhere."""

    kind: str
    labelled: int
    hits: int
    wrong: int

    @property
    def recall(self) -> float:
        return self.hits / max(1, self.labelled)

    @property
    def precision(self) -> float:
        return self.hits / max(1, self.hits + self.wrong)


class Cost(Struct, frozen=True, kw_only=True):
    """Processor time of one line, in ms."""

    p50_ms: float
    p99_ms: float
    most_ms: float


def read_rows(folder: Path, name: str, row: type[T], files: str = "*.jsonl.gz") -> list[T]:
    """Raises ApplianceError."""
    rows: list[T] = []
    for file in sorted((folder / name).glob(files)):
        with gzip.open(file) as lines:
            rows += [msgspec.json.decode(line, type=row) for line in lines]
    if not rows:
        raise ApplianceError(
            f"There is no {name} set in {folder}.",
            fix=f"Name the folder that has `{name}` with its .jsonl.gz file.",
        )
    return rows


def said(speaker: Role, text: str) -> Transcript:
    return Transcript(
        id=speaker, speaker=speaker, text=text, is_final=True, start_ms=0, end_ms=0
    )


def spoken(rows: Sequence[Answer]) -> tuple[list[Leaked], Cost]:
    """Each answer in a call of its own, after its question."""
    leaked: dict[str, list[bool]] = {kind: [] for kind in QUESTIONS}
    times = []
    for row in rows:
        call = Redactor(ALL)
        call.heard(said("agent", QUESTIONS[row.type]))
        began = time.thread_time()
        _, told = call.heard(said("customer", row.text))
        times.append(time.thread_time() - began)
        left = WORD.findall(MARK.sub(" ", told.text).lower())
        leaked[row.type].append(any(word not in NOTHING for word in left))
    return (
        [
            Leaked(type=kind, answers=len(each), leaked=sum(each))
            for kind, each in leaked.items()
        ],
        cost(times),
    )


def cost(seconds: Sequence[float]) -> Cost:
    ordered = sorted(1000 * one for one in seconds)
    return Cost(
        p50_ms=ordered[len(ordered) // 2],
        p99_ms=ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)],
        most_ms=ordered[-1],
    )


def written(rows: Sequence[Sentence]) -> list[Found]:
    """Each sentence alone, without a conversation around it."""
    counts = {kind: [0, 0, 0] for kind in LABELS.values()}
    for row in rows:
        spans = find(row.full_text, Question(), ALL)
        for label in row.spans:
            kind = LABELS.get(label.entity_type)
            if kind is not None:
                counts[kind][0] += 1
                counts[kind][1] += any(_covers(span, label, kind) for span in spans)
        for span in spans:
            if span.kind in counts and not any(
                _touches(span, label) for label in row.spans
            ):
                counts[span.kind][2] += 1
    return [
        Found(kind=kind, labelled=labelled, hits=hits, wrong=wrong)
        for kind, (labelled, hits, wrong) in counts.items()
    ]


def _covers(span: Span, label: Labelled, kind: Kind) -> bool:
    whole = span.start <= label.start_position and label.end_position <= span.end
    return whole and span.kind in (kind, "number" if kind == "card" else kind)


def _touches(span: Span, label: Labelled) -> bool:
    over = span.start < label.end_position and label.start_position < span.end
    return over and LABELS.get(label.entity_type) == span.kind


def spoken_table(rows: Sequence[Leaked]) -> str:
    """With what patterns leave, by the description of the data."""
    answers, leaked = sum(row.answers for row in rows), sum(row.leaked for row in rows)
    lines = ["| answers | count | with something left |", "|---|---|---|"]
    lines += [
        f"| {row.type} | {row.answers} | {row.leaked / max(1, row.answers):.1%} |"
        for row in rows
    ]
    lines.append(f"| all | {answers} | {leaked / max(1, answers):.1%} |")
    lines += [f"| {way} | | {1 - found:.0%} |" for way, found in SPOKEN_BASELINES]
    return "\n".join([*lines, "", "Wanted: at most 5 % of all.", ""])


def written_table(rows: Sequence[Found]) -> str:
    lines = ["| kind | labelled | recall | precision |", "|---|---|---|---|"]
    lines += [
        f"| {row.kind} | {row.labelled} | {row.recall:.3f} | {row.precision:.3f} |"
        for row in rows
    ]
    lines.append("| seven patterns | | 1.00 | .24 for telephones |")
    return "\n".join([*lines, "", "Wanted: recall .99 at precision .90.", ""])
