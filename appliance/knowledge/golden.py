"""The golden set: questions with the article that answers each, and how many are right."""

import csv
import io
from collections.abc import Callable, Sequence

from msgspec import Struct

from appliance.errors import KnowledgeError
from appliance.knowledge.catalogue import Question
from appliance.knowledge.index import Index, Vectors

Embed = Callable[[Sequence[str]], Vectors]


class Answered(Struct, frozen=True, kw_only=True):
    """What was found for a question: "" is nothing, for nothing was likely enough."""

    question: Question
    shown: str
    best: tuple[str, ...]  # the five best articles, whatever their probability
    probability: float  # of the best one

    @property
    def right(self) -> bool:
        return self.shown == self.question.article


class Outcome(Struct, frozen=True, kw_only=True):
    answers: tuple[Answered, ...]

    @property
    def rights(self) -> int:
        """Right: its article shown, or nothing where nothing may be."""
        return sum(answer.right for answer in self.answers)

    @property
    def wrongs(self) -> int:
        """Shown though it is not the one: what an agent would be misled by."""
        return sum(bool(a.shown) and not a.right for a in self.answers)

    def found_among(self, most: int) -> int:
        """Questions whose article is among so many best."""
        return sum(a.question.article in a.best[:most] for a in self.answers)


def read_golden(name: str, data: bytes) -> list[Question]:
    """A CSV file with the columns question and article. Raises KnowledgeError."""
    try:
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    except UnicodeDecodeError as error:
        raise KnowledgeError(f"{name} is not UTF-8.", fix="Save it as UTF-8.") from error
    if not rows or not {"question", "article"} <= set(rows[0]):
        raise KnowledgeError(
            f"{name} has no rows with a question and an article.",
            fix="Give it the columns question and article (empty: nothing may be shown).",
        )
    return [
        Question((row["question"] or "").strip(), (row["article"] or "").strip())
        for row in rows
    ]


def run(
    index: Index, questions: Sequence[Question], embed: Embed | None, threshold: float
) -> Outcome:
    vectors = embed([q.question for q in questions]) if embed and questions else None
    answers = []
    for place, question in enumerate(questions):
        vector = None if vectors is None else vectors[place]
        hits = index.find(question.question, vector, most=25)
        best = tuple(dict.fromkeys(hit.entry.article for hit in hits))[:5]
        top = hits[0].probability if hits else 0.0
        answers.append(
            Answered(
                question=question,
                shown=best[0] if top >= threshold else "",
                best=best,
                probability=top,
            )
        )
    return Outcome(answers=tuple(answers))
