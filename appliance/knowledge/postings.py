"""BM25 over features of texts, exact, in numpy: which texts have which, and how much.

A feature is a word or a piece of one (`features.py`). What a feature is worth in a text
does not depend on what is asked, so it is worked out once; a question adds up a few rows.
No library: this and the ranking above it are what the product is for, and 10,000 passages
take a few milliseconds.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]

# Of BM25: how soon repetition stops counting, and how much a long text is held back.
K1 = 1.2
B = 0.6


class Postings:
    def __init__(
        self, texts: Sequence[Sequence[str]], *, k1: float = K1, b: float = B
    ) -> None:
        """The features of each text, repeated as often as they occur."""
        self.size = len(texts)
        self.number: dict[str, int] = {}
        number = self.number
        flat = [number.setdefault(name, len(number)) for text in texts for name in text]
        lengths = np.array([len(text) for text in texts], dtype=np.int64)
        # Each pair of a feature and a text that has it, sorted by feature, and how often.
        places = np.repeat(np.arange(self.size), lengths)
        pairs, often = np.unique(
            np.array(flat, dtype=np.int64) * max(self.size, 1) + places, return_counts=True
        )
        of_name, of_text = np.divmod(pairs, max(self.size, 1))
        self._texts = of_text.astype(np.int32)
        having = np.bincount(of_name, minlength=len(number))
        self._starts = np.concatenate(([0], np.cumsum(having)))
        rarity = np.log(1 + (self.size - having + 0.5) / (having + 0.5))
        self.rarity: Scores = rarity.astype(np.float32)
        mean = max(float(lengths.mean()), 1.0) if self.size else 1.0
        held = k1 * (1 - b + b * lengths / mean)
        worth = often * (k1 + 1) / (often + held[of_text]) * rarity[of_name]
        self._worth = worth.astype(np.float32)

    def scores(self, wanted: Mapping[str, float]) -> Scores:
        """Of every text, for features with their weights."""
        total = np.zeros(self.size, dtype=np.float32)
        for name, weight in wanted.items():
            place = self.number.get(name)
            if place is not None:
                row = slice(self._starts[place], self._starts[place + 1])
                total[self._texts[row]] += weight * self._worth[row]
        return total

    def most(self, wanted: Mapping[str, float]) -> float:
        """What a text of usual length would score that has everything wanted once; what
        nobody wrote counts as the rarest."""
        rarest = float(np.log(1 + (self.size + 0.5) / 0.5))
        return sum(
            weight * self._rarity_of(name, rarest) for name, weight in wanted.items()
        )

    def _rarity_of(self, name: str, rarest: float) -> float:
        place = self.number.get(name)
        return rarest if place is None else float(self.rarity[place])
