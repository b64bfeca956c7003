"""Lines and their moods, as the language model is shown them. Nobody said them."""

from typing import NamedTuple

from appliance.messages import MoodLabel


class Example(NamedTuple):
    said: str
    label: MoodLabel


EXAMPLES = (
    Example("I waited at home all day and nobody came.", "negative"),
    Example("I'd like to send flowers to my mother.", "neutral"),
    Example("Oh, that's wonderful, thank you so much!", "positive"),
    Example("Mill Lane, number four.", "neutral"),
    Example("This is the third time I am calling about this.", "negative"),
    Example("Can I change the date?", "neutral"),
    Example("You have been very helpful.", "positive"),
    Example("No, that is not what I was told.", "negative"),
    Example("So it arrives on Monday?", "neutral"),
    Example("Yes! It works again!", "positive"),
    Example("What do you mean, you can't find it?", "negative"),
    Example("I think it's the blue one.", "neutral"),
    Example("I really love your new shop.", "positive"),
    Example("I'm sorry, I can't do that.", "negative"),
)
