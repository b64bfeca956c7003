from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile
import typer
from typer.testing import CliRunner, Result

from appliance.cli.replay import replay
from appliance.errors import ApplianceError, RecordingError
from tests.replay.box import Box, serving


@pytest.fixture
def call(tmp_path: Path) -> Path:
    noise = np.random.default_rng(1).integers(-9000, 9000, (16_000, 2), np.int16)
    path = tmp_path / "call.flac"
    soundfile.write(path, noise, 8000)
    return path


def run(*arguments: str) -> Result:
    app = typer.Typer()
    app.command()(replay)
    return CliRunner().invoke(app, list(arguments))


def test_the_built_in_calls_are_listed() -> None:
    result = run("--list-samples")
    assert result.exit_code == 0
    assert "lost-bank-card              84 s  Lost bank card" in result.stdout


def test_a_call_is_played_and_told_in_plain_lines_and_in_a_file(
    call: Path, tmp_path: Path
) -> None:
    told = tmp_path / "told.jsonl"
    with serving(Box()) as url:
        result = run(str(call), "--url", url, "--speed", "10", "--json", str(told))

    assert result.exit_code == 0, result.output
    assert "00:00 customer: words 1000" in result.stdout.splitlines()
    assert "        advice: [answer 50%] Say so." in result.stdout.splitlines()
    assert "Call c1: 3 s played, ended." in result.stderr
    lines = [msgspec.json.decode(line) for line in told.read_bytes().splitlines()]
    assert {"hello", "transcript", "ai_suggestion", "ack", "status"} <= {
        line["type"] for line in lines
    }
    assert all(isinstance(line["received_ms"], float) for line in lines)


def test_quiet_says_nothing(call: Path) -> None:
    with serving(Box(advise=False)) as url:
        result = run(str(call), "--url", url, "--speed", "10", "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_a_call_can_be_repeated_and_its_channels_swapped(call: Path) -> None:
    box = Box(advise=False)
    with serving(box) as url:
        arguments = ["--minutes", "0.1", "--agent-channel", "right", "--codec", "mulaw"]
        run(str(call), "--url", url, "--speed", "20", "--quiet", *arguments)
    assert len(box.legs["agent"].heard) == 7 * 50
    assert box.legs["agent"].audio.codec == "mulaw"
    assert box.legs["agent"].heard[0] == box.legs["agent"].heard[100]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "One recording is needed"),
        (["a.wav", "--sample", "roaming-bill"], "Only one recording"),
        (["--sample", "nothing"], "no built-in call 'nothing'"),
        (["missing.wav"], "no file missing.wav"),
    ],
)
def test_what_cannot_be_played_is_an_error_with_its_fix(
    arguments: list[str], problem: str
) -> None:
    result = run(*arguments)
    assert isinstance(result.exception, RecordingError)
    assert problem in result.exception.problem


def test_a_server_that_is_not_there_is_an_error_with_its_fix(call: Path) -> None:
    result = run(str(call), "--url", "http://127.0.0.1:1")
    assert isinstance(result.exception, ApplianceError)
    assert "does not answer" in result.exception.problem
