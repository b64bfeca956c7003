"""Make a language model fill in a form, so that its answer always parses.

A form is a row of parts: literals, choices and free texts.

- A literal is never sampled. Its tokens go through the model together with the next
  ones that have to anyway (jump-ahead), so only real decisions cost a decode.
- A choice walks a tree of the labels' tokens. At each fork the model's probabilities are
  renormalised over what is allowed; their product is the label's probability.
- A free text takes the likeliest token if `TextField` lets it in, else the next best. A
  grammar over the whole vocabulary costs 21 ms a token, one check 0.02 ms.

No model and no clock here: logits come in, tokens to feed go out.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeAlias

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from appliance.assistant.port import Likely
from appliance.assistant.text import Heard, TextField, Verdict

Logits: TypeAlias = NDArray[np.float32]

# Candidates that are sorted after the likeliest was refused; beyond them, all are.
NEXT_BEST = 64

# What one token past the soft limit adds to the score of a full stop, in logits. With 0.75
# the texts of the sample calls end by themselves before the hard limit nearly always.
END_BONUS = 0.75

# The model may close a text with any of these that is one token of its vocabulary.
ENDERS = (".", "?", "!", '."', '?"', '!"', '.","', '?","', '!","', '"', '","', '"}')

LABEL_ENDS = -1  # the pseudo token that ends a label which another label continues


class Vocabulary(Protocol):
    def tokens(self, text: str, *, special: bool = False) -> list[int]: ...

    def piece(self, token: int) -> bytes: ...


class Literal(Struct, frozen=True):
    text: str


class Choice(Struct, frozen=True):
    name: str
    labels: tuple[str, ...]


class FreeText(Struct, frozen=True):
    name: str
    soft: int  # tokens from which the next end of a sentence is the end
    hard: int  # tokens at most
    empty_after: tuple[str, ...] = ()  # stays empty if a choice fell on one of these


Part: TypeAlias = Literal | Choice | FreeText


class Calibration(Struct, frozen=True):
    """How the model's probabilities over labels become the confidence that is shown.

    The default changes nothing: these numbers have to be fitted on labelled calls.
    """

    temperature: float = 1.0  # above 1: less sure
    bias: Mapping[str, float] = field(default_factory=dict)  # added to a label's log odds


class Node:
    """A fork of the label tree."""

    def __init__(self) -> None:
        self.children: dict[int, Node] = {}
        self.label: str | None = None  # set where a label is complete
        self.bias = 0.0  # highest among the labels below


class Grammar:
    """A form, prepared for one vocabulary; shared by all answers."""

    def __init__(
        self,
        form: Sequence[Part],
        vocabulary: Vocabulary,
        calibration: Calibration | None = None,
    ) -> None:
        self.form = tuple(form)
        self.vocabulary = vocabulary
        self.calibration = calibration or Calibration()
        self.trees = {
            part.name: self._tree(part) for part in form if isinstance(part, Choice)
        }
        single = [vocabulary.tokens(text) for text in ENDERS]
        self.enders = np.array(
            sorted({tokens[0] for tokens in single if len(tokens) == 1}), dtype=np.intp
        )
        self.quote = vocabulary.tokens('"')[0]

    def _tree(self, choice: Choice) -> Node:
        root = Node()
        for label in choice.labels:
            bias = self.calibration.bias.get(label, 0.0)
            node = root
            for token in self.vocabulary.tokens(label):
                fresh = token not in node.children
                node = node.children.setdefault(token, Node())
                node.bias = bias if fresh else max(node.bias, bias)
            node.label = label
        return root


class Writer:
    """One answer in the making."""

    def __init__(
        self, grammar: Grammar, said: Heard | None = None, given: Likely | None = None
    ) -> None:
        """`given` is the label of every choice, if somebody else has chosen."""
        self.grammar = grammar
        self._given = given
        self.said = said or Heard()
        self.fields: dict[str, str] = {
            part.name: "" for part in grammar.form if not isinstance(part, Literal)
        }
        self.confidence = 0.0  # probability of the chosen labels; 0 before the first
        self.done = False
        self._chosen: set[str] = set()
        self._at = -1  # index of the part being written
        self._name = ""  # of that part
        self._node: Node | None = None
        self._text: TextField | None = None

    @property
    def document(self) -> str:
        """The form filled in so far; JSON if the form's literals are, once done."""
        return "".join(
            part.text if isinstance(part, Literal) else self.fields[part.name]
            for part in self.grammar.form
        )

    def begin(self) -> list[int]:
        """Tokens to feed before the first decision."""
        return self._advance("")

    def take(self, logits: Logits) -> list[int]:
        """Decide the next token. Returns what to feed before the next decision: the
        token itself and all that follows of necessity; nothing once `done`."""
        if self._node is not None:
            return self._choose(self._node, logits)
        if self._text is not None:
            return self._write(self._text, logits)
        raise AssertionError("take() after the last decision")

    def _advance(self, text: str) -> list[int]:
        """Go on to the next part that needs a decision; `text` is not yet fed."""
        self._node = self._text = None
        while True:
            self._at += 1
            if self._at == len(self.grammar.form):
                self.done = True
                return []
            part = self.grammar.form[self._at]
            if isinstance(part, Literal):
                text += part.text
                continue
            self._name = part.name
            if isinstance(part, Choice) and self._given is not None:
                text += self._take_given(self._given)
                continue
            if isinstance(part, Choice):
                self._node = self.grammar.trees[part.name]
                break
            if not self._chosen & set(part.empty_after):
                self._text = self._field(part)
                break
        return self.grammar.vocabulary.tokens(text) if text else []

    def _field(self, part: FreeText) -> TextField:
        return TextField(soft=part.soft, hard=part.hard, said=self.said)

    # ------------------------------------------------------------------ choices

    def _take_given(self, given: Likely) -> str:
        self.fields[self._name] = given.label
        self._chosen.add(given.label)
        self.confidence = given.confidence
        return given.label

    def _choose(self, node: Node, logits: Logits) -> list[int]:
        fed: list[int] = []
        token, probability = self._fork(node, logits)
        self.confidence = probability * (self.confidence or 1.0)
        while token != LABEL_ENDS:
            fed.append(token)
            node = node.children[token]
            if len(node.children) + (node.label is not None) > 1:
                self._node = node
                return fed
            if not node.children:
                break
            token = next(iter(node.children))
        self.fields[self._name] = node.label or ""
        self._chosen.add(self.fields[self._name])
        return fed + self._advance("")

    def _fork(self, node: Node, logits: Logits) -> tuple[int, float]:
        """The likeliest way on and its probability among the allowed ones."""
        tokens = list(node.children)
        scores = [float(logits[token]) for token in tokens]
        biases = [child.bias for child in node.children.values()]
        if node.label is not None:
            tokens.append(LABEL_ENDS)
            scores.append(float(logits[self.grammar.quote]))
            biases.append(self.grammar.calibration.bias.get(node.label, 0.0))
        odds = np.array(scores) / self.grammar.calibration.temperature + np.array(biases)
        odds = np.exp(odds - odds.max())
        best = int(odds.argmax())
        return tokens[best], float(odds[best] / odds.sum())

    # ------------------------------------------------------------------ free text

    def _write(self, text: TextField, logits: Logits) -> list[int]:
        shown = len(text.text)
        if text.count >= text.hard:
            text.finish(self.grammar.vocabulary.piece(int(logits.argmax())))
            token = None
        else:
            token = self._pick(text, logits)
        self.fields[self._name] = text.text
        if not text.closed:
            return [] if token is None else [token]
        # The closing token is not fed: what it held before its quote goes through the
        # model as the beginning of the literal that follows.
        return self._advance(text.text[shown:])

    def _pick(self, text: TextField, logits: Logits) -> int | None:
        for token in self._candidates(text, logits):
            if text.offer(self.grammar.vocabulary.piece(token)) is not Verdict.REFUSED:
                return token
        if text.give_up_character():
            return self._pick(text, logits)
        text.finish(b"")  # no token of the whole vocabulary may stand here
        return None

    def _candidates(self, text: TextField, logits: Logits) -> Iterator[int]:
        best = int(logits.argmax())
        if text.wants_to_end:
            ender = int(self.grammar.enders[logits[self.grammar.enders].argmax()])
            bonus = END_BONUS * text.wants_to_end
            if float(logits[ender]) + bonus >= float(logits[best]):
                yield ender
        yield best
        count = min(NEXT_BEST, len(logits))
        near = np.argpartition(logits, -count)[-count:]
        yield from map(int, near[logits[near].argsort()[::-1]])
        yield from map(int, logits.argsort()[::-1])
