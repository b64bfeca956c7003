"""What commands and answers have in common: data alone."""

from typing import ClassVar

from msgspec import Struct


class Command(
    Struct, frozen=True, kw_only=True, tag_field="do", forbid_unknown_fields=True
):
    """Whoever may open the socket or the files may do all of them."""

    # Whether what it does lasts until who asked has closed the line.
    lasts: ClassVar[bool] = False


class Answer(Struct, frozen=True, kw_only=True, tag_field="is"):
    """One for each command, or a refusal."""


class Done(Answer, frozen=True, kw_only=True, tag="done"):
    pass


class Refused(Answer, frozen=True, kw_only=True, tag="refused"):
    problem: str
    fix: str
