"""What was said in a call, as far as it limits what may be written about it.

A draft may have no number, name, date or address that was not said, in whatever form: a
spoken "twenty five dollars" supports "$25", but not 25 days, and not $2. And its words are
those of the call, or stand for nothing in particular: told to summarise, a small model
hands over phrases of its examples, and nobody would notice a "booking reference" that was
not there. No model here; `allow` is asked for each token while a text is written, and
`unsupported` once more when it is done.
"""

import re
from collections.abc import Iterable, Iterator

from appliance.assistant.summary.vocabulary import COMMON, COPIED, OPENERS, SIGNS, UNITS
from appliance.cardinals import WORDS
from appliance.numerals import TOKEN, Numeral, numerals

# Of a text that grows, so much of its end is looked at; what is before was when it came.
TAIL = 120

# Letters of a word that its other forms begin with, at least; and of an ending, at most.
STEM, ENDING = 4, 5

# "25 working days": the word that says what is counted may be the second.
UNIT_WORDS = 2

_OPENING = re.compile(r"(?:^|[.!?…]\s+)[\"'(]*$")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[^\W_])")
_GENITIVE = re.compile(r"['’]s?$")
_PARTS = re.compile(r"[.,:/'’-]")
_ENDINGS = re.compile(r"(?:ations?|ments?|ings?|ions?|ed|es|ly|er|s|e|y|i|d)$")
_LOOSE = " .,:-/'’"  # behind these, a number may still go on


class Source:
    def __init__(self, said: Iterable[str]) -> None:
        self._units: dict[str, set[str]] = {}  # by the number that they were said with
        self._number_words: set[str] = set()
        self._said: set[str] = set()
        self._seen_units: set[str] = set()
        for text in said:
            for numeral in numerals(text):
                self._number_words.update(numeral.words)
                for reading in numeral.readings:
                    self._units.setdefault(reading, set()).update(counted(numeral, text))
            for word, _ in _words(text):
                self._said.update((word.lower(), *_PARTS.split(word.lower())))
            self._seen_units |= {UNITS[sign] for sign in SIGNS if sign in text}
        self._seen_units |= {UNITS[word] for word in self._said if word in UNITS}
        self._signs = {_bare(reading) for reading in self._units}
        self._known = self._said | COMMON
        self._stems = {_stem(word) for word in self._known if len(word) >= STEM}
        self._begun = {word[:n] for word in self._known for n in range(1, len(word) + 1)}

    # ------------------------------------------------------------------ whole texts

    def unsupported(self, text: str) -> list[str]:
        """What in `text` was not said, as it stands there."""
        found = [
            text[numeral.start : numeral.end]
            for numeral in numerals(text)
            if not self._supports(numeral, text)
        ]
        return found + [
            word for word, opens in _words(text) if not self._copied(word, opens)
        ]

    def supported(self, text: str) -> tuple[list[str], int]:
        """The sentences of `text` that rest on what was said, and how many do not."""
        sentences = [one for one in _SENTENCE.split(text) if one.strip()]
        good = [one for one in sentences if not self.unsupported(one)]
        return good, len(sentences) - len(good)

    # ------------------------------------------------------------------ texts that grow

    def allow(self, text: str) -> bool:
        """Whether `text` may stand so far; its last word or number may go on."""
        if len(text) > TAIL:
            text = text[text.find(" ", len(text) - TAIL) :]
        if not self._may_count(text) and not self._may_count(self._closed(text)):
            return False
        return all(
            self._begins(word, opens=opens)
            if text.endswith(word)
            else self._worded(word) and self._copied(word, opens)
            for word, opens in _words(text)
        )

    # ------------------------------------------------------------------ numbers

    def _closed(self, text: str) -> str:
        """Without a last word that is not finished and only begins like one of a number:
        "21 o" may become "21 of"."""
        before, _, last = text.rpartition(" ")
        begins = last.isalpha() and any(word.startswith(last) for word in WORDS)
        return before if begins else text

    def _may_count(self, text: str) -> bool:
        """Every number in `text` was said, or may become one that was."""
        whole = len(text.rstrip(_LOOSE))
        return all(
            self._supports(numeral, text, growing=True)
            if numeral.end < whole
            else self._may_become(numeral)
            for numeral in numerals(text)
        )

    def _supports(self, numeral: Numeral, text: str, *, growing: bool = False) -> bool:
        said = numeral.whole & self._units.keys()
        if not said:
            return False
        meant = counted(numeral, text, growing=growing)
        with_it: set[str] = set().union(*(self._units[reading] for reading in said))
        return meant <= (with_it or self._seen_units)

    def _may_become(self, numeral: Numeral) -> bool:
        written = "".join(numeral.words)
        if any(map(str.isdigit, written)):
            return any(sign.startswith(_bare(written)) for sign in self._signs)
        *before, last = numeral.words
        return self._number_words.issuperset(before) and any(
            word.startswith(last) for word in self._number_words
        )

    # ------------------------------------------------------------------ words

    def _copied(self, word: str, opens: bool) -> bool:
        """A name, a day or an address was said; what is none of these need not be."""
        plain = word.lower()
        if plain in self._said:
            return True
        if any(map(str.isdigit, word)):
            return True  # a number
        parts = _PARTS.split(plain)
        named = word != plain and not (opens and plain in OPENERS | COMMON)
        if named or "." in word:
            return self._said.issuperset(parts) and "." not in word
        return not COPIED.intersection(parts) - self._said

    def _worded(self, word: str) -> bool:
        """One of the call's words, in whatever form, or one that stands for nothing."""
        plain = word.lower()
        return (
            plain in self._known
            or any(map(str.isdigit, plain))
            or all(
                part in self._known or (len(part) >= STEM and _stem(part) in self._stems)
                for part in _PARTS.split(plain)
            )
        )

    def _begins(self, word: str, *, opens: bool) -> bool:
        """Whether a word may begin so."""
        plain = word.lower()
        if plain in self._begun or any(map(str.isdigit, plain)):
            return word == plain or opens or any(w.startswith(plain) for w in self._said)
        if word != plain:
            return False
        head, *more = _PARTS.split(plain)
        if more:
            return self._worded(head) and self._begins(more[-1], opens=False)
        return any(
            plain[:n] in self._stems
            for n in range(max(STEM, len(plain) - ENDING), len(plain) + 1)
        )


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Every word without a genitive, and whether a sentence begins with it."""
    for match in TOKEN.finditer(text):
        yield (
            _GENITIVE.sub("", match.group()),
            bool(_OPENING.search(text[: match.start()])),
        )


def counted(numeral: Numeral, text: str, *, growing: bool = False) -> set[str]:
    """What the number counts, if that is said."""
    around = {text[numeral.start - 1 : numeral.start], text[numeral.end : numeral.end + 1]}
    units = {UNITS[sign] for sign in around & SIGNS}
    after = re.findall(r"[^\W\d_]+", re.split(r"[.;!?]", text[numeral.end :])[0])
    if growing and text[-1:].isalpha():
        after = after[:-1] if len(after) <= UNIT_WORDS else after
    found = [UNITS[word.lower()] for word in after[:UNIT_WORDS] if word.lower() in UNITS]
    return units or set(found[:1])


def stems(text: str) -> set[str]:
    """What its words begin with, whatever their endings."""
    return {_stem(word.lower()) for word, _ in _words(text)}


def _bare(reading: str) -> str:
    return re.sub(r"\W", "", reading)


def _stem(word: str) -> str:
    stem = _ENDINGS.sub("", word)
    if len(stem) < STEM:
        return word[:STEM]  # all of a short word
    return stem[:-1] if stem[-1] == stem[-2] else stem
