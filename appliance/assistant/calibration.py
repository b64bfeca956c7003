"""Whether a confidence is what it says: the share of answers with it that are right."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BINS = 10

# The grid's ends are never the best on real calls.
TEMPERATURES = np.geomspace(0.4, 4.0, 47)


def calibration_error(right: Sequence[bool], confidence: Sequence[float]) -> float:
    """Expected calibration error: how far in ten equal steps of confidence the mean
    confidence is from the share that was right, weighted by items."""
    sure, hit = np.asarray(confidence), np.asarray(right, dtype=float)
    step = np.minimum((sure * BINS).astype(int), BINS - 1)
    parts = [step == number for number in range(BINS)]
    return float(
        sum(
            abs(sure[part].mean() - hit[part].mean()) * part.sum()
            for part in parts
            if part.any()
        )
        / len(sure)
    )


def best_temperature(odds: NDArray[np.floating], truth: NDArray[np.intp]) -> float:
    """What to divide log odds by so that what was right is likeliest (Guo et al. 2017);
    above 1: less sure. `odds` of shape (items, labels), `truth` the label of each."""
    lost = [_lost(odds / temperature, truth) for temperature in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(lost))])


def _lost(odds: NDArray[np.floating], truth: NDArray[np.intp]) -> float:
    """Mean negative log likelihood."""
    most = odds.max(axis=1)
    total = most + np.log(np.exp(odds - most[:, None]).sum(axis=1))
    return float((total - odds[np.arange(len(truth)), truth]).mean())
