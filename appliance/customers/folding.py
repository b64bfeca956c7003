"""How names are compared: the same folding as macros.sql does for what is stored.

Here for what is asked, because DuckDB takes 5 ms to compile the expressions for one query.
"""

import re
import unicodedata

_LIGATURES = {"ß": "ss", "æ": "ae", "œ": "oe"}
_LETTERS = str.maketrans("øłđı", "oldi", "'’`")
_UMLAUT = re.compile("([aou])e")


def words(text: str) -> list[str]:
    """The words of a name, in order, without case, accents and punctuation. Müller, Mueller
    and Muller are one word."""
    lowered = "".join(letter.lower()[:1] for letter in text)
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFD", lowered)
        if unicodedata.category(letter)[0] != "M"
    )
    bare = unicodedata.normalize("NFC", bare)
    for ligature, letters in _LIGATURES.items():
        bare = bare.replace(ligature, letters)
    spaced = "".join(
        letter if unicodedata.category(letter)[0] in "LN" else " "
        for letter in bare.translate(_LETTERS)
    )
    return _UMLAUT.sub(r"\1", spaced).split()


def parts(word: str) -> list[str]:
    """The word with up to one letter left out; as in macros.sql."""
    if len(word) < 3:
        return [word]
    return sorted({word, *(word[:i] + word[i + 1 :] for i in range(len(word)))})


def code_of(text: str) -> str:
    """A number or address as `code` has it: letters and digits; as in macros.sql."""
    return "".join(
        letter for letter in text.lower() if unicodedata.category(letter)[0] in "LN"
    )
