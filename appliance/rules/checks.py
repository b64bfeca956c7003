"""What is wrong with rules that are well-formed: names, patterns, what cannot come true."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from msgspec import Struct

from appliance.rules.book import Book, Item, Rule, When
from appliance.rules.pattern import PatternFault, parse


class Fault(Struct, frozen=True):
    """`table` and `number` say where, from 0, and `called` what it goes by."""

    problem: str
    fix: str
    table: str = ""
    number: int = 0
    called: str = ""


def faults_of(book: Book) -> list[Fault]:
    """In the order of the file."""
    found = []
    for number, item in enumerate(book.items):
        named = [one.id for one in book.items[:number]]
        found += [
            Fault(f.problem, f.fix, "item", number, item.id)
            for f in _of_item(item, book, named)
        ]
    for number, rule in enumerate(book.rules):
        named = [one.name for one in book.rules[:number]]
        found += [
            Fault(f.problem, f.fix, "rule", number, rule.name)
            for f in _of_rule(rule, book, named)
        ]
    return found


def _of_item(item: Item, book: Book, before: list[str]) -> Iterator[Fault]:
    if item.id in before:
        yield Fault("there is another item of this id.", "Give each its own.")
    yield from _of_when(item.when, book)


def _of_rule(rule: Rule, book: Book, before: list[str]) -> Iterator[Fault]:
    if rule.name in before:
        yield Fault("there is another rule of this name.", "Give each its own.")
    yield from _of_patterns((*rule.any, *rule.all, *rule.none))
    yield from _of_when(rule.when, book, rule)
    yield from _of_actions(rule, book)
    if rule.deadline_s is not None:
        yield from _of_deadline(rule)
    elif not (rule.any or rule.all) and rule.when == When():
        yield Fault(
            "nothing says when it applies.", "Give it `any` or `all` phrases, or `when`."
        )
    if rule.none and not (rule.any or rule.all):
        yield Fault(
            "`not` alone says nothing.", "Add `any` or `all`, or a `deadline_s` with `any`."
        )


def _of_patterns(written: Iterable[str]) -> Iterator[Fault]:
    for text in written:
        try:
            parse(text)
        except PatternFault as fault:
            yield Fault(f"pattern {text!r}: {fault.problem}", fault.fix)


def _of_when(when: When, book: Book, rule: Rule | None = None) -> Iterator[Fault]:
    yield from _of_patterns(when.reason)
    names = [one.name for one in book.rules]
    for key, name in (("after", when.after), ("unless", when.unless)):
        if name and name not in names:
            yield Fault(f"when.{key} names no rule: {name!r}.", _nearest(name, names))
        elif name and rule is not None and name == rule.name:
            yield Fault(f"when.{key} names the rule itself.", "Name another, or none.")
    if when.until_s is not None and (when.from_s or 0) >= when.until_s:
        yield Fault("when.from_s is not before when.until_s.", "Swap or correct them.")


def _of_actions(rule: Rule, book: Book) -> Iterator[Fault]:
    ids = [one.id for one in book.items]
    if rule.tick and rule.tick not in ids:
        yield Fault(f"tick names no item: {rule.tick!r}.", _nearest(rule.tick, ids))
    if rule.alert and not rule.text:
        yield Fault("its alert says nothing.", "Say in `text` what people are to read.")
    named = [name for one in book.rules for name in (one.when.after, one.when.unless)]
    named += [name for one in book.items for name in (one.when.after, one.when.unless)]
    if not (rule.tick or rule.alert or rule.payment or rule.name in named):
        yield Fault("it does nothing.", "Give it `tick`, `alert` or `payment`.")


def _of_deadline(rule: Rule) -> Iterator[Fault]:
    if not (rule.any or rule.all):
        yield Fault("a deadline for nothing.", "Say in `any` or `all` what is awaited.")
    if rule.payment:
        yield Fault(
            "a deadline that passes cannot begin a payment.",
            "Give `payment` to a rule without one.",
        )
    if rule.when.from_s is not None or rule.when.until_s is not None:
        yield Fault(
            "a deadline and a time in call contradict each other.",
            "Leave out when.from_s and when.until_s; a deadline can run from when.after.",
        )


def _nearest(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Use one of {sorted(known)}." if known else "There is none yet: add it."
