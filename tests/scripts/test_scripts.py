import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("sh", "cat", "dirname", "sha256sum", "cut", "sed", "awk", "grep", "uname")
# A script with results is a folder, with `run` in it.
SCRIPTS = sorted(
    p / "run" if p.is_dir() else p for p in (ROOT / "scripts").iterdir() if not p.suffix
)
ALL = [*SCRIPTS, ROOT / ".ci" / "run"]
README = (ROOT / "scripts" / "README.md").read_text()


def name_of(script: Path) -> str:
    return f"{script.parent.name}/run" if script.name == "run" else script.name


def purpose(script: Path) -> str:
    return script.read_text().splitlines()[1].removeprefix("# ")


@pytest.mark.parametrize("script", ALL, ids=name_of)
def test_a_script_says_its_purpose_stops_at_errors_and_runs_only_when_whole(
    script: Path,
) -> None:
    lines = script.read_text().splitlines()
    assert lines[0] == "#!/bin/sh"
    assert re.fullmatch(r"# [A-Z].*\.", lines[1])
    assert lines[2] == "set -eu"
    assert lines[-1] == 'main "$@"'
    assert script.stat().st_mode & 0o111
    subprocess.run(["sh", "-n", script], check=True, timeout=10)


def test_the_readme_of_the_scripts_has_each_with_its_purpose() -> None:
    rows = dict(re.findall(r"^\| `([\w/]+)` \| (.*) \|$", README, flags=re.MULTILINE))
    plain = {name: text.replace("`", "") for name, text in rows.items()}
    assert plain == {name_of(p): purpose(p).replace("`", "") for p in SCRIPTS}


@pytest.fixture
def bare_machine(tmp_path: Path) -> dict[str, str]:
    """An environment with the tools every Linux has, but neither Python nor a compiler."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found
        (tools / name).symlink_to(found)
    return {"PATH": str(tools), "HOME": str(tmp_path / "home")}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What setup reads, in a folder of its own that has no .venv."""
    for name in (
        "pyproject.toml",
        "constraints.txt",
        "scripts/setup",
        "models/manifest.toml",
    ):
        target = tmp_path / "checkout" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    return tmp_path / "checkout"


def test_a_machine_without_python_and_compiler_is_told_of_both_at_once(
    checkout: Path, bare_machine: dict[str, str]
) -> None:
    done = subprocess.run(
        [checkout / "scripts" / "setup"],
        env=bare_machine,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "Python 3.11" in done.stderr
    assert "build-essential" in done.stderr
    assert not (checkout / ".venv").exists()


def test_a_python_that_is_too_old_is_not_taken(
    checkout: Path, bare_machine: dict[str, str], tmp_path: Path
) -> None:
    old = tmp_path / "bin" / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")  # what the version question answers on 3.10
    old.chmod(0o755)
    done = subprocess.run(
        [checkout / "scripts" / "setup"],
        env=bare_machine,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert "Python 3.11" in done.stderr


def test_every_constraint_is_an_exact_version() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][\w.]*", pin) for pin in pins)
    assert "torch==2.13.0" in pins
