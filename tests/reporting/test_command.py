"""`appliance report`, while a server runs and while none does."""

import csv
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import anyio
import duckdb
import pytest
from typer.testing import CliRunner

from appliance.access.access import Access
from appliance.cli.app import app
from appliance.control import line as control
from appliance.errors import ApplianceError
from appliance.reporting.desk import Reporting
from appliance.settings import AccessSettings, Settings
from appliance.store.writer import Store
from tests.access.site import answering
from tests.reporting.calls import Told
from tests.reporting.site import Site
from tests.reporting.test_by_hand import ten_calls

MARCH = ("--from", "2025-03-03", "--to", "2025-03-03")
FORMULA = "=cmd|'/C calc'!A0"


def kept(folder: Path) -> None:
    with Store.open(folder / "appliance.duckdb") as store:
        site = Site(store, Reporting(Settings().reporting, store))
        named = Told("x").come(FORMULA).answer(1).end(3)
        anyio.run(site.keep, [*ten_calls(), named])


@pytest.fixture(scope="module", params=["without a server", "with a server"])
def folder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The data folder; the command works on it in both cases."""
    data = tmp_path_factory.mktemp("box") / "data"
    kept(data)
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("APPLIANCE_REPORTING_TIME_ZONE", "UTC")
        if request.param == "without a server":
            yield data
            return
        with answering(data):
            yield data


def run(folder: Path, *arguments: str) -> str:
    command = ["report", "--data-dir", str(folder), *arguments]
    result = CliRunner().invoke(app, command, catch_exceptions=False)
    if isinstance(result.exception, Exception):
        raise result.exception
    return result.output


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))


def test_a_table_has_each_figure_with_what_it_rests_on_and_its_formula(
    folder: Path,
) -> None:
    head, *rows = run(folder, *MARCH, "--measures", "handled, aht").splitlines()
    assert head == "2025-03-03 to 2025-03-03, UTC"
    assert rows == [
        "Handled\t7\t7 calls\tcalls in which an agent and a customer were there",
        "Average handle time\t187.429 s\t7 handled calls\t"
        "(talk + hold + wrap-up) / handled; a call that nobody wrote up has no wrap-up",
    ]


def test_by_queue_and_hour_each_row_says_of_what_and_when(folder: Path) -> None:
    wish = ("--by", "queue", "--grain", "hour", "--measures", "calls")
    said = run(folder, *MARCH, *wish).splitlines()
    assert "in all\tbilling\tCalls\t2\t2 calls\tcalls that have ended" in said
    assert "2025-03-03 12:00\tbilling\tCalls\t2\t2 calls\tcalls that have ended" in said
    assert not run(folder, *MARCH, *wish, "--queue", "no").splitlines()[1:]


def test_a_period_in_which_nothing_was_counted_says_so(folder: Path) -> None:
    said = run(folder, "--from", "2024-01-01", "--to", "2024-01-02", "--measures", "aht")
    assert said == "2024-01-01 to 2024-01-02, UTC: nothing was counted.\n"


def test_csv_goes_to_where_it_is_piped_and_is_never_a_formula(folder: Path) -> None:
    wish = ("--by", "queue", "--measures", "calls", "--format", "csv")
    rows = rows_of(run(folder, *MARCH, *wish))
    assert {row["of"]: row["value"] for row in rows} == {
        "": "1", "billing": "2", "sales": "6", f"'{FORMULA}": "1",
    }  # fmt: skip
    assert {row["from"] for row in rows} == {"2025-03-03 00:00:00"}


def test_a_file_is_written_as_it_ends(folder: Path, tmp_path: Path) -> None:
    wish = (*MARCH, "--by", "queue", "--measures", "calls")
    for ending in ("csv", "xlsx", "parquet"):
        assert run(folder, *wish, "--out", str(tmp_path / f"march.{ending}")) == ""
    assert len(rows_of((tmp_path / "march.csv").read_text())) == 4
    with ZipFile(tmp_path / "march.xlsx") as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 5
    assert "<f>" not in sheet
    with duckdb.connect() as reader:
        [(total,)] = reader.execute(
            "SELECT sum(value) FROM read_parquet($path)",
            {"path": str(tmp_path / "march.parquet")},
        ).fetchall()
    assert total == 10
    assert (tmp_path / "march.csv").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("wish", "problem", "fix"),
    [
        (("--measures", "ahd"), "no measure 'ahd'", "aht"),
        (("--out", "march.doc"), "written as 'doc'", "csv, xlsx, parquet"),
        (("--out", "there.csv"), "File exists", "another file"),
        (("--from", "2025-03-05"), "period is empty", "`to`"),
        (("--from", "2015-03-05", "--grain", "hour"), "more than 1000", "coarser"),
    ],
)
def test_what_cannot_be_told_is_refused_with_advice_and_leaves_no_file(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    wish: tuple[str, ...],
    problem: str,
    fix: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.csv").write_text("mine")
    out = () if "--out" in wish else ("--out", "march.csv")
    with pytest.raises(ApplianceError) as refused:
        run(folder, *MARCH, *wish, *out)
    assert problem in refused.value.problem
    assert fix in refused.value.fix
    assert (tmp_path / "there.csv").read_text() == "mine"
    assert not (tmp_path / "march.csv").exists()


def test_where_there_is_no_record_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(ApplianceError, match="There is no record"):
        run(tmp_path)
    assert not list(tmp_path.iterdir())


def test_who_took_figures_is_in_the_audit_log(tmp_path: Path) -> None:
    kept(tmp_path)
    run(tmp_path, *MARCH, "--measures", "calls", "--format", "csv")

    with Access.open(tmp_path, AccessSettings(hash_kib=8, hash_passes=1)) as access:
        [entry] = anyio.run(access.entries, 0, 10)
    assert (entry.actor, entry.action, entry.subject, entry.detail) == (
        control.user_name(), "report exported", "figures", "1 rows as csv",
    )  # fmt: skip
