"""What all messages have in common, and who speaks."""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

Role: TypeAlias = Literal["agent", "customer"]

ROLES: tuple[Role, Role] = ("agent", "customer")


def partner_of(role: Role) -> Role:
    """Who the person in this role talks to."""
    return "customer" if role == "agent" else "agent"


class Sent(Struct, frozen=True, kw_only=True, tag_field="type"):
    """What the box tells a screen. `seq` counts up within a call, the same for everyone;
    a screen that may not see a message sees a hole. 0 means outside the record."""

    seq: int = 0


# What a page or a person writes at most. All of it goes into the record and to other
# screens.
GivenId: TypeAlias = Annotated[str, Meta(max_length=200)]

GivenText: TypeAlias = Annotated[str, Meta(max_length=4000)]

GivenNumber: TypeAlias = Annotated[int, Meta(ge=0, le=2**53)]  # as far as a page counts


class Received(
    Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True
):
    """What a page or a telephone gateway tells the box: `appliance.received` over the
    socket of a call, `appliance.duty` over an agent's."""
