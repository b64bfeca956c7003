"""What a line of the log is about: ids, kinds and numbers, never what people say.

log.info("call ended", extra=about(call.id, reason="hangup"))
"""

from collections.abc import Mapping
from typing import TypeAlias

Facts: TypeAlias = Mapping[str, str | int | float]

# Of a log record; `logging` itself has names of its own for nearly everything else.
ATTRIBUTE = "about"


def about(call_id: str, **facts: str | int | float) -> Mapping[str, Facts]:
    """For `extra`: the call that the line is about, and what else is known. What is empty
    is left out."""
    known = {"call": call_id, **facts}
    return {ATTRIBUTE: {name: fact for name, fact in known.items() if fact != ""}}
