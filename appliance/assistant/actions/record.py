"""From the record to calls to learn from: what agents were advised to do, and did."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Protocol

import msgspec
from msgspec import Struct

from appliance.assistant.actions.features import Said
from appliance.assistant.actions.learning import Conversation
from appliance.messages import Role

TAKEN_UP = ("used", "copied", "good", "said")


class Event(Protocol):
    """One event of the record; those of a call together, in order."""

    @property
    def call_id(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def payload(self) -> str: ...


class _Known(Struct, frozen=True):
    """What the kinds of events that matter have."""

    id: str
    speaker: Role = "customer"
    text: str = ""
    answers: str = ""
    action: str = ""
    verdict: str = ""
    fate: str = ""


def conversations(events: Iterable[Event]) -> list[Conversation]:
    return [
        Conversation(id=call_id, turns=tuple(_turns(list(of_call))))
        for call_id, of_call in groupby(events, attrgetter("call_id"))
    ]


def _turns(events: list[Event]) -> Iterator[Said]:
    """Each line; the agent's first one after a line on which advice was taken up has the
    action of that advice."""
    known = [(e.kind, msgspec.json.decode(e.payload, type=_Known)) for e in events]
    taken = {
        event.id
        for kind, event in known
        if (event.verdict if kind == "feedback" else event.fate) in TAKEN_UP
    }
    advised = {
        event.answers: event.action
        for kind, event in known
        if kind == "ai_suggestion" and event.id in taken and event.answers
    }
    action = ""
    for kind, event in known:
        if kind != "transcript" or not event.text:
            continue
        if event.speaker == "customer":
            action = advised.get(event.id, action)
            yield Said(speaker="customer", text=event.text)
        else:
            yield Said(speaker="agent", text=event.text, action=action)
            action = ""
