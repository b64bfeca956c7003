"""What a screen shows of one customer."""

from datetime import date
from typing import NamedTuple

from appliance.customers.database import Reader, quoted
from appliance.customers.folding import code_of
from appliance.messages import CustomerCard, CustomerNote, CustomerOrder, CustomerTicket

ORDERS, TICKETS, NOTES = 5, 5, 3
# A note may be a page; the card shows how it begins.
NOTE_CHARACTERS = 300

CLOSED = ("closed", "solved", "resolved", "done", "geschlossen", "erledigt", "gelöst")


class _Shown(NamedTuple):
    orders: int = ORDERS
    tickets: int = TICKETS
    notes: int = NOTES
    characters: int = NOTE_CHARACTERS
    without: tuple[str, ...] = CLOSED  # tickets


_FEW = _Shown()
_MOST = 1_000_000
_ALL = _Shown(_MOST, _MOST, _MOST, _MOST, ("",))

_PLACE = "SELECT n FROM code WHERE code = {} AND kind = 'id' LIMIT 20"

_CUSTOMER = """
SELECT id, name, coalesce(email, ''), coalesce(phone, ''), coalesce(status, ''),
    lifetime_value, coalesce(currency, ''), since, n
FROM customer WHERE n IN ({}) AND id = ?
"""

_ORDERS = """
SELECT number, placed, coalesce(status, ''), total, coalesce(currency, ''),
    coalesce(item, '')
FROM purchase WHERE n = {} ORDER BY placed DESC NULLS LAST, number LIMIT {}
"""

_TICKETS = """
SELECT number, opened, coalesce(status, ''), coalesce(subject, '')
FROM ticket WHERE n = {} AND lower(coalesce(status, '')) NOT IN ({})
ORDER BY opened DESC NULLS LAST, number LIMIT {}
"""

_NOTES = """
SELECT written, coalesce(author, ''), left(text, {})
FROM note WHERE n = {} ORDER BY written DESC NULLS LAST, text LIMIT {}
"""


def read_card(
    reader: Reader, customer_id: str, *, whole: bool = False
) -> CustomerCard | None:
    """None if there is no such customer. `whole`: all there is, for the customer, and
    nobody else's name. Blocks; raises CustomersError."""
    places = reader.ask(_PLACE.format(quoted(code_of(customer_id))))
    if not places:
        return None
    wanted = ", ".join(str(int(n)) for (n,) in places)
    found = reader.ask(_CUSTOMER.format(wanted), [customer_id])
    if not found:
        return None
    [(id_, name, email, phone, status, value, currency, since, n)] = found
    shown = _ALL if whole else _FEW
    closed = ", ".join(quoted(word) for word in shown.without)
    return CustomerCard(
        id=id_,
        name=name,
        email=email,
        phone=phone,
        status=status,
        lifetime_value=value,
        currency=currency,
        since=_day(since),
        orders=tuple(
            CustomerOrder(
                number=number,
                placed=_day(placed),
                status=state,
                total=total,
                currency=money or currency,
                item=item,
            )
            for number, placed, state, total, money, item in reader.ask(
                _ORDERS.format(n, shown.orders)
            )
        ),
        tickets=tuple(
            CustomerTicket(
                number=number, opened=_day(opened), status=state, subject=subject
            )
            for number, opened, state, subject in reader.ask(
                _TICKETS.format(n, closed, shown.tickets)
            )
        ),
        notes=tuple(
            CustomerNote(written=_day(written), author="" if whole else author, text=text)
            for written, author, text in reader.ask(
                _NOTES.format(shown.characters, n, shown.notes)
            )
        ),
    )


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
