"""Reports from a real server: the same calls as the list, told to the audit log."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import httpx
import pytest

from appliance.pipeline.box import Box
from appliance.server import reports
from appliance.sheets.formats import FORMATS
from appliance.store.event import CallEnded, Event, WrapUp
from appliance.store.search import MOST_SESSIONS
from tests.server.live import OFF, SITES, client, serving
from tests.server.onlookers import keys_of
from tests.store.events import joined, started, wall

pytestmark = pytest.mark.anyio


YEARS = {"from": "2020-01-01T00:00:00Z", "to": "2030-01-01T00:00:00Z"}


async def has_calls(box: Box, count: int) -> None:
    for n in range(count):
        call_id = f"c{n}"
        facts = (CallEnded(reason="hangup"), WrapUp(outcome="resolved", summary="secret"))
        for event in (
            started(call_id, minutes=n),
            joined("agent", "Ann" if n % 2 else "Ben", call_id, 2),
            joined("customer", "=cmd|'/C calc'!A0", call_id, 3),
            *(
                Event.note(fact, call_id=call_id, seq=9 + k, at_ms=60_000, wall=wall(n + 2))
                for k, fact in enumerate(facts)
            ),
        ):
            box.store.append(event)
    await box.store.flush()


async def asked(url: str, what: str, keys: Any = None, **of: str) -> httpx.Response:
    async with client(url, keys) as http:
        return await http.get(f"/api/reports/{what}", params=of)


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_a_report_has_every_call_that_the_filters_list_and_no_formula(
    tmp_path: Path,
) -> None:
    count = MOST_SESSIONS + 3
    async with serving(tmp_path, models=OFF) as (url, box):
        await has_calls(box, count)
        answer = await asked(url, "calls", format="csv")
        rows = rows_of(answer)
        assert [row["call"] for row in rows] == [f"c{n}" for n in reversed(range(count))]
        assert {row["customer"] for row in rows} == {"'=cmd|'/C calc'!A0"}
        assert {row["seconds"] for row in rows} == {"120"}
        assert "secret" not in answer.text
        assert "attachment" in answer.headers["content-disposition"]
        anns = rows_of(await asked(url, "calls", agent="Ann"))
        assert {row["agent"] for row in anns} == {"Ann"}
        assert len(anns) == count // 2

        book = await asked(url, "calls", format="xlsx", agent="Ann")
        with ZipFile(BytesIO(book.content)) as parts:
            sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert sheet.count("<row ") == 1 + count // 2
        assert "<f>" not in sheet

        parquet = tmp_path / "calls.parquet"
        parquet.write_bytes((await asked(url, "calls", format="parquet")).content)
        with duckdb.connect() as reader:
            sql = "SELECT count(*), min(customer) FROM read_parquet($path)"
            found = reader.execute(sql, {"path": str(parquet)}).fetchall()
        assert found == [(count, "=cmd|'/C calc'!A0")]

        entries = await SITES[url].access.entries(0, 1000)
        told = [(row.actor, row.subject, row.detail) for row in entries
                if row.action == "report exported"]  # fmt: skip
        assert told[0] == ("Helen", "calls", f"{count} rows as csv, from 127.0.0.1")
        assert len(told) == 4


async def test_figures_are_told_one_a_row_with_their_formula(tmp_path: Path) -> None:
    async with serving(tmp_path, models=OFF) as (url, box):
        await has_calls(box, 4)
        rows = rows_of(await asked(url, "figures", **YEARS))
        [calls] = [row for row in rows if row["measure"] == "calls"]
        assert (calls["value"], calls["n"], calls["unit"]) == ("4", "4", "count")
        assert all(row["formula"] and row["value"] for row in rows)
        days = {
            "from": f"{wall() - timedelta(days=2):%Y-%m-%dT00:00:00Z}",
            "to": f"{wall() + timedelta(days=2):%Y-%m-%dT00:00:00Z}",
        }
        asking = {"measure": "calls", "grain": "day", **days}
        rows = rows_of(await asked(url, "figures", **asking))
        assert [row["value"] for row in rows] == ["4", "4"]  # all, and its one day


async def test_reports_are_for_supervisors_and_never_cut_off_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(tmp_path, models=OFF) as (url, box):
        await has_calls(box, 4)
        for roles in (("agent",), ("admin",)):
            keys = await keys_of(url, f"{roles[0]} Eve", *roles)
            assert (await asked(url, "calls", keys)).status_code == 403
        assert (await asked(url, "calls", format="exe")).status_code == 400
        assert (await asked(url, "calls", agnet="Ann")).status_code == 400
        monkeypatch.setattr(reports, "MOST", 3)
        for format_ in FORMATS:
            refused = await asked(url, "calls", format=format_)
            assert refused.status_code == 400
            assert "shorter period" in refused.json()["fix"]
        entries = await SITES[url].access.entries(0, 1000)
        assert "report exported" not in {row.action for row in entries}
