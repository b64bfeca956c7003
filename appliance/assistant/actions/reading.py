"""Calls with what agents did in them, from a file: one JSON object a line, gzip or not.

{"id": 7, "turns": [{"speaker": "customer", "text": "..."},
                    {"speaker": "agent", "text": "...", "action": "ask_question"}]}
"""

import gzip
from collections.abc import Iterator
from pathlib import Path

import msgspec

from appliance.assistant.actions.features import Said, Speaker
from appliance.assistant.actions.learning import Conversation
from appliance.errors import ApplianceError

GZIP = b"\x1f\x8b"


class _Turn(msgspec.Struct, frozen=True):
    speaker: Speaker
    text: str
    action: str | None = None


class _Row(msgspec.Struct, frozen=True):
    id: str | int
    turns: tuple[_Turn, ...]


def read_calls(file: Path) -> list[Conversation]:
    """Raises ApplianceError naming the first line that is no call."""
    calls = []
    for number, line in enumerate(_lines(file), 1):
        try:
            row = msgspec.json.decode(line, type=_Row)
        except msgspec.DecodeError as error:
            raise ApplianceError(
                f"Line {number} of {file} is not a call: {error}.",
                fix='Write {"id": ..., "turns": [{"speaker", "text", "action"}]} in each.',
            ) from error
        turns = (
            Said(speaker=turn.speaker, text=turn.text, action=turn.action or "")
            for turn in row.turns
        )
        calls.append(Conversation(id=row.id, turns=tuple(turns)))
    return calls


def _lines(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as raw:
            packed = raw.peek(2)[:2] == GZIP
            with gzip.open(raw) if packed else raw as lines:
                yield from (line for line in lines if line.strip())
    except (OSError, EOFError) as error:
        raise ApplianceError(
            f"Cannot read {file}: {error}.", fix="Name a file of calls, JSON lines."
        ) from error
