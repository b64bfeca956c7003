"""From what the model, or the word list, says about a line to its label and its score.

Both are a logistic regression over a handful of numbers, fitted as in `python -m
tests.load.fit_mood`: on 800 lines each of two sets, none of which `appliance eval
sentiment` scores, for the model's answers (qwen2.5-0.5b) as for the word list's: customers'
complaints (airline) and spoken dialogue (MELD). The sets weigh the same there, and so do
the labels, but for `negative`, which weighs a fifth more.

What the model says about lines without content, its prior, is taken out of what it says
about a line (contextual calibration, Zhao et al. 2021): with the 0.5B that moves the bias
only, but another model's prior is another.
"""

import math
from collections.abc import Collection, Sequence

from msgspec import Struct

from appliance.assistant.mood import lexicon
from appliance.assistant.mood.prompt import WORDS
from appliance.messages import MoodLabel

# How a line is punctuated tells as much as the word list: taken in, macro-F1 on MELD is .05
# higher. Counted only so far, so that a line of a hundred "!" is one of three.
MOST_EXCLAMATIONS, MOST_QUESTIONS = 3, 2

# One row for each number, one column for each label, in the order of WORDS.
Weights = tuple[tuple[float, float, float], ...]


class Fit(Struct, frozen=True):
    weights: Weights
    bias: tuple[float, float, float]


class Verdict(Struct, frozen=True):
    label: MoodLabel
    score: float  # P(positive) - P(negative)
    confidence: float  # P(label)


MODEL = Fit(
    weights=(
        (0.849, -0.242, -0.607),
        (-0.491, 0.981, -0.491),
        (-0.176, -0.213, 0.389),
        (0.415, 0.266, -0.681),
        (0.42, -0.391, -0.029),
        (0.136, -0.703, 0.567),
        (-0.068, -0.025, 0.093),
        (0.223, -0.474, 0.251),
        (-0.011, -0.072, 0.083),
        (0.018, -0.056, 0.039),
    ),
    bias=(-0.946, 2.065, -1.119),
)
LEXICON = Fit(
    weights=(
        (-1.507, 0.213, 1.294),
        (0.201, -0.646, 0.445),
        (0.247, -0.724, 0.476),
        (0.153, 0.102, -0.255),
        (0.366, -0.06, -0.305),
    ),
    bias=(-0.623, 0.537, 0.085),
)


def by_model(text: str, logits: Sequence[float], prior: Sequence[float]) -> Verdict:
    """`logits` of ASKED for this line, `prior`: `log_shares` for lines without content."""
    return _weighed(MODEL, model_features(text, logits, prior))


def by_lexicon(text: str) -> Verdict:
    """English only."""
    return _weighed(LEXICON, lexicon_features(text))


def model_features(
    text: str, logits: Sequence[float], prior: Sequence[float]
) -> list[float]:
    own = [share - before for share, before in zip(log_shares(logits), prior, strict=True)]
    return own + shape(text)


def lexicon_features(text: str) -> list[float]:
    compound = lexicon.compound(text)
    return [compound, abs(compound), *shape(text)]


def shape(text: str) -> list[float]:
    """Exclamation marks, question marks, length."""
    return [
        float(min(text.count("!"), MOST_EXCLAMATIONS)),
        float(min(text.count("?"), MOST_QUESTIONS)),
        math.log1p(len(text.split())),
    ]


def log_shares(logits: Sequence[float]) -> list[float]:
    """Log of each one's share of the probability of the labels together, which come
    first."""
    labels = logits[: len(WORDS)]
    most = max(labels)
    total = most + math.log(sum(math.exp(logit - most) for logit in labels))
    return [logit - total for logit in logits]


def mean(found: Collection[Sequence[float]]) -> list[float]:
    """Label by label."""
    return [sum(column) / len(found) for column in zip(*found, strict=True)]


def _weighed(fit: Fit, features: Sequence[float]) -> Verdict:
    logits = [
        bias
        + sum(row[label] * value for row, value in zip(fit.weights, features, strict=True))
        for label, bias in enumerate(fit.bias)
    ]
    shares = [math.exp(share) for share in log_shares(logits)]
    confidence = max(shares)
    return Verdict(
        label=WORDS[shares.index(confidence)],
        score=shares[WORDS.index("positive")] - shares[WORDS.index("negative")],
        confidence=confidence,
    )
