"""Which of the customers that were found comes first, and why. No IO."""

from collections.abc import Sequence

from msgspec import Struct

from appliance.messages import CustomerClue

# What is worth how much. A number is meant; a name may be anybody's.
EXACT: dict[CustomerClue, float] = {
    "id": 1.0, "order": 0.99, "phone": 0.98, "email": 0.97, "name": 0.96,
}  # fmt: skip
NEAR: dict[CustomerClue, float] = {
    "id": 0.7, "order": 0.7, "phone": 0.75, "email": 0.8, "name": 0.9,
}  # fmt: skip

# Two names of which one has this many letters more are not spelt differently.
PREFIX_WORTH = 0.9


class Hit(Struct, frozen=True, kw_only=True):
    """A customer who was found. `value` is what is on file, not what was asked."""

    id: str
    name: str
    email: str
    phone: str
    status: str
    matched: CustomerClue
    value: str
    exact: bool
    score: float  # 0..1; only to compare hits of one search


def name_score(asked: Sequence[str], name: Sequence[str], *, open_end: bool) -> float:
    """How well the words that were asked for fit a name, 0..1; 1 if they are the same in
    any order. With `open_end` the last word may only have been begun."""
    if not asked or not name:
        return 0.0
    left = list(name)
    total = 0.0
    for place, word in enumerate(asked):
        unfinished = open_end and place == len(asked) - 1
        best = max(left, key=lambda other: word_score(word, other, unfinished), default="")
        total += word_score(word, best, unfinished)
        if best:
            left.remove(best)
    # A word of the name that was not asked for costs a little: Ann Lee before Ann Lee Roy.
    return total / len(asked) * (1 - 0.03 * min(len(left), 5))


def word_score(asked: str, word: str, unfinished: bool = False) -> float:
    if asked == word:
        return 1.0
    if unfinished and len(asked) > 1 and word.startswith(asked):
        return PREFIX_WORTH
    away = distance(asked, word)
    return max(0.0, 1 - 1.5 * away / max(len(asked), len(word), 1))


def distance(one: str, other: str) -> int:
    """Letters to change, leave out, put in or swap with their neighbour."""
    before, row = list[int](), list(range(len(other) + 1))
    for i, a in enumerate(one):
        last, before, row = before, row, [i + 1]
        for j, b in enumerate(other):
            cost = min(before[j + 1] + 1, row[j] + 1, before[j] + (a != b))
            if i and j and a == other[j - 1] and one[i - 1] == b:
                cost = min(cost, last[j - 1] + 1)
            row.append(cost)
    return row[-1]


def best_first(hits: Sequence[Hit], most: int) -> list[Hit]:
    """One hit for each customer, the best."""
    best: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda h: (-h.score, h.name, h.id)):
        best.setdefault(hit.id, hit)
    return list(best.values())[:most]
