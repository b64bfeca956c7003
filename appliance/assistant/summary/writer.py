"""Fill in the form of a draft, with nothing in it that was not said."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from appliance.assistant.grammar import FreeText, Grammar, Logits, Node, Writer
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
        if self._source.unsupported(self.text):
            return Verdict.REFUSED
        return super()._close()


class DraftWriter(Writer):
    """One draft in the making."""

    def __init__(self, grammar: Grammar, lines: Sequence[Line]) -> None:
        super().__init__(grammar)
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
        fed = super()._choose(node, logits)
        self.sure[name] = self.confidence
        return fed
