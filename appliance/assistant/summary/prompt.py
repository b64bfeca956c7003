"""How the language model is asked for a draft: rule and examples | the call | the form.

The call is not laid out as a chat, as it is for advice: of that prompt's examples the model
took a table that somebody wanted to book for what every caller wanted.
"""

from collections.abc import Sequence

from appliance.assistant.grammar import Choice, FreeText, Literal, Part
from appliance.assistant.port import Line
from appliance.assistant.prompt import END, LINE_CHARACTERS, START, Span
from appliance.assistant.summary.examples import EXAMPLES, RULE
from appliance.messages import Role

NAMES: dict[Role, str] = {"agent": "Agent", "customer": "Customer"}

SITUATION, ACTION, RESOLVED, DISPOSITION = "situation", "action", "resolved", "disposition"

# How the sentences begin: written by us, so that they are about the right person.
LEADS = {SITUATION: "Customer is", ACTION: "Agent"}

RESOLUTIONS = ("yes", "partly", "no")

# Where a site has no list of its own.
DISPOSITIONS = ("resolved", "follow_up", "handed_over", "no_contact")


def form(dispositions: Sequence[str]) -> tuple[Part, ...]:
    """What is filled in. The limits are in tokens: 64 take 2.5 s on 2 cores."""
    return (
        Literal(LEADS[SITUATION]),
        FreeText(SITUATION, soft=14, hard=32),
        Literal(f"\n{LEADS[ACTION]}"),
        FreeText(ACTION, soft=12, hard=32),
        Literal('\nResolved: "'),
        Choice(RESOLVED, RESOLUTIONS),
        Literal('"\nOutcome: "'),
        Choice(DISPOSITION, tuple(map(in_words, dispositions))),
        Literal('"'),
    )


def in_words(disposition: str) -> str:
    """As the model reads the name of a disposition."""
    return " ".join(disposition.replace("_", " ").split())


def prefix(dispositions: Sequence[str]) -> list[Span]:
    """Rule and examples: the same for every call. An example whose outcome the site does
    not know has one of its own, or the model would favour names that it was shown."""
    text = f"{START}system\n{RULE}{END}"
    for place, example in enumerate(EXAMPLES):
        known = example.disposition in dispositions
        outcome = example.disposition if known else dispositions[place % len(dispositions)]
        text += "".join(span.text for span in call(example.said)) + ASK
        text += (
            f"{LEADS[SITUATION]} {example.situation}\n{LEADS[ACTION]} {example.action}\n"
            f'Resolved: "{example.resolved}"\nOutcome: "{in_words(outcome)}"{END}'
        )
    return [Span(text, control=True)]


ASK = f"{END}{START}assistant\n"


def call(lines: Sequence[Line]) -> list[Span]:
    """One call, to which lines can be added."""
    spans = [Span(f"{START}user\n", control=True)]
    for line in lines:
        spans += [
            Span(f"{NAMES[line.speaker]}: ", control=True),
            Span(" ".join(line.text.split())[-LINE_CHARACTERS:], control=False),
            Span("\n", control=True),
        ]
    return spans


def nothing() -> list[Span]:
    """A call without content, and the question about it."""
    return call((Line("agent", "Hello."), Line("customer", "Hello."))) + task()


def task() -> list[Span]:
    """What comes after the call and before the form."""
    return [Span(ASK, control=True)]
