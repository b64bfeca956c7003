"""Who the customer is."""

from typing import Literal, TypeAlias

from msgspec import Struct

from appliance.messages.base import Sent


class CustomerOrder(Struct, frozen=True, kw_only=True):
    """Days, here and below, are ISO dates, "" where the site does not say."""

    number: str
    placed: str
    status: str
    total: float | None
    currency: str
    item: str


class CustomerTicket(Struct, frozen=True, kw_only=True):
    number: str
    opened: str
    status: str
    subject: str


class CustomerNote(Struct, frozen=True, kw_only=True):
    written: str
    author: str
    text: str


class CustomerCard(Struct, frozen=True, kw_only=True):
    """What the site knows about a customer; "" or None is what it does not. Newest first:
    orders, tickets that are open, notes."""

    id: str
    name: str
    email: str
    phone: str
    status: str
    lifetime_value: float | None
    currency: str
    since: str
    orders: tuple[CustomerOrder, ...] = ()
    tickets: tuple[CustomerTicket, ...] = ()
    notes: tuple[CustomerNote, ...] = ()


CustomerClue: TypeAlias = Literal["name", "phone", "email", "order", "id"]


class CustomerCandidate(Struct, frozen=True, kw_only=True):
    """Somebody it could be. `value` is what the site has on file where `matched` fits."""

    id: str
    name: str
    matched: CustomerClue
    value: str
    exact: bool


class Customer(Sent, frozen=True, kw_only=True, tag="customer"):
    """Who the customer is, as far as the box can tell; for agents. A newer one replaces
    the older. `source` says what told: what was given at the start, what the customer said
    or typed, an agent who chose, or changed data."""

    source: Literal["start", "said", "agent", "data"]
    card: CustomerCard | None = None  # None: not known, or "not this customer"
    matched: CustomerClue | None = None  # None where an agent chose
    candidates: tuple[CustomerCandidate, ...] = ()
