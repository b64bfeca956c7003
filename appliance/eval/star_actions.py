"""What an agent does next: the trained classifier, on decisions it was not fitted on."""

import hashlib
import time
from collections.abc import Callable, Sequence

from msgspec import Struct

from appliance.assistant.actions import features
from appliance.assistant.actions.classifier import Classifier, Figures
from appliance.assistant.actions.fitting import Example, fit
from appliance.assistant.actions.learning import (
    CALIBRATE,
    PARTS,
    Conversation,
    Decision,
    Parts,
    as_heard,
    figures,
    guessed,
    guesses,
    measure,
    train,
)
from appliance.assistant.actions.weights import keyed
from appliance.assistant.port import Likely
from appliance.eval.star import Asked, Star

TARGETS = (
    "classifier top-1 .72 with a calibration error of .05 at most; language model .577; "
    "of those with a confidence of .8, 80 % right"
)

# What others reach, by the description of the data: top-1 and calibration error.
BASELINES = (
    ("flow chart of the task", 0.316, None),
    ("previous action (bigram)", 0.577, None),
    ("linear model on text and state", 0.725, 0.018),
)


class Row(Struct, frozen=True, kw_only=True):
    """How one way to tell the next action does."""

    way: str
    figures: Figures
    ms: float  # for one decision, mean


def evaluate(star: Star) -> list[Row]:
    return [_as_written(star), _as_heard(star)]


def _calibrates(call: str | int) -> bool:
    return hashlib.sha256(str(call).encode()).digest()[0] % PARTS == CALIBRATE


def _as_written(star: Star) -> Row:
    """As others are measured: with the screens, the actions, and what the task allows."""
    examples = [
        Example(
            keyed(features.of_call(asked.decision.before)),
            asked.decision.action,
            asked.allowed,
        )
        for asked in star.learn
    ]
    later = [_calibrates(asked.call) for asked in star.learn]
    weights = fit(
        [e for e, kept in zip(examples, later, strict=True) if not kept],
        [e for e, kept in zip(examples, later, strict=True) if kept],
    )

    def tell(asked: Asked) -> Likely:
        return weights.likeliest(
            keyed(features.of_call(asked.decision.before)), asked.allowed
        )

    known = guesses([asked.decision for asked in star.learn])
    return _row("classifier, call and screens as written", star.scored, tell, known)


def _row(
    way: str,
    items: Sequence[Asked],
    tell: Callable[[Asked], Likely],
    known: dict[str, str],
) -> Row:
    before = time.perf_counter()
    told = [tell(asked) for asked in items]
    ms = (time.perf_counter() - before) * 1000 / len(items)
    held = [asked.decision for asked in items]
    return Row(way=way, figures=figures(held, told, guessed(held, known)), ms=ms)


def _as_heard(star: Star) -> Row:
    """As in a live call, and as `appliance train actions` does it: no screens, no task,
    and what was done before is told from what the agent said."""
    learn = {asked.call for asked in star.learn}
    scored = {asked.call for asked in star.scored}
    parts = Parts([], [], [])
    for number, call in star.calls.items():
        if number in scored:
            parts.held_out.append(call)
        elif number in learn:
            (parts.calibrate if _calibrates(number) else parts.learn).append(call)
    classifier = train(parts)
    found = measure(classifier, parts)
    return Row(
        way="classifier, as in a live call",
        figures=found,
        ms=_decision_ms(classifier, parts.held_out),
    )


def _decision_ms(classifier: Classifier, calls: Sequence[Conversation]) -> float:
    """What one decision costs the event loop: the agent's line, and the next action."""
    before = time.perf_counter()
    count = 0
    for call in calls[:100]:
        decisions: list[Decision] = as_heard(call, classifier.line)
        count += len(decisions)
        for decision in decisions:
            classifier.next(decision.before)
    return (time.perf_counter() - before) * 1000 / max(count, 1)


def markdown(rows: Sequence[Row]) -> str:
    """The table, with what others reach below."""
    lines = [
        "| way | decisions | top-1 | from the action before | calibration error "
        "| confidence of .8: share | of these right | ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.way} | {row.figures.decisions} | {row.figures.accuracy:.3f} "
        f"| {row.figures.by_last_action:.3f} | {row.figures.calibration_error:.3f} "
        f"| {row.figures.sure:.3f} | {row.figures.sure_accuracy:.3f} | {row.ms:.2f} |"
        for row in rows
    ]
    lines += [
        f"| {way} | | {top:.3f} | | {'' if error is None else f'{error:.3f}'} | | | |"
        for way, top, error in BASELINES
    ]
    return "\n".join([*lines, "", f"Wanted: {TARGETS}.", ""])
