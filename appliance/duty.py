"""What an agent's page and the box tell each other all shift: who is on duty, who rings.

The same rules as for `appliance.messages`, whose structs go over the socket of a call.
"""

from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from appliance.messages import Customer, ErrorSent, GivenId, Received, Sent, decoded

AgentState: TypeAlias = Literal["available", "on_call", "wrap_up", "away"]

# ---------------------------------------------------------------- server to agent


class Offer(Struct, frozen=True, kw_only=True):
    """A customer who waits, and whom this agent may answer."""

    call_id: str
    name: str
    reason: str
    waited_ms: int
    queue: str = ""
    customer: Customer | None = None  # who the box takes them for, so far


class Duty(Sent, frozen=True, kw_only=True, tag="duty"):
    """What the box takes the agent to be doing: all of it, each time. Sent again every few
    seconds, by which the page knows that its line is alive."""

    state: AgentState
    call_id: str = ""  # which they are in, or write up
    offer: Offer | None = None


AgentNews: TypeAlias = Duty | ErrorSent

# ---------------------------------------------------------------- agent to server


class OnDuty(Received, frozen=True, kw_only=True, tag="on_duty"):
    """First message of an agent's socket, and of one that replaces it. What the page last
    heard of its `state` and `call_id` counts where the box does not know the agent."""

    state: AgentState = "available"
    call_id: GivenId = ""


class Be(Received, frozen=True, kw_only=True, tag="be"):
    """What the agent wants to do now; it ends a wrap-up. `off` ends the shift."""

    state: Literal["available", "away", "off"]


AgentMessage: TypeAlias = OnDuty | Be

_decoder: msgspec.json.Decoder[AgentMessage] = msgspec.json.Decoder(AgentMessage)


def decode_from_agent(text: bytes | str) -> AgentMessage:
    """Raises msgspec.ValidationError or msgspec.DecodeError."""
    return decoded(_decoder, text)
