"""Finding customers by what somebody typed or said.

Measured with `python -m tests.load.customers` on one thread of 2 busy cores, a million
customers and 1.5 million orders: p50 16, p95 30 ms over twelve ways to ask; names 20 to 25,
numbers and addresses 2; 220 MB beside the program at most, of which 128 are DuckDB's cache.
"""

import re
from collections.abc import Iterable, Sequence
from math import log
from typing import NamedTuple

from appliance.customers import folding, phone
from appliance.customers.database import Reader, listed
from appliance.customers.rank import (
    EXACT,
    NEAR,
    Hit,
    best_first,
    distance,
    name_score,
    word_score,
)
from appliance.messages import CustomerClue

# Whoever pastes a page into the search box means something in its beginning.
LONGEST = 200
MOST_WORDS = 6
LONGEST_WORD = 24  # as in indexes.sql

# Customers that are looked at closely, of all that share words with what was asked.
CLOSE = 40

# Names of this many customers at most begin with what was typed; of "a" everybody's does.
BEGUN_WORDS = 40

# What fits worse is rather nobody than a suggestion.
FAINTEST = 0.5

# Two questions: a join would compare each of the words, 13 instead of 5 ms.
_PARTS = "SELECT part, w FROM part WHERE part IN ({})"
_WORDS = "SELECT w, word, customers FROM word WHERE w IN ({})"

_BEGUN_WORDS = """
SELECT w, word, customers FROM word WHERE word >= $begun AND word < $begun || chr(1114111)
ORDER BY customers DESC, w LIMIT $most
"""

# Only if no word is one letter away. Those with the same first letter are compared, which
# most mistakes leave alone: 2 ms instead of 15 for all.
_FAR_WORDS = """
SELECT w, word, customers, jaro_winkler_similarity(word, $asked) AS alike FROM word
WHERE word >= $first AND word < $first || chr(1114111)
    AND abs(length(word) - length($asked)) <= 2 AND alike >= 0.86
ORDER BY alike DESC, w LIMIT 20
"""

_SHARE_WORDS = """
SELECT n FROM (
    SELECT n, asked, max(worth) AS worth
    FROM posting JOIN (VALUES {near}) near (asked, w, worth) USING (w)
    WHERE w IN ({w}) GROUP BY n, asked
)
GROUP BY n ORDER BY sum(worth) DESC, n LIMIT {most}
"""

_CODES = "SELECT n, kind FROM code WHERE code IN ({}) LIMIT {}"

_LINES = "SELECT n FROM line WHERE digits IN ({}) LIMIT {}"

_CUSTOMERS = """
SELECT n, id, name, coalesce(email, ''), coalesce(phone, ''), coalesce(status, ''),
    string_split(folded, ' ')
FROM customer WHERE n IN ({})
"""


class _Word(NamedTuple):
    asked: str
    w: int
    word: str
    customers: int


class _Found(NamedTuple):
    n: int
    id: str
    name: str
    email: str
    phone: str
    status: str
    words: list[str]

    def hit(self, matched: CustomerClue, value: str, score: float, *, exact: bool) -> Hit:
        return Hit(
            id=self.id,
            name=self.name,
            email=self.email,
            phone=self.phone,
            status=self.status,
            matched=matched,
            value=value,
            exact=exact,
            score=round(score, 4),
        )


def search(reader: Reader, query: str, most: int = 10, *, begun: bool = True) -> list[Hit]:
    """The customers whom `query` fits, the best first. Blocks; raises CustomersError.

    With `begun`, its last word may not be finished, as in a search box.
    """
    asked = " ".join(query.replace("\0", " ")[:LONGEST].split())
    if not asked:
        return []
    hits = [*_by_code(reader, asked, most), *_by_phone(reader, asked, most)]
    if not any(hit.exact for hit in hits):
        hits += _by_name(reader, asked, begun=begun)
    return best_first(hits, most)


def _by_code(reader: Reader, asked: str, most: int) -> list[Hit]:
    """By customer number, order number or e-mail address, written in full."""
    codes = listed({folding.code_of(asked), asked.lower()} - {""})
    rows = reader.ask(_CODES.format(codes or "NULL", 4 * most))
    kinds: dict[int, CustomerClue] = dict(rows)
    return [
        one.hit(
            kinds[one.n], _value(one, kinds[one.n], asked), EXACT[kinds[one.n]], exact=True
        )
        for one in _fetch(reader, kinds)
    ]


def _value(one: _Found, matched: CustomerClue, asked: str) -> str:
    return {"id": one.id, "email": one.email}.get(matched, asked)


def _by_phone(reader: Reader, asked: str, most: int) -> list[Hit]:
    if not phone.is_phone(asked):
        return []
    digits = phone.digits_of(asked)
    for exact, lines in (
        (True, [phone.line_of(digits)]),
        (False, phone.near_lines(digits)),
    ):
        rows = reader.ask(_LINES.format(listed(lines), CLOSE))
        fits = phone.same if exact else phone.nearly_same
        worth = (EXACT if exact else NEAR)["phone"]
        found = [
            one.hit("phone", one.phone, worth, exact=exact)
            for one in _fetch(reader, (n for (n,) in rows))
            if fits(digits, phone.digits_of(one.phone))
        ]
        if found:
            return found[:most]
    return []


def _by_name(reader: Reader, asked: str, *, begun: bool) -> list[Hit]:
    """By name, or by the words of an e-mail address, with typing errors."""
    local = asked.split("@")[0] if "@" in asked else asked
    if "@" in asked:
        local = re.sub("[0-9]+", " ", local)  # as in indexes.sql
    words = folding.words(local)[:MOST_WORDS]
    if not any(letter.isalpha() for word in words for letter in word):
        return []
    near = _near_words(reader, words, begun=begun and "@" not in asked)
    if not near:
        return []
    asked_at = {word: place for place, word in enumerate(words)}
    values = ", ".join(f"({asked_at[x.asked]}, {x.w}, {_worth(x):.4f})" for x in near)
    share = _SHARE_WORDS.format(near=values, w=listed(x.w for x in near), most=CLOSE)
    rows = reader.ask(share)
    found = _fetch(reader, (n for (n,) in rows))
    hits = [_judge(one, asked, words, begun=begun) for one in found]
    return [hit for hit in hits if hit.score >= FAINTEST]


def _near_words(reader: Reader, words: Sequence[str], *, begun: bool) -> list[_Word]:
    cut = dict[str, set[str]]()
    for asked in words:
        for part in folding.parts(asked[:LONGEST_WORD]):
            cut.setdefault(part, set()).add(asked)
    pairs = {
        (w, x) for part, w in reader.ask(_PARTS.format(listed(cut))) for x in cut[part]
    }
    found = reader.ask(_WORDS.format(listed({w for w, _ in pairs}))) if pairs else []
    words_of = {row[0]: row for row in found}
    near = [_Word(asked, *words_of[w]) for w, asked in sorted(pairs)]
    if begun and len(words[-1]) > 1:
        rows = reader.ask(_BEGUN_WORDS, {"begun": words[-1], "most": BEGUN_WORDS})
        near += [_Word(words[-1], *row) for row in rows]
    known = {word.asked for word in near}
    for asked in words:
        if asked not in known and len(asked) > 3:
            rows = reader.ask(_FAR_WORDS, {"asked": asked, "first": asked[0]})
            near += [_Word(asked, *row[:3]) for row in rows]
    return near


def _worth(word: _Word) -> float:
    """A rare word that fits says more than one that everybody has."""
    fits = word_score(word.asked, word.word, unfinished=True)
    return fits * fits / log(2.0 + word.customers)


def _judge(one: _Found, asked: str, words: Sequence[str], *, begun: bool) -> Hit:
    by_name = name_score(words, one.words, open_end=begun)
    if "@" in asked and one.email:
        away = distance(asked.lower(), one.email.lower())
        by_email = NEAR["email"] * max(0.0, 1 - 3 * away / max(len(asked), len(one.email)))
        if by_email > by_name * NEAR["name"]:
            return one.hit("email", one.email, by_email, exact=False)
    if sorted(words) == sorted(one.words):
        return one.hit("name", one.name, EXACT["name"], exact=True)
    local = one.email.split("@")[0].lower()
    by_local = NEAR["email"] * word_score("".join(words), re.sub(r"\W", "", local))
    if by_local > by_name * NEAR["name"]:
        return one.hit("email", one.email, by_local, exact=False)
    return one.hit("name", one.name, by_name * NEAR["name"], exact=False)


def _fetch(reader: Reader, places: Iterable[int]) -> list[_Found]:
    wanted = sorted(set(places))
    if not wanted:
        return []
    return [_Found(*row) for row in reader.ask(_CUSTOMERS.format(listed(wanted)))]
