"""A file of rules is right, or says what is wrong with it, where, and what to do."""

from pathlib import Path

import pytest

from appliance.errors import RulesError
from appliance.rules import reading
from appliance.rules.reading import check_book, read_book

EXAMPLE = Path(reading.__file__).with_name("example.toml")

ITEM = '[[item]]\nid = "a"\ntext = "A"\n'
RULE = '[[rule]]\nname = "r"\nany = ["apple"]\ntick = "a"\n'


def faults(folder: Path, text: str) -> list[tuple[str, str]]:
    file = folder / "rules.toml"
    file.write_text(text)
    return [(fault.problem, fault.fix) for fault in check_book(file)[1]]


def test_the_example_has_no_fault() -> None:
    book = read_book(EXAMPLE)
    assert book.rules
    assert book.items


@pytest.mark.parametrize(
    ("text", "problem", "fix"),
    [
        (ITEM + RULE + 'tik = "a"', "line 4, rule 'r': unknown key 'tik'", "'tick'"),
        (ITEM + RULE + "when = { moood = 1 }", "'when.moood'", "'mood'"),
        (ITEM + RULE + "deadline_s = -1", "line 4, rule 'r': Expected", "Correct"),
        (ITEM + RULE + 'severity = "bad"', "Invalid enum value 'bad'", "Correct"),
        (RULE, "tick names no item: 'a'", "There is none yet"),
        (ITEM + RULE.replace('"a"', '"b"'), "tick names no item: 'b'", "Use one of"),
        (ITEM + ITEM, "another item of this id", "its own"),
        (ITEM + RULE + RULE, "line 8, rule 'r': there is another rule", "its own"),
        (ITEM + RULE + 'not = ["(x"]', "pattern '(x'", "Close it"),
        (ITEM + RULE + 'when = { after = "q" }', "names no rule", "Use one of"),
        (ITEM + RULE + 'when = { after = "r" }', "the rule itself", "another"),
        (ITEM + RULE + "when = { from_s = 9, until_s = 8 }", "not before", "Swap"),
        (ITEM + RULE + "when = { from_s = 9 }\ndeadline_s = 9", "contradict", "after"),
        (ITEM + RULE + "payment = true\ndeadline_s = 9", "begin a payment", "without"),
        (ITEM + RULE + 'alert = ["agent"]', "alert says nothing", "`text`"),
        ('[[rule]]\nname = "r"\nany = ["x"]', "it does nothing", "`tick`"),
        (ITEM + '[[rule]]\nname = "r"\ntick = "a"', "when it applies", "`any`"),
        (ITEM + '[[rule]]\nname = "r"\ntick = "a"\ndeadline_s = 9', "nothing", "awaited"),
        ('[[rules]]\nname = "r"', "unknown key 'rules'", "'rule'"),
        ("[rule]", "stands alone", "[[rule]]"),
        ("version = 2", "version 2", "version = 1"),
        ("version =", "not valid TOML", "line"),
    ],
)
def test_a_fault_is_told_with_its_place_and_its_fix(
    tmp_path: Path, text: str, problem: str, fix: str
) -> None:
    [(found, advice)] = faults(tmp_path, text)
    assert problem in found
    assert fix in advice


def test_every_fault_is_told(tmp_path: Path) -> None:
    assert len(faults(tmp_path, ITEM + ITEM + RULE + RULE)) == 2


def test_a_file_with_faults_is_refused_with_the_first_and_how_many(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(ITEM + ITEM + RULE + RULE)
    with pytest.raises(RulesError, match=r"another item.*\(1 more\)") as caught:
        read_book(file)
    assert "appliance rules check" in caught.value.fix


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="Cannot read"):
        read_book(tmp_path / "none.toml")
