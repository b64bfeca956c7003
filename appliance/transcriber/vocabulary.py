"""Names that a site expects, put right where they were heard nearly: "Moss Lantin" is the
shop Moss Lantern.

Conservative, because a wrong correction is worse than a wrong word: a place is changed only
if it has a word in it that is not a common one, and if it looks and sounds like exactly one
of the names. What is common is the recogniser's own business: words that it writes in one
piece.
"""

import re
from collections.abc import Container, Sequence
from typing import NamedTuple

import msgspec

from appliance.messages import Word

SHORTEST = 5  # letters of a name that is put right; shorter ones are like too much

# Letters that may differ, as a share of the name's. Of what sounds alike, more.
UNLIKE, UNLIKE_BUT_SOUNDS = 0.2, 0.34

ENDINGS = ("'s", "s", "es", "ed", "ing", "er", "ers", "ly", "d", "ness", "able")
LEAST_STEM = 3

_CORE = re.compile(r"\w(?:.*\w)?", re.DOTALL)
_LETTERS = re.compile(r"[^a-z0-9]+")

# As English is spelt: what is written differently and sounds alike becomes the same.
_SOUNDS = (
    (re.compile(r"^(?:k|g)n"), "n"),
    (re.compile(r"^wr"), "r"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"gh(?=[^aeiou]|$)"), ""),
    (re.compile(r"sch|sh|ch|tch"), "j"),
    (re.compile(r"c(?=[eiy])|z|x"), "s"),
    (re.compile(r"ck|c|q"), "k"),
    (re.compile(r"[dt]h?"), "t"),
    (re.compile(r"[bp]"), "p"),
    (re.compile(r"[vf]"), "f"),
    (re.compile(r"(?<!^)[aeiouyhw]"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


class Change(NamedTuple):
    """Words `first` to before `end` become `text`."""

    first: int
    end: int
    text: str


class Term(NamedTuple):
    text: str
    letters: str
    sounds: str
    lengths: range  # words in which it may have been heard


class Vocabulary:
    def __init__(self, terms: Sequence[str], common: Container[str]) -> None:
        """`common`: words in small letters that are never taken for a name."""
        self._common = common
        self._by_letter: dict[str, list[Term]] = {}
        for text in dict.fromkeys(terms):
            letters, words = _letters(text), len(text.split())
            if len(letters) >= SHORTEST:
                term = Term(
                    text, letters, sound(letters), range(max(1, words - 1), words + 2)
                )
                self._by_letter.setdefault(letters[0], []).append(term)

    def corrected(self, text: str) -> str:
        words = text.split(" ")
        for change in reversed(self.changes(words)):
            words[change.first : change.end] = [change.text]
        return " ".join(words)

    def corrected_words(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """What became one name is one word, from the beginning of the first."""
        found = list(words)
        for change in reversed(self.changes([word.text for word in words])):
            old = found[change.first : change.end]
            found[change.first : change.end] = [
                msgspec.structs.replace(
                    old[0],
                    text=change.text,
                    end_ms=old[-1].end_ms,
                    probability=min(word.probability for word in old),
                )
            ]
        return tuple(found)

    def changes(self, words: Sequence[str]) -> list[Change]:
        """In order, and none over another."""
        bare = [_bare(word) for word in words]
        heard = [_letters(word.removesuffix("'s")) for word in bare]
        found: list[Change] = []
        first = 0
        while first < len(words):
            change = self._change_at(words, bare, heard, first)
            if change is not None:
                found.append(change)
            first = change.end if change is not None else first + 1
        return found

    def _change_at(
        self, words: Sequence[str], bare: Sequence[str], heard: Sequence[str], first: int
    ) -> Change | None:
        """The best there is from this word on; None where two names are as near."""
        best: list[tuple[float, int, Term]] = []
        for term in self._by_letter.get(heard[first][:1], ()):
            for length in term.lengths:
                end = first + length
                off = unlike("".join(heard[first:end]), term)
                fits = off is not None and end <= len(words)
                if off is not None and fits and not self._is_fine(bare[first:end], term):
                    best.append((off, end, term))
        if not best:
            return None
        best.sort(key=lambda one: (one[0], one[1]))
        off, end, term = best[0]
        if any(other[0] == off and other[2] is not term for other in best):
            return None
        return Change(first, end, _dressed(words[first:end], term.text))

    def _is_fine(self, bare: Sequence[str], term: Term) -> bool:
        """Whether it is the name already, or nothing but common words."""
        if _letters(" ".join(bare)) in (term.letters, f"{term.letters}s"):
            return True
        return all(self.is_common(word) for word in bare)

    def is_common(self, word: str) -> bool:
        """With its usual endings; and whatever has no letters."""
        word = word.lower()
        if not any(letter.isalpha() for letter in word) or word in self._common:
            return True
        stems = (word.removesuffix(end) for end in ENDINGS if word.endswith(end))
        return any(
            len(stem) >= LEAST_STEM and (stem in self._common or f"{stem}e" in self._common)
            for stem in stems
        )


def unlike(heard: str, term: Term) -> float | None:
    """How far what was heard is from a name, as a share of the name; None if too far."""
    most = int(len(term.letters) * UNLIKE_BUT_SOUNDS)
    if abs(len(heard) - len(term.letters)) > most:
        return None
    off = distance(heard, term.letters)
    if off > most:
        return None
    alike = off <= int(len(term.letters) * UNLIKE) or sound(heard) == term.sounds
    return off / len(term.letters) if alike else None


def distance(one: str, other: str) -> int:
    """Letters to put in, take out or change."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        before, row[0] = row[0], place
        for column, wanted in enumerate(other, 1):
            cost = before + (letter != wanted)
            before = row[column]
            row[column] = min(cost, row[column] + 1, row[column - 1] + 1)
    return row[-1]


def sound(letters: str) -> str:
    """What is the same for words that sound alike: consonants, and how it begins."""
    for pattern, written in _SOUNDS:
        letters = pattern.sub(written, letters)
    return letters


def _letters(text: str) -> str:
    return _LETTERS.sub("", text.lower())


def _bare(word: str) -> str:
    """Without the punctuation around it."""
    found = _CORE.search(word)
    return found.group() if found else ""


def _dressed(window: Sequence[str], term: str) -> str:
    """The name with the punctuation, and the possessive, of what it replaces."""
    head, tail = window[0], window[-1]
    before = head[: head.find(_bare(head))] if _bare(head) else ""
    core = _bare(tail)
    after = tail[tail.find(core) + len(core) :]
    own = "'s" if core.endswith("'s") and not term.endswith("s") else ""
    return f"{before}{term}{own}{after}"
