"""The word list VADER: how a line reads when no model has time for it.

The only module that imports vaderSentiment (MIT; its list is a file of the package). The
list is English.
"""

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

NAME = "lexicon"
LANGUAGE = "en"

# Read on import, 9 ms, because later there is an event loop that must not wait for a file.
_ANALYSER = SentimentIntensityAnalyzer()


def compound(text: str) -> float:
    """-1 (negative) to 1 (positive), 0 where no word of the list occurs."""
    return float(_ANALYSER.polarity_scores(text)["compound"])
