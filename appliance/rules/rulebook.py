"""The rules of a file, made ready: one index of their words, and what to look at when."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from appliance.rules.book import Book, Rule, When
from appliance.rules.pattern import Either, InRow, Near, Pattern, Phrase, parse
from appliance.rules.stretch import Span, Stretch, Vocabulary

# Of one rule. A pattern with more choices is looked at a little more often.
MOST_WAYS = 64


class Condition(Struct, frozen=True, kw_only=True):
    when: When
    reason: tuple[Pattern, ...]


class Ready(Struct, frozen=True, kw_only=True):
    """A rule with its patterns read."""

    rule: Rule
    condition: Condition
    any: tuple[Pattern, ...]
    all: tuple[Pattern, ...]
    none: tuple[Pattern, ...]

    @property
    def listens(self) -> bool:
        """Otherwise it waits for its conditions only."""
        return bool(self.any or self.all)

    def found(self, stretch: Stretch) -> Span | None:
        """Where the rule is met by words of the stretch, some of which are new."""
        new: list[Span | None] = []
        for pattern in self.all:
            spans = stretch.spans(pattern)
            if not spans:
                return None
            new.append(stretch.newest(spans))
        chosen = [spans for one in self.any if (spans := stretch.spans(one))]
        if self.any and not chosen:
            return None
        new += map(stretch.newest, chosen)
        first = min((span for span in new if span is not None), default=None)
        if first is None or any(stretch.spans(one) for one in self.none):
            return None
        return first


class Rulebook:
    def __init__(self, book: Book) -> None:
        """Of a book without faults."""
        self.book = book
        self.rules = tuple(_ready(rule) for rule in book.rules)
        self.items = tuple((item, _condition(item.when)) for item in book.items)
        self.waiting = tuple(one for one in self.rules if not one.listens)
        self.deadlines = tuple(r for r in self.rules if r.rule.deadline_s is not None)
        # By a word without which they cannot apply: the rules, with all such words.
        self._by_word: dict[str, list[tuple[int, frozenset[str]]]] = {}
        for number, ready in enumerate(self.rules):
            for way in _ways_of(ready):
                # The long words are the rare ones.
                self._by_word.setdefault(max(way, key=len), []).append((number, way))
        self.vocabulary = Vocabulary(self._wanted())

    def _wanted(self) -> Iterator[str]:
        conditions = [condition for _, condition in self.items]
        for ready in self.rules:
            conditions.append(ready.condition)
            for pattern in (*ready.any, *ready.all, *ready.none):
                yield from _words(pattern)
        for condition in conditions:
            for pattern in condition.reason:
                yield from _words(pattern)

    def listening(self, stretch: Stretch) -> Iterator[Ready]:
        """The rules that could be met by these words, in the order of the file."""
        there = stretch.wanted
        numbers = {
            number
            for word in there
            for number, way in self._by_word.get(word, ())
            if way <= there
        }
        return (self.rules[number] for number in sorted(numbers))


def _ready(rule: Rule) -> Ready:
    return Ready(
        rule=rule,
        condition=_condition(rule.when),
        any=tuple(parse(text, exact=rule.exact) for text in rule.any),
        all=tuple(parse(text, exact=rule.exact) for text in rule.all),
        none=tuple(parse(text, exact=rule.exact) for text in rule.none),
    )


def _condition(when: When) -> Condition:
    return Condition(when=when, reason=tuple(map(parse, when.reason)))


def _words(pattern: Pattern) -> Iterator[str]:
    match pattern:
        case Phrase(words):
            yield from words
        case Either(parts) | InRow(parts):
            for part in parts:
                yield from _words(part)
        case Near(one, other):
            yield from _words(one)
            yield from _words(other)


def _ways_of(ready: Ready) -> list[frozenset[str]]:
    """Sets of words: where the rule is met, all of one of them occur."""
    ways = [way for pattern in ready.any for way in _ways(pattern)]
    every = _together([_ways(pattern) for pattern in ready.all])
    return _together([ways, every]) if ready.any else every


def _ways(pattern: Pattern) -> list[frozenset[str]]:
    match pattern:
        case Phrase(words):
            return [frozenset(words)]
        case Either(choices):
            return [way for choice in choices for way in _ways(choice)]
        case Near(one, other):
            return _together([_ways(one), _ways(other)])
        case InRow(parts):
            return _together([_ways(part) for part in parts])


def _together(parts: Sequence[list[frozenset[str]]]) -> list[frozenset[str]]:
    """A way of each part; of the first ones only where there would be too many."""
    ways = parts[0] if parts else []
    for others in filter(None, parts[1:]):
        if len(ways) * len(others) > MOST_WAYS:
            break
        ways = [way | other for way in ways for other in others]
    return ways
