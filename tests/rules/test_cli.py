"""`appliance rules`, on files, built-in calls, and a record."""

import json
from pathlib import Path

import anyio
import pytest
from typer.testing import CliRunner

from appliance.cli.app import app
from appliance.messages import ROLES, Partner
from appliance.rules import reading
from appliance.store.event import CallEnded, Event
from appliance.store.writer import Store
from tests.store.events import joined, said, started, wall

EXAMPLE = Path(reading.__file__).with_name("example.toml")

RULES = """
[[rule]]
name = "hello"
any = ["hello"]
speaker = "either"
alert = ["agent"]
text = "Somebody says hello."

[[rule]]
name = "notice"
any = ["recorded"]
deadline_s = 1
alert = ["agent"]
text = "Say it."
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    return file


def run(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["rules", *map(str, words)])
    return result.exit_code, result.output


def test_a_good_file_ends_with_0_and_a_bad_one_with_1(rules: Path) -> None:
    assert run("check", rules) == (0, f"{rules}: 2 rules, 0 items, no fault.\n")
    rules.write_text(RULES.replace("any", "ani"))
    code, told = run("check", rules)
    assert code == 1
    assert "line 2, rule 'hello': unknown key 'ani'" in told
    assert "Rename it to 'any'" in told


def test_the_example_is_printed_as_it_is() -> None:
    assert run("example") == (0, EXAMPLE.read_text())


def test_the_built_in_calls_tell_where_the_example_applies() -> None:
    code, told = run("test", EXAMPLE, "--samples")
    assert code == 0
    assert "parcel-not-received\t1:08\tanything else\tmet\tturn-" in told
    assert "\nrecording notice\t0\t3\t0.0\t0\t3\t0\n" in told


def test_lines_are_quoted_only_where_that_is_asked_for() -> None:
    assert "Is there anything else?" not in run("test", EXAMPLE, "--samples")[1]
    assert "Is there anything else?" in run("test", EXAMPLE, "--samples", "--show")[1]


def test_a_rule_that_alerts_too_often_ends_with_3(rules: Path) -> None:
    assert run("test", rules, "--samples", "--at-most", "100")[0] == 0
    code, told = run("test", rules, "--samples", "--at-most", "50")
    assert code == 3
    assert "'notice' alerts in 3 of 3 calls" in told


async def record(folder: Path) -> None:
    """A call with a hello, one without, and one that goes on."""
    store = await anyio.to_thread.run_sync(Store.open, folder / "appliance.duckdb")
    for call_id, text in (("c1", "Hello there"), ("c2", "Good day"), ("c3", "Hello")):
        store.append(started(call_id))
        for seq, role in enumerate(ROLES, 2):
            store.append(joined(role, role, call_id, seq=seq))
            told = Partner(seq=seq + 2, role=role, event="joined")
            store.append(Event.of(told, call_id=call_id, at_ms=0, wall=wall()))
        store.append(said(6, text, call_id=call_id))
        if call_id != "c3":
            end = CallEnded(reason="hangup")
            store.append(Event.note(end, call_id=call_id, seq=7, at_ms=9000, wall=wall()))
    await store.flush()
    await store.aclose()


def test_calls_of_the_record_are_tried(tmp_path: Path, rules: Path) -> None:
    anyio.run(record, tmp_path)
    code, told = run("test", rules, "--data-dir", tmp_path)
    assert code == 0
    assert "c1\t0:00\thello\tmet\tt6\n" in told
    assert "c2\t0:01\tnotice\tmissed\t\n" in told
    assert "c3" not in told
    assert "\nhello\t1\t2\t50.0\t1\t0\t0\n" in told
    assert run("test", rules, "--data-dir", tmp_path, "--from", "2099-01-01")[0] == 1


def test_a_saved_answer_of_the_server_is_tried(tmp_path: Path, rules: Path) -> None:
    file = tmp_path / "call.json"
    turns = [{"role": "customer", "start": 2, "end": 3, "text": "Oh, hello."}]
    file.write_text(json.dumps({"turns": turns}))
    assert "call\t0:02\thello\tmet\tturn-1" in run("test", rules, "--transcript", file)[1]
    file.write_text("[]")
    assert run("test", rules, "--transcript", file)[0] == 1


def test_without_a_record_it_says_which_folder_it_looked_in(
    tmp_path: Path, rules: Path
) -> None:
    assert run("test", rules, "--data-dir", tmp_path)[0] == 1
