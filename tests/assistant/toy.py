"""A language model of some hundred tokens that remembers exactly what it was fed.

What it says next depends on every token of its sequence, so an engine that feeds a wrong
token, or at a wrong place, or lets calls see each other, gets other texts.
"""

import zlib
from collections import abc
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from appliance.assistant.grammar import Logits
from appliance.assistant.seat import Entry

CONTROL = ["<|im_start|>", "<|im_end|>"]
PIECES = [
    *(bytes([code]) for code in range(32, 127)),
    *(text.encode() for text in ["\n", '","', '."', ". ", " the", " and", "ask", "_up"]),
    *(text.encode() for text in ["ü", "€", "😀", "\t", " 42", "[name]", "\\n"]),
    *(bytes([code]) for code in "é€😀".encode()),  # halves of characters
    b"\xff",
]


@lru_cache
def tokenised(text: str, special: bool) -> list[int]:
    data, found = text.encode(), []
    names = [name.encode() for name in CONTROL] if special else []
    while data:
        name = next((name for name in names if data.startswith(name)), None)
        if name is not None:
            found.append(len(PIECES) + names.index(name))
            data = data[len(name) :]
            continue
        fitting = [piece for piece in PIECES if data.startswith(piece)]
        best = max(fitting, key=len, default=b"\xff")
        found.append(PIECES.index(best))
        data = data[len(best) :]
    return found


class ToyVocabulary:
    def tokens(self, text: str, *, special: bool = False) -> list[int]:
        return list(tokenised(text, special))

    def piece(self, token: int) -> bytes:
        return PIECES[token] if token < len(PIECES) else b""


HOLE = -1  # a position whose token was cut from the middle


@dataclass
class Sequence:
    tokens: list[int] = field(default_factory=list)  # by position
    shared: int = 0  # so many at the beginning belong to others, too


@dataclass
class ToyModel(ToyVocabulary):
    """With a KV cache whose beginning sequences can share, as llama.cpp has it."""

    batch: int = 256
    sequences: dict[int, Sequence] = field(default_factory=dict)
    decoded: list[list[Entry]] = field(default_factory=list)  # every batch so far

    @property
    def cells(self) -> int:
        return sum(len(own.tokens) - own.shared for own in self.sequences.values())

    def _sequence(self, number: int) -> Sequence:
        return self.sequences.setdefault(number, Sequence())

    def decode(self, entries: abc.Sequence[Entry]) -> None:
        assert 0 < len(entries) <= self.batch
        for entry in entries:
            tokens = self._sequence(entry.sequence).tokens
            assert entry.position == len(tokens)
            tokens.append(entry.token)
        self.decoded.append(list(entries))

    def logits(self, index: int) -> Logits:
        entry = self.decoded[-1][index]
        assert entry.wanted
        seen = self._sequence(entry.sequence).tokens[: entry.position + 1]
        assert HOLE not in seen
        seed = zlib.crc32(np.array(seen, dtype=np.int32).tobytes())
        size = len(PIECES) + len(CONTROL)
        return np.random.default_rng(seed).normal(0, 3, size).astype(np.float32)

    def share(self, source: int, target: int) -> None:
        assert not self._sequence(target).tokens
        tokens = list(self._sequence(source).tokens)
        self.sequences[target] = Sequence(tokens, shared=len(tokens))

    def cut(self, sequence: int, start: int, end: int = -1) -> None:
        own = self._sequence(sequence)
        if end < 0 or end >= len(own.tokens):
            del own.tokens[start:]
        else:
            own.tokens[start:end] = [HOLE] * (end - start)
        own.shared = min(own.shared, start)

    def slide(self, sequence: int, start: int, by: int) -> None:
        own = self._sequence(sequence)
        assert start + by >= own.shared, "other sequences would move, too"
        assert by < 0
        assert set(own.tokens[start + by : start]) == {HOLE}
        del own.tokens[start + by : start]
