"""`appliance kb` as a person types it, finding by words alone."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from appliance.cli.kb import app
from appliance.errors import KnowledgeError
from tests.knowledge.site import ARTICLES


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("APPLIANCE_KNOWLEDGE_MODEL", "")
    monkeypatch.setenv("APPLIANCE_KNOWLEDGE_THRESHOLD", "0.2")
    monkeypatch.setenv("APPLIANCE_KNOWLEDGE_FOLDER", str(tmp_path / "articles"))
    (tmp_path / "articles").mkdir()
    for name, text in ARTICLES.items():
        (tmp_path / "articles" / f"{name}.md").write_text(text)
    return tmp_path


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["--data-dir", str(folder / "data"), *words])


def test_the_folder_of_the_settings_is_all_there_is(folder: Path) -> None:
    assert "3 added: card, fees, hours" in run(folder, "add").stdout
    (folder / "articles" / "fees.md").unlink()
    told = run(folder, "add").stdout
    assert "1 removed: fees" in told
    assert "2 are as they were." in told


def test_a_search_says_what_would_be_cited_and_why(folder: Path) -> None:
    run(folder, "add")
    told = run(folder, "search", "what does an overdraft cost").stdout.splitlines()
    assert told[0].endswith(" fees: Overdraft fee")
    assert "wording" in told[1]
    assert "-: not likely enough to be cited" in told[-1]


def test_an_article_is_shown_with_its_versions(folder: Path) -> None:
    run(folder, "add")
    (folder / "articles" / "fees.md").write_text("# Overdraft fee\n\nFree.\n")
    run(folder, "add", str(folder / "articles" / "fees.md"))
    told = run(folder, "list", "fees").stdout
    assert "Free." in told
    assert "version 2" in told
    assert "version 1" in told


def test_a_kept_golden_set_stands_against_what_makes_it_worse(folder: Path) -> None:
    run(folder, "add")
    golden = folder / "golden.csv"
    golden.write_text("question,article\nwhat does an overdraft cost,fees\nbicycles,\n")
    told = run(folder, "test", str(golden), "--keep").stdout
    assert "2 of 2 right, 0 wrong ones shown" in told
    assert isinstance(run(folder, "remove", "fees").exception, KnowledgeError)
    assert "1 removed: fees" in run(folder, "remove", "fees", "--force").stdout
    assert "shown nothing" in run(folder, "test").stdout


@pytest.mark.parametrize("words", [("list",), ("search", "x"), ("list", "nothing")])
def test_without_articles_it_says_what_to_do(folder: Path, words: tuple[str, ...]) -> None:
    told = run(folder, *words).exception
    assert isinstance(told, KnowledgeError)
    assert told.fix
