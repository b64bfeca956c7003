"""The site's own classifier: what an agent would do next, learnt from calls of the site."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from appliance.assistant.actions import features
from appliance.assistant.actions.features import Said, Speaker
from appliance.assistant.actions.weights import (
    Packed,
    Weights,
    keyed,
    packed,
    unpacked,
)
from appliance.assistant.port import Likely
from appliance.errors import ModelError

FORMAT = 1

# Below this, it is not clear what a line of the agent's did.
SURE_OF_LINE = 0.5

# Of a call that goes on and on, its end: a decision must not take longer for it.
MOST_TURNS = 60
TURN_CHARACTERS = 600


class Figures(Struct, frozen=True, kw_only=True):
    """How right it is on calls that it was not fitted on; shares are 0..1."""

    decisions: int
    accuracy: float
    by_last_action: float  # accuracy of a guess from the action before alone
    calibration_error: float
    sure: float  # share of decisions with a confidence of .8 or more
    sure_accuracy: float  # accuracy of those


class File(Struct, frozen=True, kw_only=True):
    """A classifier as it is stored."""

    format: int
    trained: datetime
    source: str  # what it was trained on, for people
    figures: Figures
    next_action: Packed
    line: Packed


class Classifier:
    def __init__(self, next_action: Weights, line: Weights) -> None:
        """`line` has a label "" for what does nothing."""
        self.next_action = next_action
        self.line = line

    @property
    def labels(self) -> tuple[str, ...]:
        return self.next_action.labels

    def next(self, turns: Sequence[Said]) -> Likely:
        """What an agent would do after these turns."""
        return self.next_action.likeliest(keyed(features.of_call(turns)))


class Talk:
    """One call as the classifier sees it: turns, and what each of the agent's did."""

    def __init__(self, line: Weights) -> None:
        self._line = line
        self._turns: list[Said] = []

    @property
    def turns(self) -> tuple[Said, ...]:
        return tuple(self._turns)

    def heard(self, speaker: Speaker, text: str) -> None:
        """A final. Pieces of one turn are put together, as in the calls it learnt from."""
        if self._turns and self._turns[-1].speaker == speaker:
            text = f"{self._turns.pop().text} {text}"
        text = text[-TURN_CHARACTERS:]
        action = self._action_of(text) if speaker == "agent" else ""
        self._turns.append(Said(speaker=speaker, text=text, action=action))
        del self._turns[:-MOST_TURNS]

    def _action_of(self, line: str) -> str:
        """What an agent's line does, "" if nothing or not clear."""
        found = self._line.likeliest(keyed(features.of_line(line)))
        return found.label if found.confidence >= SURE_OF_LINE else ""


def encode(
    classifier: Classifier, *, trained: datetime, source: str, figures: Figures
) -> bytes:
    """What `read` takes."""
    file = File(
        format=FORMAT,
        trained=trained,
        source=source,
        figures=figures,
        next_action=packed(classifier.next_action),
        line=packed(classifier.line),
    )
    return msgspec.msgpack.encode(file)


def read(data: bytes) -> tuple[File, Classifier]:
    """Raises ModelError if this is no classifier, or one of another version."""
    try:
        file = msgspec.msgpack.decode(data, type=File)
    except msgspec.DecodeError as error:
        raise ModelError(
            f"That is not an action classifier: {error}.",
            fix="Train it anew with `appliance train actions`.",
        ) from error
    if file.format != FORMAT:
        raise ModelError(
            f"The action classifier has format {file.format}, this version reads {FORMAT}.",
            fix="Train it anew with `appliance train actions`.",
        )
    return file, Classifier(unpacked(file.next_action), unpacked(file.line))
