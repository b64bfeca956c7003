"""Articles and their passages: what is read, searched and cited."""

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Literal

from msgspec import Struct

# Words of a passage: what the sentence model reads whole, and an agent at a glance.
PASSAGE_WORDS = 80

_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_NO_ID = re.compile(r"[^a-z0-9]+")


class Block(Struct, frozen=True):
    """A piece of an article as written: a heading, a paragraph, a step or an item."""

    kind: Literal["heading", "text", "step"]
    text: str


class Passage(Struct, frozen=True, kw_only=True):
    """The least that is found and cited. `steps` where it is a procedure, in their order;
    `first_step` is the number of the first."""

    section: str
    text: str
    steps: tuple[str, ...] = ()
    first_step: int = 1


class Article(Struct, frozen=True, kw_only=True):
    """One article as it stands in a file. `about` are the names (of a product, a branch) by
    which it is meant as soon as one falls in a call."""

    id: str
    title: str
    passages: tuple[Passage, ...]
    about: tuple[str, ...] = ()
    source: str = ""  # the file it came from

    @property
    def digest(self) -> str:
        """Changes with whatever of it can be shown or found."""
        parts = [self.title, *self.about]
        parts += [part for p in self.passages for part in (p.section, p.text, *p.steps)]
        return sha256("\0".join(parts).encode()).hexdigest()


def id_of(text: str) -> str:
    """An article's id from its title or file name; "" where no letter is left."""
    return _NO_ID.sub("-", text.lower()).strip("-")[:80]


def searched(title: str, passage: Passage) -> str:
    """What of a passage is searched: its headings, too, for they say what it is about."""
    heads = [title, passage.section if passage.section != title else ""]
    return ". ".join(part for part in (*heads, passage.text) if part)


def split(blocks: Iterable[Block]) -> tuple[Passage, ...]:
    """Passages by headings, each a procedure or running text, none longer than can be
    read at once."""
    made: list[Passage] = []
    section = ""
    held: list[Block] = []
    for block in blocks:
        if block.kind == "heading" or (held and block.kind != held[-1].kind):
            made += _passages(section, held)
            held = []
        if block.kind == "heading":
            section = block.text
        else:
            held.append(block)
    return (*made, *_passages(section, held))


def _passages(section: str, blocks: Sequence[Block]) -> list[Passage]:
    if not blocks:
        return []
    if blocks[0].kind == "step":
        parts = _filled([block.text for block in blocks])
        made, first = [], 1
        for part in parts:
            text = " ".join(f"{n}. {step}" for n, step in enumerate(part, first))
            made.append(
                Passage(section=section, text=text, steps=tuple(part), first_step=first)
            )
            first += len(part)
        return made
    sentences = [s for block in blocks for s in _SENTENCE.split(block.text)]
    return [Passage(section=section, text=" ".join(part)) for part in _filled(sentences)]


def _filled(texts: Sequence[str]) -> list[list[str]]:
    """Groups of neighbours, each as many as fit into a passage."""
    groups: list[list[str]] = []
    length = 0
    for text in texts:
        size = len(text.split())
        if not groups or length + size > PASSAGE_WORDS:
            groups.append([])
            length = 0
        groups[-1].append(text)
        length += size
    return groups
