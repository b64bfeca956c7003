"""A text and its timed words, with marks in place of what is personal. No IO."""

from collections.abc import Sequence
from typing import Any, TypeAlias, TypeVar

import msgspec

from appliance.messages import ChatLine, Transcript, Word
from appliance.privacy.kinds import MARKS, Span, masked

Line: TypeAlias = Transcript | ChatLine
L = TypeVar("L", bound=Line)


def masked_line(line: L, spans: Sequence[Span]) -> L:
    """The words under one span become one, from the first's start to the last's end."""
    if not spans:
        return line
    told: dict[str, Any] = {"text": masked(line.text, spans)}
    if isinstance(line, Transcript):
        told["words"] = _masked_words(line.text, line.words, spans)
    return msgspec.structs.replace(line, **told)


def _masked_words(
    text: str, words: Sequence[Word], spans: Sequence[Span]
) -> tuple[Word, ...]:
    result: list[Word] = []
    place, under = 0, None
    for word in words:
        start = text.find(word.text, place)
        if start < 0:
            return ()  # they do not tell where in the text they are: none is shown
        place = start + len(word.text)
        span = next((s for s in spans if s.start < place and start < s.end), None)
        if span is None:
            result.append(word)
        elif span is under:
            result[-1] = msgspec.structs.replace(result[-1], end_ms=word.end_ms)
        else:
            result.append(msgspec.structs.replace(word, text=MARKS[span.kind]))
        under = span
    return tuple(result)
