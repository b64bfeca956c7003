"""Figures of a classification."""

from collections.abc import Sequence

import numpy as np

BINS = 10


def macro_f1(true: Sequence[str], told: Sequence[str], labels: Sequence[str]) -> float:
    """Mean over the labels of the harmonic mean of precision and recall, 0..1."""
    return sum(_f1(true, told, label) for label in labels) / len(labels)


def recall(true: Sequence[str], told: Sequence[str], label: str) -> float:
    """Share of this label's items that were given it; 0 without any."""
    of_label = [found for real, found in zip(true, told, strict=True) if real == label]
    return of_label.count(label) / len(of_label) if of_label else 0.0


def accuracy(true: Sequence[str], told: Sequence[str]) -> float:
    return sum(real == found for real, found in zip(true, told, strict=True)) / len(true)


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


def _f1(true: Sequence[str], told: Sequence[str], label: str) -> float:
    both = sum(real == found == label for real, found in zip(true, told, strict=True))
    each = list(true).count(label) + list(told).count(label)
    return 2 * both / each if each else 0.0
