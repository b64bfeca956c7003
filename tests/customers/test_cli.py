import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appliance.cli.app import app
from appliance.errors import CustomersError
from tests.customers.site import CUSTOMERS, rows, write

HEADER = ["id", "name", "email", "phone"]


@pytest.fixture(autouse=True)
def as_nice_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command gives way to calls for good; the other tests should not."""
    monkeypatch.setattr("os.nice", lambda _: 0)


def run(folder: Path, *arguments: str) -> str:
    command = ["import", "customers", "--data-dir", str(folder / "data"), *arguments]
    result = CliRunner().invoke(app, command, catch_exceptions=False)
    if isinstance(result.exception, Exception):
        raise result.exception
    return result.output


def test_it_says_how_it_understood_a_file_and_what_the_box_knows(tmp_path: Path) -> None:
    file = write(tmp_path / "crm.csv", [*HEADER, "shoe size"], [[*CUSTOMERS[0], "42"]])
    said = run(tmp_path, str(file))
    assert "crm.csv: 1 customers" in said
    assert "not used: shoe size" in said
    assert "The box now knows 1 customers" in said


def test_bad_rows_are_told_written_and_change_nothing(tmp_path: Path) -> None:
    file = write(tmp_path / "crm.csv", HEADER, [["", "Nobody", "", ""]])
    errors = tmp_path / "errors.csv"
    with pytest.raises(CustomersError, match="1 rows cannot be imported"):
        run(tmp_path, str(file), "--errors", str(errors))
    assert "crm.csv,1,id,,is empty,True" in errors.read_text()
    assert "row 1: id is empty" in run(tmp_path, str(file), "--dry-run")
    assert not (tmp_path / "data" / "customers.duckdb").exists()


def test_what_is_in_a_file_is_text_in_the_report_and_on_the_terminal(
    tmp_path: Path,
) -> None:
    link = '=HYPERLINK("http://evil.example")'
    header = [*HEADER, "\x1b[2Jnote\r\nThe box now knows nobody."]
    file = write(tmp_path / "crm.csv", header, [["1", "Ada", link, "", "\x1b[2J"]])
    errors = tmp_path / "errors.csv"
    said = run(tmp_path, str(file), "--errors", str(errors), "--skip-bad-rows")
    assert "\x1b" not in said
    assert not any(line.startswith("The box now knows nobody") for line in said.split("\n"))
    [_, row] = csv.reader(errors.read_text().splitlines())
    assert f"'{link}" in row
    assert not any(field.startswith("=") for field in row)


def test_the_kind_and_the_columns_can_be_said(tmp_path: Path) -> None:
    people = write(tmp_path / "a.csv", ["x", "y"], [["1", "Ada Lovely"]])
    sales = write(tmp_path / "b.csv", ["n", "x", "sum"], [["77", "1", "3,50 €"]])
    run(
        tmp_path,
        f"customers={people}",
        f"orders={sales}",
        *("--map", "customers.id=x", "--map", "name=y", "--map", "number=n"),
        *("--map", "customer_id=x", "--map", "orders.total=sum"),
    )
    sql = "SELECT name, number, total FROM purchase JOIN customer USING (n)"
    assert rows(tmp_path / "data", sql) == [("Ada Lovely", "77", 3.5)]


def test_the_people_of_the_built_in_calls_come_in(tmp_path: Path) -> None:
    run(tmp_path, "--samples")
    assert ("Arthur Example",) in rows(tmp_path / "data", "SELECT name FROM customer")


@pytest.mark.parametrize("arguments", [[], ["crm.csv", "--map", "phone"], ["nowhere.csv"]])
def test_what_cannot_be_done_is_refused_with_advice(
    tmp_path: Path, arguments: list[str]
) -> None:
    with pytest.raises(CustomersError):
        run(tmp_path, *arguments)
