"""How much redaction takes of what nobody needs to hide.

Order numbers, prices and days, made up by seed, must come through as they are. Of
conversations about a bank, in which some personal data is, the share of words that is taken
out tells what a reader misses at most.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from appliance.dictated import listed
from appliance.eval.privacy import ALL, MARK, read_rows, said
from appliance.messages import ROLES, Role, Transcript
from appliance.privacy.kinds import Kind
from appliance.privacy.redactor import Redactor

_DIGITS = sorted(listed("zero one two three four five six seven eight nine"))

KINDS: frozenset[Kind] = ALL - {"name"}


class Turn(Struct, frozen=True, kw_only=True):
    speaker: str
    text: str = ""


class Chat(Struct, frozen=True, kw_only=True):
    """A conversation of STAR."""

    turns: tuple[Turn, ...]


class Question(Struct, frozen=True, kw_only=True):
    """A row of banking77."""

    text: str


class Masked(Struct, frozen=True, kw_only=True):
    name: str
    words: int
    masked: int  # of them


def harmless(count: int, seed: int) -> Iterator[str]:
    """Lines with order numbers and prices, and nothing personal."""
    draw = random.Random(seed)  # noqa: S311 not a secret
    forms: tuple[Callable[[], str], ...] = (
        lambda: f"My order number is {draw.randrange(10**5, 10**10)}.",
        lambda: f"It is about order {draw.choice('ABKM')}{draw.randrange(10**4, 10**8)}",
        lambda: f"the order number is {_spelled(draw, 8)} thank you",
        lambda: f"Ticket {draw.randrange(10**4, 10**7)} is still open",
        lambda: f"That is ${draw.randrange(1, 5000)}.{draw.randrange(10, 99)} in total.",
        lambda: f"I paid {draw.randrange(2, 900)} euros and {draw.randrange(2, 99)} cents",
        lambda: f"the invoice over £{draw.randrange(1, 90)},{draw.randrange(100, 999)}.00",
        lambda: f"two of them cost {_spelled(draw, 2)} pounds each",
        lambda: (
            f"It comes on {draw.randrange(1, 28)} May 2026 at {draw.randrange(7, 19)}:30"
        ),
        lambda: (
            f"booking reference {draw.randrange(10**6, 10**8)}, for {_spelled(draw, 1)}"
        ),
    )
    for number in range(count):
        yield forms[number % len(forms)]()


def _spelled(draw: random.Random, count: int) -> str:
    return " ".join(draw.choice(_DIGITS) for _ in range(count))


def survived(lines: Sequence[str]) -> int:
    """Lines that came through a call of their own as they were."""
    return sum(
        Redactor(KINDS).heard(said("customer", line))[1].text == line for line in lines
    )


def taken_out(folder: Path) -> list[Masked]:
    """Raises ApplianceError if the sets are not there."""
    questions = read_rows(folder, "banking77", Question)
    chats = read_rows(folder, "star", Chat, "calls.jsonl.gz")
    return [
        _masked("banking77", [[("customer", row.text)] for row in questions]),
        _masked("star", [list(_lines(chat)) for chat in chats]),
    ]


def _lines(chat: Chat) -> Iterator[tuple[Role, str]]:
    for turn in chat.turns:
        for role in ROLES:
            if turn.speaker == role:
                yield role, turn.text


def _masked(name: str, calls: Sequence[Sequence[tuple[Role, str]]]) -> Masked:
    words = kept = 0
    for call in calls:
        redactor, told = Redactor(KINDS), dict[str, tuple[str, str]]()
        for number, (speaker, text) in enumerate(call):
            line = _line(speaker, text, number)
            earlier, shown = redactor.heard(line)
            for one in (*earlier, shown):
                told[one.id] = (told[one.id][0] if one.id in told else text, one.text)
        for one in redactor.end():
            told[one.id] = (told[one.id][0], one.text)
        for original, shown_text in told.values():
            count = len(original.split())
            words += count
            kept += count if original == shown_text else _words(shown_text, count)
    return Masked(name=name, words=words, masked=words - kept)


def _line(speaker: Role, text: str, number: int) -> Transcript:
    return Transcript(
        id=str(number), speaker=speaker, text=text, is_final=True, start_ms=0, end_ms=0
    )


def _words(shown: str, most: int) -> int:
    return min(most, len(MARK.sub(" ", shown).split()))


def harmless_table(lines: int, through: int, rows: Sequence[Masked]) -> str:
    table = ["| harmless | words | taken out |", "|---|---|---|"]
    table += [f"| {r.name} | {r.words} | {r.masked / max(1, r.words):.2%} |" for r in rows]
    came = f"Of {lines} lines with order numbers, prices and days, {through} came through."
    return "\n".join([*table, "", came, ""])
