"""What an upgrade asks of the server that runs."""

from typing import ClassVar

from appliance.control.words import Answer, Command


class HoldCalls(Command, frozen=True, kw_only=True, tag="hold calls"):
    """No call begins until the line is closed; those that go on do so."""

    lasts: ClassVar[bool] = True


class CountCalls(Command, frozen=True, kw_only=True, tag="count calls"):
    pass


class Calls(Answer, frozen=True, kw_only=True, tag="calls"):
    active: int
    waiting: int
