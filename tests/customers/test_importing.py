import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from fcntl import LOCK_EX, flock
from pathlib import Path

import duckdb
import pytest

from appliance.customers.importing import FILE
from appliance.errors import CustomersError
from tests.customers.site import CUSTOMERS, bring_in, rows, settle, write

HEADER = ["id", "name", "email", "phone"]
IDS = "SELECT id FROM customer ORDER BY id"


def test_customers_and_their_orders_come_in(tmp_path: Path) -> None:
    report = settle(tmp_path)
    assert report.totals == {"customers": 6, "orders": 3, "tickets": 0, "notes": 0}
    assert report.problems == []
    bought = "SELECT id, number FROM purchase JOIN customer USING (n) ORDER BY number"
    assert rows(tmp_path, bought) == [
        ("C3", "470296"),
        ("C1", "AB12"),
        ("C3", "ORD-470295"),
    ]


@pytest.mark.parametrize(
    "form", ["csv", "tsv", "parquet", "json", "ndjson", "sqlite", "duckdb"]
)
def test_the_same_customers_come_out_of_every_format(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"crm-customers.{form}"
    plain = [dict(zip(HEADER, row, strict=True)) for row in CUSTOMERS]
    if form in ("csv", "tsv"):
        write(path, HEADER, CUSTOMERS)
        if form == "tsv":
            path.write_text(
                "\n".join("\t".join(row) for row in [HEADER, *CUSTOMERS]) + "\n"
            )
    elif form == "json":
        path.write_text(json.dumps(plain))
    elif form == "ndjson":
        path.write_text("\n".join(json.dumps(row) for row in plain))
    elif form == "sqlite":
        with closing(sqlite3.connect(path)) as lite:
            lite.execute("CREATE TABLE customers (id, name, email, phone)")
            lite.executemany("INSERT INTO customers VALUES (?, ?, ?, ?)", CUSTOMERS)
            lite.commit()
    else:
        with duckdb.connect(str(path) if form == "duckdb" else ":memory:") as db:
            db.execute(
                "CREATE TABLE customers (id TEXT, name TEXT, email TEXT, phone TEXT)"
            )
            db.executemany("INSERT INTO customers VALUES (?, ?, ?, ?)", CUSTOMERS)
            if form == "parquet":
                db.execute(f"COPY customers TO '{path}'")
    report = bring_in(tmp_path, path)
    assert report.left_out == 0
    assert [id_ for (id_,) in rows(tmp_path, IDS)] == sorted(row[0] for row in CUSTOMERS)


def test_columns_are_known_by_what_other_systems_call_them(tmp_path: Path) -> None:
    header = [
        "Kundennummer",
        "Vorname",
        "Nachname",
        "E-Mail",
        "Telefon",
        "Umsatz",
        "Kunde seit",
    ]
    row = ["K7", "Änne", "Groß", "a@example.test", "030/123456", "1.234,50 €", "31.12.2019"]
    report = bring_in(tmp_path, write(tmp_path / "export.csv", header, [row]))
    assert report.tables[0].kind == "customers"
    sql = "SELECT id, name, folded, lifetime_value, since::VARCHAR FROM customer"
    assert rows(tmp_path, sql) == [("K7", "Änne Groß", "anne gross", 1234.5, "2019-12-31")]


def test_a_person_says_which_column_is_what(tmp_path: Path) -> None:
    file = write(tmp_path / "x.csv", ["a", "b", "name"], [["1", "Ada Lovely", "wrong"]])
    columns = {"id": "a", "customers.name": "b"}
    bring_in(tmp_path, file, kinds={"x.csv": "customers"}, columns=columns)
    assert rows(tmp_path, "SELECT id, name FROM customer") == [("1", "Ada Lovely")]
    with pytest.raises(CustomersError, match="Did you mean 'phone'"):
        bring_in(tmp_path, file, columns={"phon": "b"})
    with pytest.raises(CustomersError, match="no column 'c'"):
        bring_in(
            tmp_path, file, kinds={"x.csv": "customers"}, columns={"customers.id": "c"}
        )


def test_each_bad_row_is_named_and_nothing_is_imported(tmp_path: Path) -> None:
    settle(tmp_path)
    before = (tmp_path / FILE).read_bytes()
    file = write(
        tmp_path / "customers.csv",
        HEADER,
        [
            ["N1", "Ada", "", ""],
            ["", "Nameless Number", "", ""],
            ["N1", "Twice", "", ""],
            ["N3", "", "", ""],
            ["N4", "x" * 501, "", ""],
            ["N5", "Bad Mail", "not an address", "1"],
        ],
    )
    orders = write(tmp_path / "orders.csv", ["number", "customer_id"], [["O1", "nobody"]])
    report = bring_in(tmp_path, file, orders)
    assert [(p.source, p.row, p.field, p.left_out) for p in report.problems] == [
        ("customers.csv", 2, "id", True),
        ("customers.csv", 3, "id", True),
        ("customers.csv", 4, "name", True),
        ("customers.csv", 5, "name", True),
        ("customers.csv", 6, "email", False),
        ("customers.csv", 6, "phone", False),
        ("orders.csv", 1, "customer_id", True),
    ]
    assert "customers.csv row 1" in report.problems[1].problem
    assert (report.left_out, report.totals) == (5, {})
    assert (tmp_path / FILE).read_bytes() == before
    report = bring_in(tmp_path, file, orders, skip_bad_rows=True)
    assert report.totals["customers"] == len(CUSTOMERS) + 2
    assert ("N5", None) in rows(tmp_path, "SELECT id, email FROM customer")


def test_a_dry_run_says_everything_and_changes_nothing(tmp_path: Path) -> None:
    file = write(tmp_path / "customers.csv", HEADER, CUSTOMERS)
    report = bring_in(tmp_path, file, dry_run=True)
    assert report.tables[0].rows == len(CUSTOMERS)
    assert not (tmp_path / FILE).exists()


def test_rows_replace_those_with_the_same_number_and_others_stay(tmp_path: Path) -> None:
    settle(tmp_path)
    newer = write(tmp_path / "customers.csv", HEADER, [["C3", "Ann Jones", "", ""]])
    bring_in(tmp_path, newer)
    assert len(rows(tmp_path, IDS)) == len(CUSTOMERS)
    found = rows(tmp_path, "SELECT name, number FROM purchase JOIN customer USING (n)")
    assert ("Ann Jones", "470296") in found
    bring_in(tmp_path, newer, replace=True)
    assert rows(tmp_path, IDS) == [("C3",)]
    assert rows(tmp_path, "FROM purchase") == []


def test_an_import_that_is_repeated_changes_nothing(tmp_path: Path) -> None:
    settle(tmp_path)
    notes = write(tmp_path / "notes.csv", ["customer_id", "text"], [["C1", "Calls often"]])
    for _ in range(2):
        assert bring_in(tmp_path, notes).totals["notes"] == 1


def test_broken_lines_of_a_csv_are_named_by_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(
        "id,name,email,phone\nA1,Ada,,\nA2,Bob,,,,,too,many\nA3,Cem,,\n,Dee,,\nA5,Eve,,\n"
    )
    report = bring_in(tmp_path, path)
    assert [problem.row for problem in report.problems] == [2, 4]
    assert report.totals == {}
    bring_in(tmp_path, path, skip_bad_rows=True)
    assert rows(tmp_path, IDS) == [("A1",), ("A3",), ("A5",)]


def test_an_older_windows_file_is_refused_until_its_encoding_is_named(
    tmp_path: Path,
) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes("id,name\nA1,Ada\nA2,Jürgen Groß\n".encode("cp1252"))
    with pytest.raises(CustomersError, match=r"line 3.*--encoding cp1252"):
        bring_in(tmp_path, path)
    bring_in(tmp_path, path, encoding="cp1252")
    assert ("A2", "Jürgen Groß") in rows(tmp_path, "SELECT id, name FROM customer")
    with pytest.raises(CustomersError, match="no encoding 'klingon'"):
        bring_in(tmp_path, path, encoding="klingon")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_with_a_byte_order_mark_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("id,name\nA2,Jürgen Groß\n", encoding=encoding)
    bring_in(tmp_path, path)
    assert rows(tmp_path, "SELECT id, name FROM customer") == [("A2", "Jürgen Groß")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("customers.csv", b""),
        ("customers.csv", b"\0" * 100),
        ("customers.csv", b"id,name\nA1,A\0da\n"),
        ("customers.json", b'[{"id": 1, "name": '),
        ("customers.json", b"42"),
        ("customers.parquet", b"PAR1 and nothing else"),
        ("customers.db", b"SQLite format 3\0 and nothing else"),
        ("customers.db", b"........DUCK and nothing else"),
        ("photo.jpg", bytes(range(256)) * 20),
        ("customers.csv", b"colour,size\nred,3\n"),
    ],
)
def test_what_is_no_file_of_customers_is_refused_with_advice(
    tmp_path: Path, name: str, content: bytes
) -> None:
    settle(tmp_path)
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CustomersError) as refused:
        bring_in(tmp_path, path)
    assert name in refused.value.problem
    assert len(rows(tmp_path, IDS)) == len(CUSTOMERS)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CustomersError, match=r"no file .*nowhere\.csv"):
        bring_in(tmp_path, tmp_path / "nowhere.csv")


def test_names_that_are_sql_are_only_names(tmp_path: Path) -> None:
    header = ['id"; DROP TABLE x', "id", "name", "appliance'row"]
    path = write(tmp_path / "cust'omers.csv", header, [["1", "'; --", '"; SELECT 1', "x"]])
    bring_in(tmp_path, path)
    assert rows(tmp_path, "SELECT id, name FROM customer") == [("'; --", '"; SELECT 1')]


def test_two_imports_at_once_are_refused(tmp_path: Path) -> None:
    with (tmp_path / f"{FILE}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        with pytest.raises(CustomersError, match="Another import"):
            settle(tmp_path)


def test_an_import_that_is_killed_leaves_the_customers_as_they_were(tmp_path: Path) -> None:
    settle(tmp_path)
    more = write(
        tmp_path / "customers.csv",
        HEADER,
        [[f"N{n}", f"Name {n}", "", ""] for n in range(9)],
    )
    killed = (
        "import os, sys; from pathlib import Path\n"
        "from appliance.customers.importing import *\n"
        "def step(text):\n"
        "    if 'searched' in text: os._exit(9)\n"
        f"import_files(Path({str(tmp_path)!r}), [Given(path=Path({str(more)!r}))],"
        " Order(), step)"
    )
    done = subprocess.run([sys.executable, "-c", killed], check=False)
    assert done.returncode == 9
    assert len(rows(tmp_path, IDS)) == len(CUSTOMERS)
    assert len(list(tmp_path.glob(f"{FILE}.import-*"))) == 1
    bring_in(tmp_path, more)
    assert len(rows(tmp_path, IDS)) == len(CUSTOMERS) + 9
    assert list(tmp_path.glob(f"{FILE}.import-*")) == []


def test_whoever_reads_the_old_customers_reads_them_to_the_end(tmp_path: Path) -> None:
    from appliance.customers.database import Reader

    settle(tmp_path)
    reader = Reader(tmp_path / FILE)
    bring_in(
        tmp_path,
        write(tmp_path / "customers.csv", HEADER, [["N", "New", "", ""]]),
        replace=True,
    )
    assert len(reader.ask(IDS)) == len(CUSTOMERS)
    reader.close()
    assert rows(tmp_path, IDS) == [("N",)]


def test_customers_of_another_format_are_refused(tmp_path: Path) -> None:
    settle(tmp_path)
    with duckdb.connect(str(tmp_path / FILE)) as db:
        db.execute("UPDATE about SET format = 99")
    with pytest.raises(CustomersError, match="format 99"):
        rows(tmp_path, IDS)
    os.truncate(tmp_path / FILE, 5000)
    with pytest.raises(CustomersError, match="Import them again"):
        rows(tmp_path, IDS)
