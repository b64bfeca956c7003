"""Fill in the form of a draft, with nothing in it that was not said."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from appliance.assistant.grammar import (
    Choice,
    FreeText,
    Grammar,
    Literal,
    Logits,
    Node,
    Writer,
)
from appliance.assistant.port import Line
from appliance.assistant.summary.prompt import ACTION, SITUATION
from appliance.assistant.summary.source import Source
from appliance.assistant.text import TextField, Verdict
from appliance.messages import Role

# Whose words each sentence is made of: free to use both, the model took what the customer
# had tried for what the agent had suggested.
SPEAKERS: Mapping[str, Role] = {SITUATION: "customer", ACTION: "agent"}


# Bound to the call's words, a model that finds none of them fitting says one again and
# again: "the shop shop shop", "in a service on a service on a".
REPEATED = re.compile(r"  |\b(\w+) \1 |(\b\w+ \w+ \w+\b).*\b\2\b")


# Tokens looked at for one place, of 150,000 there are: 20 ms. Where none of these fits, the
# text ends.
MOST_TRIED = 200


# No sentence ends with one of these.
_DANGLING = """
a an the of to in on at by for with from that which who and or but is are was were be not as
if when their its your our my this
"""
DANGLING = frozenset(_DANGLING.split())

# What a sentence says where nothing was said.
EMPTY = " calling."

# A label is never taken for rarer than this where nothing was said, or noise would be
# chosen.
RAREST = 0.05


class DraftField(TextField):
    """One line."""

    def __init__(self, part: FreeText, source: Source) -> None:
        super().__init__(soft=part.soft, hard=part.hard, said=source)
        self._source = source

    def offer(self, piece: bytes) -> Verdict:
        return super().offer(piece.replace(b"\n", b'"'))

    def _may_stand(self, text: str) -> bool:
        return not REPEATED.search(text.lower()) and self.said.allow(text)

    def _close(self) -> Verdict:
        *_, last = [*self.text.lower().split(), ""]
        if last in DANGLING or self._source.unsupported(self.text):
            return Verdict.REFUSED
        return super()._close()


class DraftWriter(Writer):
    """One draft in the making."""

    def __init__(
        self,
        grammar: Grammar,
        lines: Sequence[Line],
        bias: Mapping[int, float] | None = None,
    ) -> None:
        """`bias`, from `Prior`, is added to the logits of labels' first tokens."""
        super().__init__(grammar)
        self._bias: Mapping[int, float] = {} if bias is None else bias
        self.sure: dict[str, float] = {}  # probability of each label that was chosen
        self._sources = {
            name: Source(line.text for line in lines if line.speaker == speaker)
            for name, speaker in SPEAKERS.items()
        }

    def _field(self, part: FreeText) -> TextField:
        return DraftField(part, self._sources[part.name])

    def _candidates(self, text: TextField, logits: Logits) -> Iterator[int]:
        return islice(super()._candidates(text, logits), MOST_TRIED)

    def _choose(self, node: Node, logits: Logits) -> list[int]:
        name = self._name
        if node is self.grammar.trees[name]:
            self.confidence = 0.0  # the label before it is settled
            logits = logits.copy()
            for token, bias in self._bias.items():
                if token in node.children:
                    logits[token] += bias
        fed = super()._choose(node, logits)
        self.sure[name] = self.confidence
        return fed


class Prior:
    """What the model would choose where nothing was said. It repeats the labels it was
    shown last; taken out, what the call adds to them is left (contextual calibration,
    Zhao et al. 2021)."""

    def __init__(self, grammar: Grammar) -> None:
        self.bias: dict[int, float] = {}  # by the first token of each label
        self._grammar = grammar
        self._at = 0  # in the form
        self._read = ""

    def begin(self) -> list[int]:
        """Tokens to feed behind a call without content; [] once all labels are known."""
        text = ""
        while self._at < len(self._grammar.form):
            part = self._grammar.form[self._at]
            if isinstance(part, Choice):
                self._read = part.name
                return self._grammar.vocabulary.tokens(text)
            text += part.text if isinstance(part, Literal) else EMPTY
            self._at += 1
        return []

    def take(self, logits: Logits) -> list[int]:
        """Note the odds of the labels that come next, and go on as if the first were
        chosen. What to feed before the next."""
        tokens = list(self._grammar.trees[self._read].children)
        odds = np.exp(logits[tokens] - logits[tokens].max())
        shares = np.maximum(odds / odds.sum(), RAREST)
        self.bias |= {
            token: -math.log(share) for token, share in zip(tokens, shares, strict=True)
        }
        self._at += 1
        chosen = self._grammar.form[self._at - 1]
        label = chosen.labels[0] if isinstance(chosen, Choice) else ""
        rest = self.begin()
        return self._grammar.vocabulary.tokens(label) + rest if rest else []
