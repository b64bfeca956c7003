"""The rules of the box: read at the start, and again without a start."""

from pathlib import Path

import pytest

from appliance.errors import ProtocolError, RulesError
from appliance.messages import Checklist
from appliance.rules.course import Told
from appliance.rules.stage import Rules
from appliance.settings import RuleSettings
from tests.rules.site import typed

ITEM = '[[item]]\nid = "{id}"\ntext = "Do it"\n'


class Site:
    def __init__(self, folder: Path, text: str) -> None:
        self.file = folder / "rules.toml"
        self.file.write_text(text)
        self.told: list[tuple[str, Told]] = []
        self.paying: list[tuple[str, str]] = []
        self.rules = Rules(
            RuleSettings(file=str(self.file)),
            self.tell,
            lambda call_id, rule: self.paying.append((call_id, rule)),
        )

    def tell(self, call_id: str, message: Told) -> None:
        self.told.append((call_id, message))

    def arrive(self, call_id: str) -> list[str]:
        """Somebody comes into this call; ids of the items they are told of."""
        self.rules.arrived(call_id, "agent", 0, queue="", reason="")
        [items] = [
            m.items for c, m in self.told if c == call_id and isinstance(m, Checklist)
        ]
        return [item.id for item in items]


def test_a_box_does_not_start_with_rules_that_are_wrong(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="line 1, rule 'number 1'"):
        Site(tmp_path, "[[rule]]")


def test_new_rules_count_for_new_calls(tmp_path: Path) -> None:
    site = Site(tmp_path, ITEM.format(id="old"))
    assert site.arrive("c1") == ["old"]
    site.file.write_text(ITEM.format(id="new"))
    site.rules.read_again()
    assert site.arrive("c2") == ["new"]
    site.rules.by_hand("c1", "old", 5, on=True)


def test_a_file_that_became_wrong_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site = Site(tmp_path, ITEM.format(id="old"))
    site.file.write_text("[[rule]]")
    site.rules.read_again()
    assert "the rules stay as they were" in caplog.text
    assert site.arrive("c1") == ["old"]


def test_a_call_that_is_over_has_no_list(tmp_path: Path) -> None:
    site = Site(tmp_path, ITEM.format(id="old"))
    site.arrive("c1")
    site.rules.end("c1", 1000)
    with pytest.raises(ProtocolError):
        site.rules.by_hand("c1", "old", 2000, on=True)


def test_a_rule_starts_payment_mode(tmp_path: Path) -> None:
    rule = '[[rule]]\nname = "card"\nany = ["card number"]\npayment = true\n'
    site = Site(tmp_path, rule)
    site.rules.arrived("c1", "agent", 0, queue="", reason="")
    site.rules.read("c1", typed("May I have your card number?", 1000))
    assert site.paying == [("c1", "card")]
