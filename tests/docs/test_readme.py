"""README and handbook are true: every setting, route, message, command is in them."""

import re
from pathlib import Path
from typing import get_args

import pytest
from typer.main import get_command

from appliance.cli.app import app
from appliance.duty import AgentMessage, AgentNews
from appliance.handbook.pages import NAMES, find
from appliance.messages import ServerMessage
from appliance.received import ClientMessage
from appliance.server.policy import ROUTES
from appliance.settings import Setting, every_setting
from appliance.supervision import FloorNews, SupervisorMessage
from tests.docs.policy_table import with_table

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
SETTINGS = find("settings").text
INTERFACE = find("interface").text
SCREENS = find("screens").text
DOCS = "\n".join([README, *(find(name).text for name in NAMES)])

# Defaults that depend on whose machine it is.
PER_USER = {"data_dir": "~/.local/share/appliance", "dir": "~/.cache/appliance/models"}


def default_of(row: Setting) -> str:
    if row.name in PER_USER:
        return PER_USER[row.name]
    if isinstance(row.default, tuple):
        return ", ".join(row.default) or '""'
    if isinstance(row.default, bool):
        return str(row.default).lower()
    return str(row.default) or '""'


@pytest.mark.parametrize("row", every_setting(), ids=lambda row: row.variable)
def test_every_setting_is_in_the_table_with_its_default(row: Setting) -> None:
    line = f"| `{row.section}.{row.name}` | `{default_of(row)}` | {row.description} |"
    assert line in SETTINGS


def test_the_table_has_no_setting_that_does_not_exist() -> None:
    known = {f"{row.section}.{row.name}" for row in every_setting()}
    listed = set(re.findall(r"^\| `(\w+\.\w+)` \| `", SETTINGS, re.MULTILINE))
    assert listed == known


MESSAGES = (
    *(ServerMessage, ClientMessage),
    *(AgentNews, AgentMessage),
    *(FloorNews, SupervisorMessage),
)


@pytest.mark.parametrize("message", [m for some in MESSAGES for m in get_args(some)])
def test_every_message_is_explained(message: type) -> None:
    tag = str(message.__struct_config__.tag)  # type: ignore[attr-defined]
    assert f"`{tag}`" in INTERFACE


def test_every_route_is_listed() -> None:
    for row in ROUTES:
        assert f"{row.split()[1]}`" in INTERFACE + SCREENS, row


def test_who_may_do_what_is_as_the_policy_says() -> None:
    page = find("access").text
    assert with_table(page) == page, "Run python -m tests.docs.policy_table."


def test_every_command_is_listed() -> None:
    for name in get_command(app).commands:  # type: ignore[attr-defined]
        assert f"`appliance {name}`" in README


@pytest.mark.parametrize(
    "module", sorted(set(re.findall(r"python -m (tests\.load\.\w+)", DOCS)))
)
def test_every_measurement_that_is_named_exists(module: str) -> None:
    assert (ROOT / (module.replace(".", "/") + ".py")).is_file()


def test_the_readme_leads_to_every_page() -> None:
    for name in NAMES:
        assert f"(appliance/handbook/{name}.md)" in README
