"""Finding what is wrong with the rows of an import, row by row. SQL, no files."""

from collections.abc import Mapping

from msgspec import Struct

from appliance.customers.database import Workshop, named, quoted
from appliance.customers.fields import FIELDS, Field, Kind, Type
from appliance.customers.sources import ROW, Table

# A name is not a page, and one row must not fill the screen of an agent.
LONGEST = 500
LONGEST_TEXT = 10_000

TYPED: Mapping[Type, tuple[str, str]] = {
    "date": ("as_date", "is not a date; write it as 2025-12-31"),
    "money": ("as_money", "is not an amount"),
    "email": ("as_email", "is not an e-mail address"),
    "phone": ("as_phone", "is not a telephone number"),
}

# What a kind is known by: no two rows may have the same.
KEYS: Mapping[Kind, str] = {"customers": "id", "orders": "number", "tickets": "number"}


# Customers that were there and are not to be in the next file.
ERASED = "workshop.main.erased"


class Problem(Struct, frozen=True, kw_only=True):
    """`row` counts the rows of the file from 1, without the header. Of a row that is not
    `left_out`, only the field was."""

    source: str
    row: int
    field: str
    value: str
    problem: str
    left_out: bool


def prepare(shop: Workshop) -> None:
    """Empty tables for what comes in, all of it still text."""
    shop.run(
        "CREATE TABLE workshop.main.problem (kind VARCHAR, source VARCHAR, row BIGINT,"
        " field VARCHAR, value VARCHAR, problem VARCHAR, left_out BOOLEAN)"
    )
    shop.run(f"CREATE TABLE {ERASED} (id VARCHAR)")
    for kind, fields in FIELDS.items():
        columns = ", ".join(f"{field.name} VARCHAR" for field in fields)
        shop.run(f"CREATE TABLE {incoming(kind)} (source VARCHAR, row BIGINT, {columns})")


def incoming(kind: Kind) -> str:
    return f"workshop.main.in_{kind}"


def take_in(shop: Workshop, table: Table, kind: Kind, columns: Mapping[str, str]) -> None:
    """Add the rows of a table under our names for its columns."""
    values = {
        field: f"nullif(trim({named(header)}), '')" for field, header in columns.items()
    }
    if kind == "customers" and "name" not in values:
        parts = [values[part] for part in ("first_name", "last_name") if part in values]
        values["name"] = f"nullif(concat_ws(' ', {', '.join(parts)}), '')"
    shop.run(
        f"INSERT INTO {incoming(kind)} (source, row, {', '.join(values)})"
        f" SELECT {quoted(table.source)}, {ROW}, {', '.join(values.values())}"
        f" FROM {table.relation}"
    )
    for broken in table.broken:
        shop.run(
            "INSERT INTO workshop.main.problem VALUES (?, ?, ?, '', '', ?, true)",
            [kind, table.source, broken.row, broken.problem],
        )


def check(shop: Workshop, *, keep: bool) -> None:
    """Fill `problem`. With `keep`, orders may belong to customers imported before."""
    for kind, fields in FIELDS.items():
        for field in fields:
            _check_field(shop, kind, field)
        if kind in KEYS:
            _check_duplicates(shop, kind, KEYS[kind])
    # As they will be: a customer whose row is bad is none.
    owners = f"SELECT id FROM {usable('customers')}"
    if keep:
        owners += " UNION ALL SELECT id FROM present.customer"
    for kind in FIELDS:
        if kind != "customers":
            _report(
                shop,
                kind,
                "customer_id",
                "there is no customer with this number",
                f"customer_id IS NOT NULL AND customer_id NOT IN ({owners})",
            )


def _check_field(shop: Workshop, kind: Kind, field: Field) -> None:
    if field.required:
        _report(shop, kind, field.name, "is empty", f"{field.name} IS NULL")
    longest = LONGEST_TEXT if field.name == "text" else LONGEST
    _report(
        shop,
        kind,
        field.name,
        f"is longer than {longest} characters",
        f"length({field.name}) > {longest}",
    )
    if field.type in TYPED:
        macro, problem = TYPED[field.type]
        unusable = f"{field.name} IS NOT NULL AND {macro}({field.name}) IS NULL"
        _report(shop, kind, field.name, problem, unusable, left_out=False)


def _check_duplicates(shop: Workshop, kind: Kind, key: str) -> None:
    shop.run(
        "INSERT INTO workshop.main.problem"
        f" SELECT {quoted(kind)}, source, row, {quoted(key)}, {key},"
        " 'was in ' || first_source || ' row ' || first_row || ' already', true FROM ("
        " SELECT *, first(source) OVER same AS first_source,"
        " first(row) OVER same AS first_row,"
        f" row_number() OVER same AS place FROM {incoming(kind)} WHERE {key} IS NOT NULL"
        f" WINDOW same AS (PARTITION BY {key} ORDER BY rowid)) WHERE place > 1"
    )


def _report(
    shop: Workshop,
    kind: Kind,
    field: str,
    problem: str,
    where: str,
    *,
    left_out: bool = True,
) -> None:
    shop.run(
        "INSERT INTO workshop.main.problem"
        f" SELECT {quoted(kind)}, source, row, {quoted(field)},"
        f" coalesce(left({field}, 60), ''), {quoted(problem)}, {left_out}"
        f" FROM {incoming(kind)} WHERE {where}"
    )


def bad_rows(shop: Workshop) -> int:
    """How many cannot be imported."""
    [(count,)] = shop.run(
        "SELECT count(DISTINCT (source, row)) FROM workshop.main.problem WHERE left_out"
    )
    return int(count)


def problems(shop: Workshop, most: int) -> list[Problem]:
    """The first so many, by file and row."""
    rows = shop.run(
        "SELECT source, row, field, value, problem, left_out FROM workshop.main.problem"
        " ORDER BY source, row, field LIMIT ?",
        [most],
    )
    return [
        Problem(source=s, row=r, field=f, value=v, problem=p, left_out=o)
        for s, r, f, v, p, o in rows
    ]


def usable(kind: Kind) -> str:
    """The rows that nothing speaks against, as SQL."""
    return (
        f"(SELECT * FROM {incoming(kind)} ANTI JOIN (SELECT source, row"
        f" FROM workshop.main.problem WHERE left_out AND kind = {quoted(kind)})"
        " USING (source, row))"
    )
