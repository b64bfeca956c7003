"""The lines of one call, in sentences, and those of them that a model is to read.

A model that has the whole of a long call neither has the room nor the time. So the lines
are taken in pieces: of a piece that is complete, only what is worth keeping is read, and
that never changes again, so that it is read once, while people talk. The newest piece is
read whole. No model here.
"""

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from appliance.assistant.port import Line
from appliance.messages import Role
from appliance.numerals import numerals

# Characters. A minute of talk is about 800; the model reads 1500 in 1.6 s on 2 cores.
PIECE = 1200
KEPT = 400  # of a piece that is complete
KEPT_FIRST = 800  # of the first, which has the matter

_HOLDING = """
hello hi hey good morning afternoon evening okay ok alright right great perfect lovely
brilliant thanks thank you very much so cheers sure fine yes yeah no oh uh um erm mhm i see
got it bye goodbye take care have a nice day is that there welcome you're that's and the
your of course please just moment one for calling anything else can help with
hallo guten tag danke gut genau ja nein ach so bitte auf wiederhören tschüss schönen dank
einen
"""
# Words that hold a conversation together. Nothing else in a sentence: not worth keeping.
_EMPTY = frozenset(_HOLDING.split())
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[^\W_])")


class Said(Struct, frozen=True, kw_only=True):
    """One line, or one sentence of it."""

    id: str  # of the line
    speaker: Role
    text: str


def sentences(said: Said) -> list[Said]:
    return [
        Said(id=said.id, speaker=said.speaker, text=text.strip())
        for text in _SENTENCE.split(said.text)
        if text.strip()
    ]


def weight(text: str) -> float:
    """How much there is to a sentence: words that say something, and numbers more."""
    words = [word for word in _WORD.findall(text.lower()) if word not in _EMPTY]
    return len(words) + 2 * len(numerals(text))


class Lines:
    """What was said in one call, oldest first."""

    def __init__(self) -> None:
        self.all: list[Said] = []
        self._kept: list[Line] = []  # of complete pieces
        self._piece: list[Said] = []
        self._size = 0

    def add(self, said: Said) -> None:
        self.all.append(said)
        self._piece.append(said)
        self._size += len(said.text)
        if self._size > PIECE:
            self._kept += worth_keeping(self._piece, KEPT if self._kept else KEPT_FIRST)
            self._piece, self._size = [], 0

    def replace(self, said: Said) -> bool:
        """A line reads otherwise than before. False if there is none of this id."""
        found = False
        for lines in (self.all, self._piece):
            for place, line in enumerate(lines):
                if line.id == said.id:
                    lines[place], found = said, True
        return found

    def to_read(self) -> tuple[Line, ...]:
        """Of these, what was there before only changes when a piece becomes complete."""
        return (*self._kept, *(Line(said.speaker, said.text) for said in self._piece))


def worth_keeping(piece: Iterable[Said], room: int) -> list[Line]:
    """The sentences with most to them, in order, that fit into `room` characters."""
    found = [one for said in piece for one in sentences(said) if weight(one.text)]
    best = sorted(range(len(found)), key=lambda n: (-weight(found[n].text), n))
    chosen: list[int] = []
    for number in best:
        if len(found[number].text) <= room:
            room -= len(found[number].text)
            chosen.append(number)
    return _joined([found[number] for number in sorted(chosen)])


def _joined(found: Sequence[Said]) -> list[Line]:
    """Sentences of one line together again."""
    lines: list[Line] = []
    last = ""
    for said in found:
        if said.id == last:
            lines[-1] = Line(said.speaker, f"{lines[-1].text} {said.text}")
        else:
            lines.append(Line(said.speaker, said.text))
        last = said.id
    return lines
