"""What was really said, and how many words a text gets wrong of it.

Words are compared after Whisper's own English normalisation. The hypothesis of a channel
is aligned as a whole to its reference turns; errors count inside turns that are neither
uncertain nor empty, an insertion only where the turns on both its sides are scored.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import jiwer
from msgspec import Struct
from whisper_normalizer.english import EnglishTextNormalizer

_normalise = EnglishTextNormalizer()

UNSCORED = "§"  # stands for a turn with no usable words, so that insertions find it


def words_of(text: str) -> list[str]:
    return str(_normalise(text)).split()


class Turn(NamedTuple):
    """One turn of the reference; times in s."""

    channel: int
    start: float
    end: float
    text: str
    uncertain: bool  # or outside of what is measured

    @property
    def scored(self) -> bool:
        return not self.uncertain and bool(words_of(self.text))


def read_turns(file: Path) -> list[Turn]:
    """The turns of a reference, JSON beside its recording, in order."""
    rows = json.loads(file.read_text())["turns"]
    turns = [
        Turn(r["channel"], r["start"], r["end"], r["text"] or "", r.get("uncertain", False))
        for r in rows
    ]
    return sorted(turns, key=lambda turn: turn.start)


class Errors(Struct):
    words: int = 0
    substituted: int = 0
    deleted: int = 0
    inserted: int = 0

    def add(self, other: "Errors") -> None:
        self.words += other.words
        self.substituted += other.substituted
        self.deleted += other.deleted
        self.inserted += other.inserted

    @property
    def rate(self) -> float:
        """WER in percent."""
        wrong = self.substituted + self.deleted + self.inserted
        return 100 * wrong / max(1, self.words)


def count_errors(turns: Sequence[Turn], hypothesis: str) -> Errors:
    """Errors of one channel's whole text against its turns in order."""
    reference: list[str] = []
    scored: list[bool] = []
    for turn in turns:
        usable = words_of(turn.text) or [UNSCORED]
        reference += usable
        scored += [turn.scored] * len(usable)
    errors = Errors(words=sum(scored))
    heard = words_of(hypothesis)
    if not reference:
        return errors
    if not heard:
        errors.deleted = errors.words
        return errors
    aligned = jiwer.process_words([" ".join(reference)], [" ".join(heard)])
    for piece in aligned.alignments[0]:
        _count(piece, scored, errors)
    return errors


def _count(piece: jiwer.AlignmentChunk, scored: Sequence[bool], errors: Errors) -> None:
    first, last = piece.ref_start_idx, piece.ref_end_idx
    if piece.type == "insert":
        around = scored[max(0, first - 1) : first + 1]
        if around and all(around):
            errors.inserted += piece.hyp_end_idx - piece.hyp_start_idx
    elif piece.type == "delete":
        errors.deleted += sum(scored[first:last])
    elif piece.type == "substitute":
        errors.substituted += sum(scored[first:last])
