"""Writing the next file of customers from what was read and what was there before."""

from collections.abc import Callable

from appliance.customers.checks import ERASED, usable
from appliance.customers.database import FORMAT, Workshop
from appliance.customers.fields import Kind

# Rows of the files take the place of those with the same number that were there.
_CUSTOMERS = """
INSERT INTO fresh.customer
SELECT row_number() OVER (ORDER BY id), * FROM (
    SELECT id, name, folded(name), as_email(email), as_phone(phone), status,
        as_money(lifetime_value), currency, as_date(since)
    FROM {incoming}
    UNION ALL
    {before}
) ORDER BY id
"""
_CUSTOMERS_BEFORE = f"""
SELECT * EXCLUDE (n) FROM present.customer WHERE id NOT IN (SELECT id FROM {{incoming}})
    AND id NOT IN (SELECT id FROM {ERASED})
"""

_ORDERS = """
INSERT INTO fresh.purchase
SELECT n, o.* EXCLUDE (customer_id) FROM (
    SELECT customer_id, number, as_date(placed) AS placed, status, as_money(total) AS total,
        currency, item
    FROM {incoming}
    UNION ALL
    {before}
) o JOIN fresh.customer c ON c.id = o.customer_id ORDER BY n, placed DESC, number
"""
_ORDERS_BEFORE = """
SELECT c.id, p.* EXCLUDE (n) FROM present.purchase p JOIN present.customer c USING (n)
WHERE number NOT IN (SELECT number FROM {incoming})
"""

_TICKETS = """
INSERT INTO fresh.ticket
SELECT n, t.* EXCLUDE (customer_id) FROM (
    SELECT customer_id, number, as_date(opened) AS opened, status, subject FROM {incoming}
    UNION ALL
    {before}
) t JOIN fresh.customer c ON c.id = t.customer_id ORDER BY n, opened DESC, number
"""
_TICKETS_BEFORE = """
SELECT c.id, t.* EXCLUDE (n) FROM present.ticket t JOIN present.customer c USING (n)
WHERE number NOT IN (SELECT number FROM {incoming})
"""

# A note has no number: the same words of the same day are one note.
_NOTES = """
INSERT INTO fresh.note
SELECT n, o.* EXCLUDE (customer_id) FROM (
    SELECT customer_id, as_date(written) AS written, author, text FROM {incoming}
    UNION
    {before}
) o JOIN fresh.customer c ON c.id = o.customer_id ORDER BY n, written DESC, text
"""
_NOTES_BEFORE = """
SELECT c.id, o.* EXCLUDE (n) FROM present.note o JOIN present.customer c USING (n)
"""

_STEPS: tuple[tuple[Kind, str, str, str], ...] = (
    ("customers", "customer", _CUSTOMERS, _CUSTOMERS_BEFORE),
    ("orders", "purchase", _ORDERS, _ORDERS_BEFORE),
    ("tickets", "ticket", _TICKETS, _TICKETS_BEFORE),
    ("notes", "note", _NOTES, _NOTES_BEFORE),
)


def build(shop: Workshop, *, keep: bool, on_step: Callable[[str], None]) -> dict[str, int]:
    """Write `fresh`, with what was there before if `keep`; returns its rows by kind."""
    shop.run_file("schema.sql")
    totals = dict[str, int]()
    for kind, table, sql, before in _STEPS:
        on_step(f"Writing {kind}")
        incoming = usable(kind)
        old = before.format(incoming=incoming)
        if not keep:
            owner = "" if kind == "customers" else "'', "
            old = f"SELECT {owner}* EXCLUDE (n) FROM fresh.{table} WHERE false"
        shop.run(sql.format(incoming=incoming, before=old))
        [(totals[kind],)] = shop.run(f"SELECT count(*) FROM fresh.{table}")
    on_step("Writing what is searched")
    shop.run_file("indexes.sql")
    shop.run("INSERT INTO fresh.about VALUES (?, ?)", [FORMAT, totals["customers"]])
    shop.finish()
    return totals
