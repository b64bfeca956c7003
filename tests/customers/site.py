"""A small site: files of customers, imported for a test."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from appliance.customers.database import Reader
from appliance.customers.fields import Kind
from appliance.customers.importing import FILE, Given, Order, Report, import_files

CUSTOMERS = [
    ("C1", "Arthur Example", "arthur@example.test", "+44 20 7946 0271"),
    ("C2", "Jürgen Müller-Lüdenscheidt", "jml@example.test", "030 1234567"),
    ("C3", "Ann Smith", "ann.smith@example.test", "+1 202 555 0147"),
    ("C4", "Ann Smith", "asmith77@example.test", "+1 202 555 0148"),
    ("C5", "Siobhán O'Brien", "", ""),
    ("100% _x'; DROP TABLE customer;--", "Bobby Tables", "bobby@example.test", ""),
]
ORDERS = [("ORD-470295", "C3"), ("470296", "C3"), ("AB12", "C1")]


def write(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(header)
        out.writerows(rows)
    return path


def bring_in(
    folder: Path, *paths: Path, kinds: dict[str, Kind] | None = None, **order: Any
) -> Report:
    given = [Given(path=path, kind=(kinds or {}).get(path.name)) for path in paths]
    return import_files(folder, given, Order(**order), lambda _: None)


def settle(folder: Path) -> Report:
    """The site's own customers and orders, in `folder`."""
    folder.mkdir(exist_ok=True)
    return bring_in(
        folder,
        write(folder / "customers.csv", ["id", "name", "email", "phone"], CUSTOMERS),
        write(folder / "orders.csv", ["number", "customer_id"], ORDERS),
    )


def rows(folder: Path, sql: str) -> list[Any]:
    reader = Reader(folder / FILE)
    try:
        return reader.ask(sql)
    finally:
        reader.close()
