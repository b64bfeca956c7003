"""A table of weights, from words to labels: what a classifier is, in a file and in use.

The file is msgpack with a checked shape. Reading one can fail, and cannot run anything,
which a pickle could.
"""

import zlib
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from appliance.assistant.port import Likely
from appliance.errors import ModelError

Floats = NDArray[np.float32]
Keys = NDArray[np.uint32]


class Packed(Struct, frozen=True, kw_only=True):
    """As in the file: little-endian, and half precision, which changes no answer."""

    labels: tuple[str, ...]
    keys: bytes  # u32, sorted
    rows: bytes  # f16, one row for each key and a last one that is the bias
    temperature: float


class Weights:
    """A multinomial logistic regression over sparse features that are there or not."""

    def __init__(
        self, labels: Sequence[str], keys: Keys, rows: Floats, temperature: float = 1.0
    ) -> None:
        """`keys` sorted; `rows` of shape (keys + 1, labels), the last one the bias."""
        self.labels = tuple(labels)
        self.keys = keys
        self.rows = rows
        self.temperature = temperature

    def places(self, found: Keys) -> NDArray[np.intp]:
        """Rows of those features that are known."""
        places = np.searchsorted(self.keys, found)
        places[places == len(self.keys)] = 0
        return places[self.keys[places] == found] if len(self.keys) else places[:0]

    def scores(self, found: Keys) -> Floats:
        """Log odds, not yet calibrated. Shape (labels,)."""
        places = self.places(found)
        total: Floats = self.rows[places].sum(axis=0) / max(len(places), 1) ** 0.5
        total += self.rows[-1]
        return total

    def probabilities(self, found: Keys, allowed: Collection[str] | None = None) -> Floats:
        """Calibrated, over those of the labels that are `allowed`. Shape (labels,)."""
        odds = self.scores(found) / self.temperature
        if allowed is not None:
            odds = np.where([label in allowed for label in self.labels], odds, -np.inf)
        shares: Floats = np.exp(odds - odds.max())
        shares /= shares.sum()
        return shares

    def likeliest(self, found: Keys, allowed: Collection[str] | None = None) -> Likely:
        shares = self.probabilities(found, allowed)
        best = int(shares.argmax())
        return Likely(label=self.labels[best], confidence=float(shares[best]))


def keyed(features: Iterable[str]) -> Keys:
    """Checksums of the features, sorted, each once: a file of them holds nobody's words."""
    found = {zlib.crc32(feature.encode()) for feature in features}
    return np.array(sorted(found), dtype=np.uint32)


def packed(weights: Weights) -> Packed:
    return Packed(
        labels=weights.labels,
        keys=weights.keys.astype("<u4").tobytes(),
        rows=weights.rows.astype("<f2").tobytes(),
        temperature=weights.temperature,
    )


def unpacked(stored: Packed) -> Weights:
    """Raises ModelError if the parts do not belong together."""
    keys = np.frombuffer(stored.keys[: len(stored.keys) // 4 * 4], "<u4")
    values = np.frombuffer(stored.rows[: len(stored.rows) // 2 * 2], "<f2")
    fits = len(values) == (len(keys) + 1) * len(stored.labels) > 0
    sound = stored.temperature > 0 and np.isfinite(values).all()
    if not fits or not sound or (np.diff(keys.astype(np.int64)) <= 0).any():
        raise ModelError(
            "The weights of the action classifier do not belong together.",
            fix="Train it anew with `appliance train actions`.",
        )
    rows = values.astype(np.float32).reshape(len(keys) + 1, len(stored.labels))
    return Weights(stored.labels, keys.astype(np.uint32), rows, stored.temperature)
