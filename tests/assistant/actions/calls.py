"""Made-up calls in which the words of the customer decide what the agent does, and what is
learnt from them as it is stored."""

import random
from datetime import UTC, datetime

from appliance.assistant.actions.classifier import Classifier, Figures, encode
from appliance.assistant.actions.features import Said
from appliance.assistant.actions.learning import Conversation

LINES = {
    "look_up": ("where is my parcel", "One moment, I will look that up."),
    "offer_refund": ("I want my money back", "I will send the money back to you."),
    "close": ("thank you that is all", "Thank you for calling, goodbye."),
}


def made_up(count: int, *, seed: int = 5) -> list[Conversation]:
    order = random.Random(seed)
    calls = []
    for number in range(count):
        turns = [Said(speaker="agent", text="Hello, how can I help?")]
        for action in order.choices(list(LINES), k=4):
            asked, answered = LINES[action]
            filler = order.choice(["well", "er", "so", "please"])
            turns += [
                Said(speaker="customer", text=f"{filler} {asked}"),
                Said(speaker="agent", text=answered, action=action),
            ]
        calls.append(Conversation(id=number, turns=tuple(turns)))
    return calls


def stored(classifier: Classifier) -> bytes:
    figures = Figures(
        decisions=1,
        accuracy=1,
        by_last_action=0,
        calibration_error=0,
        sure=1,
        sure_accuracy=1,
    )
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    return encode(classifier, trained=moment, source="made up", figures=figures)
