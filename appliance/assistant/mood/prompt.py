"""How the language model is asked for the mood of one line: one prefix for all of them."""

from appliance.assistant.mood.examples import EXAMPLES
from appliance.assistant.prompt import END, LINE_CHARACTERS, START, Span
from appliance.messages import MoodLabel

# The first token of each tells them apart in the models' vocabularies.
WORDS: tuple[MoodLabel, ...] = ("negative", "neutral", "positive")

# What else the model might say of a person: how likely these are as the same next word
# tells what the three do not. Of 21 that were tried, those that told most: cross-validated
# on 800 lines each, macro-F1 on MELD goes from .600 to .615, of its negative lines .686 are
# found in place of .651, and airline stays.
FEELINGS = ("confused", "worried", "excited", "good")

# In this order their logits come.
ASKED = (*WORDS, *FEELINGS)

# Lines without content: what the model says to them is its prior.
CONTENT_FREE = ("", "N/A", "[MASK]")

RULE = (
    "You read what a person says and tell the person's mood: negative, neutral or positive."
)


def prefix() -> list[Span]:
    """Rule and examples: the same for every line."""
    text = f"{START}system\n{RULE}{END}"
    for example in EXAMPLES:
        text += f"{START}user\n{example.said}{END}{START}assistant\n{example.label}{END}"
    return [Span(text, control=True)]


def question(line: str) -> list[Span]:
    """What comes after the prefix; the next token is the answer. The quotes, which the
    examples do without, find more negative lines: .66 of MELD's instead of .60."""
    return [
        Span(f'{START}user\n"', control=True),
        Span(" ".join(line.split())[-LINE_CHARACTERS:], control=False),
        Span(f'"{END}{START}assistant\n', control=True),
    ]


def room() -> int:
    """Cells for the prefix and one line, at three characters a token."""
    characters = sum(len(span.text) for span in prefix()) + LINE_CHARACTERS
    return characters // 2
