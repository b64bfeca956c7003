"""Made-up calls in which the words of the customer decide what the agent does."""

import random

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
