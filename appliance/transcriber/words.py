"""The pieces of text that an alignment gives, as words for people. No model."""

from collections.abc import Sequence
from typing import TypedDict

import msgspec

from appliance.messages import Word


class Aligned(TypedDict):
    """One piece of text as `find_alignment` gives it, times in seconds."""

    word: str
    start: float
    end: float
    probability: float


def merge(pieces: Sequence[Aligned]) -> tuple[Word, ...]:
    """Words for people: punctuation belongs to the word before it."""
    words: list[Word] = []
    for piece in pieces:
        text = piece["word"].strip()
        if not text:
            continue
        if words and not any(letter.isalnum() for letter in text):
            words[-1] = msgspec.structs.replace(words[-1], text=words[-1].text + text)
            continue
        words.append(
            Word(
                text=text,
                start_ms=round(piece["start"] * 1000),
                end_ms=round(piece["end"] * 1000),
                probability=round(float(piece["probability"]), 3),
            )
        )
    return tuple(words)
