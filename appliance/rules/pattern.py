"""What a rule listens for, as people write it: words, phrases, and words near each other.

    refund                                  one word
    "this call is recorded"                 words in a row; the quotes may be left out
    recording NEAR/5 call                   in any order, at most five words between
    (recorded | monitored) NEAR/5 (call | conversation)
    (fourteen | 14) days                    one of them, then the other word
    cancel*                                 whatever begins so

NEAR binds from left to right; what is in brackets is found as one.
"""

import re
from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct

from appliance.rules.words import folded, words_of

FARTHEST = 30  # words; more than a long sentence

_TOKEN = re.compile(r'\s*(?:(NEAR/\d+\b)|"([^"]*)"|([()|])|([^\s()|"]+))')


EXACT = "="  # before a word that counts only as it is written


class Phrase(Struct, frozen=True):
    """Words in a row. One that ends in `*` stands for whatever begins so, one that begins
    with `=` for itself only."""

    words: tuple[str, ...]


class Near(Struct, frozen=True):
    """Both, in any order, with at most `words` words between them."""

    one: "Pattern"
    other: "Pattern"
    words: int


class Either(Struct, frozen=True):
    choices: tuple["Pattern", ...]


class InRow(Struct, frozen=True):
    """One straight after the other."""

    parts: tuple["Pattern", ...]


Pattern: TypeAlias = Phrase | Near | Either | InRow


class PatternFault(ValueError):
    """What is wrong with a pattern, in a sentence, and what to do."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.fix = fix


def parse(text: str, *, exact: bool = False) -> Pattern:
    """Raises PatternFault."""
    parser = _Parser(text, exact=exact)
    found = parser.near()
    parser.expect_end()
    return found


class _Parser:
    def __init__(self, text: str, *, exact: bool) -> None:
        self._text = text
        self._sign = EXACT if exact else ""
        self._tokens = _tokens(text)
        self._place = 0

    def near(self) -> Pattern:
        found = self._operand()
        while (token := self._peek()) and token[0] == "near":
            self._place += 1
            words = int(token[1])
            if words > FARTHEST:
                raise PatternFault(
                    f"NEAR/{words} reaches over {words} words.",
                    f"Take at most NEAR/{FARTHEST}.",
                )
            found = Near(found, self._operand(), words)
        return found

    def expect_end(self) -> None:
        if (token := self._peek()) is not None:
            raise PatternFault(
                f"{token[1]!r} stands where the pattern should end.",
                "Open the bracket before it, or take it out.",
            )

    def _operand(self) -> Pattern:
        parts: list[Pattern] = []
        while (part := self._part()) is not None:
            parts.append(part)
        if not parts:
            token = self._peek()
            found = "the end" if token is None else repr(token[1])
            raise PatternFault(
                f"A word is missing before {found}.",
                'Write such as: recording NEAR/5 call, or "two words".',
            )
        return parts[0] if len(parts) == 1 else InRow(tuple(parts))

    def _part(self) -> Pattern | None:
        match self._peek():
            case ("quoted", text):
                self._place += 1
                return self._phrase(text)
            case ("sign", "("):
                return self._brackets()
            case ("bare", _):
                return self._phrase(" ".join(self._bare()))
            case _:
                return None

    def _phrase(self, text: str) -> Phrase:
        signed = (
            word if word.endswith("*") else self._sign + word for word in _words(text)
        )
        return Phrase(tuple(signed))

    def _bare(self) -> Iterator[str]:
        while (token := self._peek()) is not None and token[0] == "bare":
            self._place += 1
            yield token[1]

    def _brackets(self) -> Pattern:
        self._place += 1
        choices = [self.near()]
        while self._peek() == ("sign", "|"):
            self._place += 1
            choices.append(self.near())
        if self._peek() != ("sign", ")"):
            raise PatternFault(f"A bracket in {self._text!r} is not closed.", "Close it.")
        self._place += 1
        return choices[0] if len(choices) == 1 else Either(tuple(choices))

    def _peek(self) -> tuple[str, str] | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, place = [], 0
    text = text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise PatternFault("A quote is not closed.", 'Close it with another ".')
        near, quoted, sign, bare = match.groups()
        place = match.end()
        if near:
            tokens.append(("near", near.removeprefix("NEAR/")))
        elif quoted is not None:
            tokens.append(("quoted", quoted))
        elif sign:
            tokens.append(("sign", sign))
        elif bare == "NEAR" or bare.upper().startswith("NEAR/"):
            raise PatternFault(
                f"{bare!r} does not say how many words may lie between.",
                "Write NEAR/5 for at most five.",
            )
        else:
            tokens.append(("bare", bare))
    return tokens


def _words(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for piece in text.split():
        whole = words_of(piece)
        if piece.endswith("*") and whole:
            whole[-1] = f"{folded(whole[-1])}*"
        found += whole
    if not found:
        raise PatternFault(f"{text!r} has no words.", "Write words of the language spoken.")
    return tuple(found)
