import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from appliance.assistant.actions import shelf
from appliance.assistant.actions.learning import Conversation
from appliance.cli.app import app
from appliance.errors import ApplianceError
from appliance.store.event import Event
from appliance.store.log import SessionLog
from tests.assistant.actions.calls import made_up
from tests.store.events import of_kind


def write(file: Path, calls: list[Conversation], *, wrong: bool = False) -> Path:
    """`wrong` names actions after the call's number: there is nothing to learn."""
    with gzip.open(file, "wt") as out:
        for call in calls:
            turns = [
                {"speaker": turn.speaker, "text": turn.text, "action": turn.action or None}
                for turn in call.turns
            ]
            if wrong:
                names = ["look_up", "close", "offer_refund"]
                for place, turn in enumerate(turns):
                    number = int(call.id) * 7919 + place * 104_729
                    turn["action"] = turn["action"] and names[number % 3]
            out.write(json.dumps({"id": call.id, "turns": turns}) + "\n")
    return file


def run(*arguments: str | Path) -> Result:
    words = ["train", "actions", *map(str, arguments)]
    return CliRunner().invoke(app, words, catch_exceptions=False)


def test_what_is_better_is_installed_and_said_how_much(tmp_path: Path) -> None:
    file = write(tmp_path / "calls.jsonl.gz", made_up(150))
    result = run(file, "--data-dir", tmp_path)
    assert "new: right in" in result.output
    assert (tmp_path / "actions" / "0001.model").is_file()
    again = run(file, "--data-dir", tmp_path)
    assert "in use: right in" in again.output
    assert len(shelf.versions(tmp_path / "actions")) == 2


def test_a_dry_run_leaves_things_as_they_are(tmp_path: Path) -> None:
    file = write(tmp_path / "calls.jsonl.gz", made_up(150))
    assert "new: right in" in run(file, "--data-dir", tmp_path, "--dry-run").output
    assert not (tmp_path / "actions").exists()


def test_what_is_worse_than_what_is_in_use_is_left_alone(tmp_path: Path) -> None:
    calls = made_up(150)
    run(write(tmp_path / "good.jsonl.gz", calls), "--data-dir", tmp_path)
    bad = write(tmp_path / "bad.jsonl.gz", calls, wrong=True)
    with pytest.raises(ApplianceError, match="left alone"):
        run(bad, "--data-dir", tmp_path)
    assert len(shelf.versions(tmp_path / "actions")) == 1


def test_actions_that_the_site_does_not_have_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APPLIANCE_ADVICE_ACTIONS", "look_up, close")
    file = write(tmp_path / "calls.jsonl.gz", made_up(20))
    with pytest.raises(ApplianceError, match="actions: offer_refund"):
        run(file, "--data-dir", tmp_path)


def test_a_file_of_something_else_is_refused_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    file.write_text('{"id": 1, "turns": []}\n{"id": 2}\n')
    with pytest.raises(ApplianceError, match="Line 2"):
        run(file, "--data-dir", tmp_path)
    with pytest.raises(ApplianceError, match="Cannot read"):
        run(tmp_path / "none", "--data-dir", tmp_path)
    with pytest.raises(ApplianceError, match="not said"):
        run("--data-dir", tmp_path)


def test_the_record_is_learnt_from_where_advice_was_taken_up(tmp_path: Path) -> None:
    log = SessionLog(tmp_path / "appliance.duckdb")
    for call in made_up(150):
        log.write(list(events_of(call)))
    log.close()
    result = run("--from-record", "--data-dir", tmp_path)
    assert "new: right in 100.0%" in result.output
    assert (tmp_path / "actions" / "0001.model").is_file()


def events_of(call: Conversation) -> list[Event]:
    """As a call with advice that was always used leaves them in the record."""
    rows: list[tuple[str, dict[str, object]]] = []
    for number, turn in enumerate(call.turns):
        text: dict[str, object] = {
            "id": f"t{number}",
            "speaker": turn.speaker,
            "text": turn.text,
        }
        if turn.action:
            about: dict[str, object] = {"id": f"a{number}", "answers": f"t{number - 1}"}
            rows.append(("ai_suggestion", about | {"action": turn.action}))
            rows.append(("feedback", {"id": f"a{number}", "verdict": "used"}))
        rows.append(("transcript", text | {"is_final": "true"}))
    return [
        of_kind(seq, kind, json.dumps(payload).encode(), f"c{call.id}")
        for seq, (kind, payload) in enumerate(rows, 1)
    ]
