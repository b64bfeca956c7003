"""The order of an upgrade, and of its undoing. No clock, no IO.

    BUILD -> REHEARSE -> HOLD -> STOP -> SAVE -> SWITCH -> START -> PROVE -> DONE

A step is written into the journal before it is begun. Whoever finds a journal knows by it
which steps may have been begun, and takes them back, the last first; but once DONE is in it
there is nothing to take back, and it is only tidied up. Every doing and undoing may be
repeated, and may find its work half done.

Rule for editors: what depends on the order stands in this file.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias

Step: TypeAlias = Literal[
    "build",  # the new release, beside the others
    "rehearse",  # it opens a copy of the databases, and transcribes a call
    "hold",  # no call begins, and those that go on end
    "stop",  # the service
    "save",  # a copy of the databases, as the old release has left them
    "put back",  # the databases of the release that is gone back to
    "switch",  # the link, the units
    "start",  # the service
    "prove",  # that it is the new one, and well
    "done",
]

Undo: TypeAlias = Literal["stop", "databases", "switch", "release", "start", "tidy"]


def forward(*, room: bool, back: bool = False, restores: bool = False) -> tuple[Step, ...]:
    """The steps of an upgrade; with `back`, of a rollback, which with `restores` takes the
    databases back as well. `room`: there is memory for two releases at once."""
    if back:
        data: tuple[Step, ...] = ("save", "put back") if restores else ("save",)
        return ("hold", "stop", *data, "switch", "start", "prove", "done")
    first: tuple[Step, ...] = ("rehearse", "hold", "stop")
    if not room:
        # Later, and people wait for as long: but nothing runs beside it.
        first = ("hold", "stop", "rehearse")
    return ("build", *first, "save", "switch", "start", "prove", "done")


def backward(begun: Sequence[Step], *, changes_data: bool) -> tuple[Undo, ...]:
    """What takes back the steps that were begun. `changes_data`: the new release writes
    databases that the old one cannot read."""
    if "done" in begun:
        return ("tidy",)
    undoing: list[Undo] = []
    if "start" in begun:
        undoing.append("stop")
    touched = "put back" in begun or ("start" in begun and changes_data)
    if touched:
        undoing.append("databases")
    if "switch" in begun:
        undoing.append("switch")
    if "build" in begun:
        undoing.append("release")
    if "stop" in begun:
        undoing.append("start")
    return (*undoing, "tidy")
