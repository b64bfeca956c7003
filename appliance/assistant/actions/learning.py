"""Learn what agents do from calls in which it is written down, and say how well it went."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from appliance.assistant.actions import features
from appliance.assistant.actions.classifier import Classifier, Figures, Talk
from appliance.assistant.actions.features import START, Said
from appliance.assistant.actions.fitting import Example, fit
from appliance.assistant.actions.weights import Weights, keyed
from appliance.assistant.calibration import calibration_error
from appliance.assistant.port import Likely
from appliance.errors import ApplianceError

# Of ten calls, one is held out to say how right it is, and one sets the temperature.
PARTS = 10
HELD_OUT, CALIBRATE = 0, 1

# Below this what is measured on the tenth that is held out says nothing.
FEWEST = 300

SURE = 0.8


class Conversation(Struct, frozen=True, kw_only=True):
    """One call. `action` of a turn is what its speaker did by it."""

    id: str | int
    turns: tuple[Said, ...]


class Decision(Struct, frozen=True):
    before: tuple[Said, ...]
    action: str


class Parts(Struct, frozen=True):
    learn: list[Conversation]
    calibrate: list[Conversation]
    held_out: list[Conversation]


def split(calls: Sequence[Conversation]) -> Parts:
    """By the calls' ids, so that a classifier trained later holds out the same ones."""
    parts = Parts([], [], [])
    by_number = {HELD_OUT: parts.held_out, CALIBRATE: parts.calibrate}
    for call in calls:
        mark = hashlib.sha256(str(call.id).encode()).digest()[0] % PARTS
        by_number.get(mark, parts.learn).append(call)
    return parts


def train(parts: Parts) -> Classifier:
    """Raises ApplianceError if there is too little to learn from."""
    lines = _lines(parts.learn)
    labels = {turn.action for call in parts.learn for turn in call.turns if turn.action}
    if len(labels) < 2 or len(lines) < FEWEST:
        raise ApplianceError(
            f"There are {len(labels)} actions in {len(lines)} lines of agents to learn "
            f"from; it takes 2 and {FEWEST}.",
            fix="Bring more calls, with `action` in the turns of the agents.",
        )
    line = fit(lines, _lines(parts.calibrate))
    learn, calibrate = (
        [example(d) for call in part for d in as_heard(call, line)]
        for part in (parts.learn, parts.calibrate)
    )
    return Classifier(fit(learn, calibrate), line)


def _lines(calls: Sequence[Conversation]) -> list[Example]:
    """What agents said, and what it did."""
    return [
        Example(keyed(features.of_line(turn.text)), turn.action)
        for call in calls
        for turn in call.turns
        if turn.speaker == "agent"
    ]


def example(decision: Decision) -> Example:
    return Example(keyed(features.of_call(decision.before)), decision.action)


def as_heard(call: Conversation, line: Weights) -> list[Decision]:
    """The decisions after each turn of the customer, in the form a live call has them:
    without screens, and with actions as told from what the agent said."""
    talk, found = Talk(line), list[Decision]()
    asked = False  # the customer has spoken, and nothing has been decided since
    for turn in call.turns:
        if turn.speaker != "customer" and turn.action and asked:
            found.append(Decision(talk.turns, turn.action))
            asked = False
        if turn.speaker != "system":
            talk.heard(turn.speaker, turn.text)
            asked = turn.speaker == "customer" or (asked and not turn.action)
    return found


def guesses(decisions: Sequence[Decision]) -> dict[str, str]:
    """After each action, what most often came next; "" is what comes most often."""
    after: dict[str, Counter[str]] = {"": Counter()}
    for decision in decisions:
        after[""][decision.action] += 1
        after.setdefault(_last(decision), Counter())[decision.action] += 1
    return {last: counts.most_common(1)[0][0] for last, counts in after.items() if counts}


def guessed(decisions: Sequence[Decision], known: Mapping[str, str]) -> list[str]:
    return [known.get(_last(decision), known.get("", "")) for decision in decisions]


def _last(decision: Decision) -> str:
    return next((t.action for t in reversed(decision.before) if t.action), START)


def measure(classifier: Classifier, parts: Parts) -> Figures:
    """On the calls that are held out. Raises ApplianceError if there are none."""
    held = [d for call in parts.held_out for d in as_heard(call, classifier.line)]
    if not held:
        raise ApplianceError(
            "No call is left to measure on: one in ten is held out, by its id.",
            fix="Bring more calls, each with an `id` of its own.",
        )
    told = [classifier.next(decision.before) for decision in held]
    known = guesses([d for call in parts.learn for d in as_heard(call, classifier.line)])
    return figures(held, told, guessed(held, known))


def figures(
    held: Sequence[Decision], told: Sequence[Likely], simple: Sequence[str]
) -> Figures:
    """`told` beside `simple`, a guess from the action before."""
    right = [d.action == t.label for d, t in zip(held, told, strict=True)]
    sure = [hit for hit, t in zip(right, told, strict=True) if t.confidence >= SURE]
    return Figures(
        decisions=len(held),
        accuracy=sum(right) / len(held),
        by_last_action=sum(d.action == g for d, g in zip(held, simple, strict=True))
        / len(held),
        calibration_error=calibration_error(right, [t.confidence for t in told]),
        sure=len(sure) / len(held),
        sure_accuracy=sum(sure) / len(sure) if sure else 0.0,
    )
