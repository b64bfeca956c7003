"""One free text field of an answer: which tokens may enter it, and where it ends.

The field is safe to stand between quotes in JSON without escapes, it ends at a sentence or
a clause and never inside a word, and every number in it was said in the call. Nothing
here knows a model: it is offered the bytes of one token at a time.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import Enum
from typing import Protocol

from msgspec import Struct

# Quotes and backslashes would need escapes. The brackets are what a model writes when it
# wants a template filled in ("Dear [name]"), the rest is markup: neither can be said.
FORBIDDEN = frozenset('"\\[]{}<>|*_#`~^=@')
SENTENCE_ENDS = ".!?。！？…"  # Chinese and Japanese end sentences so, too
LOOSE_ENDS = " ,;:-–—(/"

# Written out, numbers are invented just as easily. "one" is not here: "one moment".
NUMBERS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty "
    "ninety hundred thousand million"
)
NUMBER_WORDS = frozenset(NUMBERS.split())

# What small models fall into when they are unsure and an agent must not be told to say.
NO_ADVICE = re.compile(
    "|".join(
        (
            # Turning the question down, as instruction-tuned models do.
            r"sorry, (but|i do not|i don't)",
            r"(cannot|can't) (help|assist|find)",
            r"(do not|don't) have (access|any information)",
            r"as an ai|language model",
            # The customer's part: "I would like you to pay my bill."
            r"^i (would like|would love|need|want)\b",
            # Asking for what nobody should say on the telephone.
            r"\b(provide|tell|give|enter|share|confirm|what is|what's|may i have)\b[^.!?]*"
            r"\b(password|passcode|pin|cvv|cvc|security code|card number|login)\b",
            r"\b(current|old) (password|passcode|pin|login)\b",
        )
    )
)

# "I cannot block data abroad", of rules that say how it is blocked. A plain "no" may be the
# answer to "do I have to pay?".
DENIAL = re.compile(
    r"\b(not|cannot|never|nobody|nothing|none|unable|nicht|nie|niemand|nichts|kein\w*)\b|"
    r"n['’]t\b",
    re.IGNORECASE,
)

# A repeated beginning is refused from its fourth word on, counted in spaces around words.
ECHO_WORDS = 5

_RUN = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


class Verdict(Enum):
    REFUSED = 0  # nothing has changed
    TAKEN = 1
    CLOSED = 2


class Limits(Protocol):
    """What was said, as far as it limits what may be written."""

    def allow(self, text: str) -> bool:
        """Whether `text` may stand so far; its last word or number may go on."""
        ...


class Heard(Struct, frozen=True):
    """What was said, as far as it limits what may be written."""

    digits: frozenset[str] = frozenset()  # numbers
    words: frozenset[str] = frozenset()  # numbers, written out
    latest: tuple[str, ...] = ()  # the newest turn of each speaker, as plain words
    denies: bool = True  # whether the rules to rest on deny anything, if there are any

    def allow(self, text: str) -> bool:
        if not self.denies and DENIAL.search(text):
            return False
        return self._knows_numbers(text) and not self._repeated(text)

    def _knows_numbers(self, text: str) -> bool:
        """Every number in `text` was said. One at its very end may still be growing, so
        there the beginning of a known one will do."""
        for run in _RUN.finditer(text):
            number, open_ended = run.group(), run.end() == len(text)
            if number not in self.digits and not (
                open_ended and any(known.startswith(number) for known in self.digits)
            ):
                return False
        found = {word.lower() for word in _WORD.findall(text)}
        return not (found & NUMBER_WORDS) - self.words

    def _repeated(self, text: str) -> bool:
        """The text begins by saying again what was just said. Small models do: the
        customer's own request in the first person, the question just answered."""
        words = _plain(text)
        return words.count(" ") >= ECHO_WORDS and any(words in turn for turn in self.latest)


def heard(
    said: Iterable[str], latest: Iterable[str] = (), evidence: Iterable[str] = ()
) -> Heard:
    """`evidence` is what advice is to rest on; it is among what was `said`, too."""
    whole, rules = " ".join(said), " ".join(evidence)
    return Heard(
        digits=frozenset(_RUN.findall(whole)),
        words=frozenset(NUMBER_WORDS.intersection(_plain(whole).split())),
        latest=tuple(map(_plain, latest)),
        denies=not rules or DENIAL.search(rules) is not None,
    )


def _plain(text: str) -> str:
    """Lower case words, each between spaces."""
    return f" {' '.join(_WORD.findall(text.lower()))} "


class TextField:
    """Grows by offered tokens until it is closed."""

    def __init__(self, *, soft: int, hard: int, said: Limits) -> None:
        """From `soft` tokens on the field closes at the first end of a sentence; at `hard`
        tokens it is closed whatever the model wants."""
        self.soft = soft
        self.hard = hard
        self.said = said
        self.text = ""
        self.count = 0  # tokens taken
        self.closed = False
        self._half = b""  # beginning of a character whose other bytes are still to come

    @property
    def wants_to_end(self) -> int:
        """0 before the soft limit, then 1, 2, ... the nearer the hard limit."""
        return max(0, self.count - self.soft + 1)

    def offer(self, piece: bytes) -> Verdict:
        """Take a token if it may stand here. A quote, or a token without bytes (the model
        says that it has finished), closes the field once it has text."""
        before, quote, _ = piece.partition(b'"')
        if not before:
            return self._close() if quote or not piece else Verdict.REFUSED
        grown = self._grown(before)
        if grown is None:
            return Verdict.REFUSED
        self.text, self._half = grown
        self.count += 1
        ended = quote or (self.count >= self.soft and self._at_sentence_end())
        if ended and self._close() is Verdict.CLOSED:
            return Verdict.CLOSED
        return Verdict.TAKEN

    def give_up_character(self) -> bool:
        """Forget half a character that nothing completes. False if there is none."""
        half, self._half = self._half, b""
        return bool(half)

    def finish(self, next_piece: bytes) -> None:
        """Close at the hard limit. `next_piece` is what the model would have written:
        if it goes on with the same word, that word is dropped."""
        text = self.text
        half_word = next_piece[:1].isalnum() or not self.said.allow(text + " ")
        if half_word and " " in text:
            text = text.rpartition(" ")[0]
        whole = max(text.rfind(end) for end in SENTENCE_ENDS)
        if whole > 0 and len(text[:whole].split()) >= 3:
            text = text[: whole + 1]
        elif text.rstrip(LOOSE_ENDS):
            text = text.rstrip(LOOSE_ENDS) + "…"
        self._seal(text)

    def _close(self) -> Verdict:
        spoken = any(character.isalnum() for character in self.text)
        if not spoken or not self.said.allow(self.text + " "):
            return Verdict.REFUSED  # says nothing yet, or stops inside a number
        self._seal(self.text)
        return Verdict.CLOSED

    def _seal(self, text: str) -> None:
        self.text = text.strip().rstrip(LOOSE_ENDS)
        self.closed = True

    def _at_sentence_end(self) -> bool:
        # "3." may go on as "3.50".
        return self.text[-1:] in SENTENCE_ENDS and not self.text[-2:-1].isdigit()

    def _grown(self, more: bytes) -> tuple[str, bytes] | None:
        fresh, half = _decoded(self._half + more)
        if fresh is None or not all(map(_speakable, fresh)):
            return None
        if fresh.isspace() and self.text[-1:] in ("", " "):
            return None
        text = (self.text + fresh).lstrip()
        return (text, half) if self._may_stand(text) else None

    def _may_stand(self, text: str) -> bool:
        return not NO_ADVICE.search(text.lower()) and self.said.allow(text)


def _decoded(data: bytes) -> tuple[str | None, bytes]:
    """The whole characters of `data` and the bytes of one that is not complete yet; None
    where the bytes cannot become text."""
    try:
        return data.decode(), b""
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            return None, b""
        return data[: error.start].decode(), data[error.start :]


def _speakable(character: str) -> bool:
    # Categories C*: control, format (invisible, turns the direction of writing) and
    # surrogates. So, Sk: emoji and their modifiers. U+FFFD is So too.
    if character in FORBIDDEN:
        return False
    category = unicodedata.category(character)
    return category[0] != "C" and category not in {"Zl", "Zp", "So", "Sk"}
