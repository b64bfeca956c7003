"""Fit a table of weights on labelled features, and calibrate it on others.

A logistic regression in numpy: 23,000 decisions among 159 labels take 15 s on one core,
and a library for it would be 90 MB to bring to a box without internet.
"""

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from appliance.assistant.actions.weights import Floats, Keys, Weights
from appliance.assistant.calibration import best_temperature

SEED = 17
EPOCHS = 8
BATCH = 256
RATE = 0.2
RIDGE = 1e-5
SEEN = 3  # a feature that occurs less often is left out
SMALL = 1e-6  # keeps Adagrad's first steps finite


class Example(Struct, frozen=True):
    keys: Keys
    label: str
    allowed: Collection[str] | None = None  # None: every label


def fit(examples: Sequence[Example], calibrate: Sequence[Example]) -> Weights:
    """The same weights for the same examples in the same order."""
    seen = Counter(int(key) for example in examples for key in example.keys)
    keys = np.array(sorted(k for k, n in seen.items() if n >= SEEN), dtype=np.uint32)
    labels = sorted({example.label for example in examples})
    weights = Weights(labels, keys, np.zeros((len(keys) + 1, len(labels)), np.float32))
    places = [weights.places(example.keys) for example in examples]
    numbers = {label: number for number, label in enumerate(labels)}
    truth = np.array([numbers[example.label] for example in examples])
    squares = np.full_like(weights.rows, SMALL)
    order = np.random.default_rng(SEED)
    for _ in range(EPOCHS):
        shuffled = order.permutation(len(examples))
        for start in range(0, len(examples), BATCH):
            chosen = shuffled[start : start + BATCH]
            _step(weights.rows, squares, [places[n] for n in chosen], truth[chosen])
    set_temperature(weights, calibrate)
    return weights


def _step(
    rows: Floats,
    squares: Floats,
    places: Sequence[NDArray[np.intp]],
    truth: NDArray[np.intp],
) -> None:
    """One step of Adagrad. A batch touches few features: they make a small dense matrix,
    which is fifty times as quick as adding row by row."""
    lengths = [len(place) for place in places]
    touched, column = np.unique(np.concatenate(places), return_inverse=True)
    given = np.zeros((len(places), len(touched) + 1), np.float32)
    line = np.repeat(np.arange(len(places)), lengths)
    given[line, column] = np.repeat(np.maximum(lengths, 1), lengths) ** -0.5
    given[:, -1] = 1.0  # the bias
    touched = np.append(touched, len(rows) - 1)
    odds = given @ rows[touched]
    wrong = np.exp(odds - odds.max(axis=1, keepdims=True))
    wrong /= wrong.sum(axis=1, keepdims=True)
    wrong[np.arange(len(truth)), truth] -= 1
    gradient = given.T @ wrong / len(places) + RIDGE * rows[touched]
    squares[touched] += gradient**2
    rows[touched] -= RATE * gradient / np.sqrt(squares[touched])


def set_temperature(weights: Weights, examples: Sequence[Example]) -> None:
    """Calibrate on examples that the weights were not fitted on; those whose label is
    unknown say nothing about it."""
    numbers = {label: number for number, label in enumerate(weights.labels)}
    known = [example for example in examples if example.label in numbers]
    if not known:
        return
    odds = np.stack([weights.scores(example.keys) for example in known])
    for row, example in zip(odds, known, strict=True):
        if example.allowed is not None:
            row[[label not in example.allowed for label in weights.labels]] = -np.inf
    truth = np.array([numbers[example.label] for example in known])
    weights.temperature = best_temperature(odds, truth)
