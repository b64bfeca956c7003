"""Calls and what is written about them, as the language model is shown it. Nobody said
them. What they are about is in no draft: its words are those of its own call."""

from msgspec import Struct

from appliance.assistant.port import Line

RULE = (
    "You write up calls of customers and agents for the record: what the customer wanted, "
    "what the agent did about it, in their own words."
)


class Example(Struct, frozen=True):
    said: tuple[Line, ...]
    situation: str
    action: str
    resolved: str
    disposition: str  # the first of the site's list that is among these, with | between


def _call(*said: str) -> tuple[Line, ...]:
    """The agent first."""
    return tuple(
        Line("customer" if number % 2 else "agent", text)
        for number, text in enumerate(said)
    )


EXAMPLES = (
    Example(
        _call(
            "Thank you for calling, how can I help?",
            "Hi, my washing machine is making a terrible noise since you repaired it.",
            "Oh dear. Which model is it?",
            "The blue one, I bought it from you in spring.",
            "I will send an engineer on Monday, he will call you before.",
        ),
        "complaining that the washing machine is making a terrible noise since it was "
        "repaired.",
        "asked which model it is and informed that an engineer will come on Monday and "
        "call before.",
        "partly",
        "follow_up",
    ),
    Example(
        _call(
            "Good morning.",
            "I want to change the name on my booking and nobody answers.",
            "Sorry to hear that. Could you send us the booking reference?",
            "Done.",
            "Thank you, our team will look into it and let you know.",
        ),
        "asking to change the name on the booking because nobody answers.",
        "apologised, requested the booking reference and updated that the team will look "
        "into it.",
        "no",
        "follow_up",
    ),
    Example(
        _call(
            "Hello.",
            "Why is your shop in Mill Lane always closed?",
            "It opens again next week, after the works on the roof.",
            "OK, that's good, thanks.",
            "You're welcome, enjoy your day!",
        ),
        "asking why the shop in Mill Lane is always closed.",
        "informed that it opens again next week after the works on the roof.",
        "yes",
        "resolved",
    ),
)
