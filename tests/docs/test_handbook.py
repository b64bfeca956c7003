"""The handbook is true: each command in it runs, or is at least one that there is.

A block `sh` runs as it stands, in the folder of a scratch box beside its server. Others say
why they do not run here (`sh as root`, `sh for minutes`): those are checked by the command
line's own parser, and their units and scripts have to be there.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from appliance.cli.app import app
from appliance.handbook.pages import NAMES, every_page, find
from tests.faults.process import NO_MODELS, SECURE, Serving, serving

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "appliance" / "handbook"

WHY_NOT = ("as root", "for minutes", "from the kit", "with yours")

# What Debian and Ubuntu have.
SYSTEM = {"cat", "journalctl", "systemctl", "timedatectl", "sudo", "tar", "cd", "curl"}


class Block(NamedTuple):
    page: str
    why_not: str  # it does not run here; empty: it does
    text: str


def blocks() -> list[Block]:
    pattern = re.compile(r"^```sh *([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
    return [
        Block(page.name, *found)
        for page in every_page()
        for found in pattern.findall(page.text)
    ]


def lines(block: Block) -> list[list[str]]:
    """Its commands as words, without comments."""
    split = (shlex.split(line, comments=True) for line in block.text.splitlines())
    return [words for words in split if words]


def refusal(words: list[str]) -> str:
    """What the command line's parser has against these; help is given to what it takes,
    before anything is done."""
    done = CliRunner().invoke(app, [*words, "--help"])
    return "" if done.exit_code == 0 else done.output


def unknown_to_installer(words: list[str]) -> list[str]:
    """Options that `install` of a kit does not have."""
    command = [sys.executable, "-m", "appliance.kit.install", "--help"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    known = re.findall(r"--[a-z-]+", told)
    return [word for word in words if word.startswith("--") and word not in known]


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("box")
    # As on a box: the command, with the settings of the service.
    command = folder / "bin" / "appliance"
    command.parent.mkdir()
    # The doctor ends with 1 where it finds something, as it may on any machine.
    command.write_text(
        f'#!/bin/sh\n{sys.executable} -m appliance "$@" || [ "$?-$1" = 1-doctor ]\n'
    )
    command.chmod(0o755)
    with serving(folder, NO_MODELS | SECURE) as server:
        yield server


@pytest.mark.timeout(120)
@pytest.mark.parametrize("page", NAMES)
def test_what_a_page_says_to_type_works_on_a_box(box: Serving, page: str) -> None:
    mine = [block for block in blocks() if block.page == page and not block.why_not]
    environ = {
        **os.environ,
        **NO_MODELS,
        **SECURE,
        "APPLIANCE_SERVER_DATA_DIR": str(box.folder / "data"),
        "APPLIANCE_SERVER_PORT": box.url.rpartition(":")[2],
        "PATH": f"{box.folder / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    for block in mine:
        done = subprocess.run(
            ["sh", "-ec", block.text],
            cwd=box.folder,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block.text}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr


def elsewhere() -> list[Block]:
    return [block for block in blocks() if block.why_not]


@pytest.mark.parametrize(
    "block", elsewhere(), ids=lambda block: f"{block.page}, {block.text.splitlines()[0]}"
)
def test_what_cannot_be_typed_here_is_a_command_that_there_is(block: Block) -> None:
    assert block.why_not in WHY_NOT
    for words in lines(block):
        if words[0] == "sudo":
            words = words[1:]
        if words[0] == "appliance":
            assert refusal(words[1:]) == ""
        elif block.why_not == "from the kit" and words[0] == "./install":
            assert unknown_to_installer(words[1:]) == []
        elif words[0].startswith("./"):
            assert (ROOT / words[0]).exists(), words
        else:
            assert words[0] in SYSTEM, words
        for word in words:
            if re.fullmatch(r"appliance[\w-]*\.(service|timer)", word):
                assert (ROOT / "systemd" / word).is_file()


def in_prose() -> list[tuple[str, str]]:
    found = []
    for page in every_page():
        prose = re.sub(r"^```.*?^```$", "", page.text, flags=re.DOTALL | re.MULTILINE)
        spans = re.findall(r"`(appliance [^`]+)`", prose)
        found += [(page.name, " ".join(span.split())) for span in spans]
    return sorted(set(found))


@pytest.mark.parametrize(("page", "command"), in_prose())
def test_a_command_that_is_named_exists(page: str, command: str) -> None:
    words = [word for word in shlex.split(command)[1:] if word != "..."]
    assert refusal(words) == "", f"{page}: {command}"


@pytest.mark.parametrize("wrong", ["userz list", "users adds Ann", "backup --to there"])
def test_a_command_that_there_is_not_would_be_found(wrong: str) -> None:
    assert "No such" in refusal(wrong.split())


def test_an_option_that_the_installer_does_not_have_would_be_found() -> None:
    assert unknown_to_installer(["--check", "--nothing"]) == ["--nothing"]


def test_every_file_is_a_page_and_every_link_leads_to_one() -> None:
    assert {file.stem for file in FOLDER.glob("*.md")} == set(NAMES)
    for page in every_page():
        assert page.text.startswith(f"# {page.title}\n")
        for name in re.findall(r"\]\(([a-z-]+)\.md\)", page.text):
            assert find(name)
        for file in re.findall(r"`((?:systemd|scripts)/[\w/.-]+)`", page.text):
            assert (ROOT / file).exists(), file
