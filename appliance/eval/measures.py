"""Figures of a classification."""

from collections.abc import Sequence


def macro_f1(true: Sequence[str], told: Sequence[str], labels: Sequence[str]) -> float:
    """Mean over the labels of the harmonic mean of precision and recall, 0..1."""
    return sum(_f1(true, told, label) for label in labels) / len(labels)


def recall(true: Sequence[str], told: Sequence[str], label: str) -> float:
    """Share of this label's items that were given it; 0 without any."""
    of_label = [found for real, found in zip(true, told, strict=True) if real == label]
    return of_label.count(label) / len(of_label) if of_label else 0.0


def accuracy(true: Sequence[str], told: Sequence[str]) -> float:
    return sum(real == found for real, found in zip(true, told, strict=True)) / len(true)


def _f1(true: Sequence[str], told: Sequence[str], label: str) -> float:
    both = sum(real == found == label for real, found in zip(true, told, strict=True))
    each = list(true).count(label) + list(told).count(label)
    return 2 * both / each if each else 0.0
