"""What an admin gives Prometheus and Grafana: it fits what the server really exposes."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from anyio import to_thread
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import Request
from typer.testing import CliRunner

from appliance.cli.app import app
from appliance.cli.monitoring import FOLDER, Part
from appliance.server.limits import Gate
from appliance.server.loop import LoopProbe
from appliance.server.metrics import metrics
from appliance.tls.keeper import Keeper
from tests.server.live import SETTINGS, tone, two_people
from tests.server.test_recordings import recording
from tests.tls.made_up import keyring

# Of `instance`, `job` and `up` Prometheus itself sees to.
BY_PROMETHEUS = {"instance", "job", "le"}
SELECTOR = re.compile(r"\b(appliance_\w+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)(=~?)"([^"]*)"')
GROUPED = re.compile(r"\bby \(([^)]*)\)")
UNITS = re.compile(r"_(ms|milliseconds|minutes|hours|kb|mb|kilobytes|percent)\b")


@pytest.fixture
async def exposed(tmp_path: Path) -> Mapping[str, Metric]:
    """The families of a box with everything switched on, by name."""
    request, gate = Request({"type": "http"}), Gate(SETTINGS.limits)
    keeper = await to_thread.run_sync(lambda: Keeper(keyring(tmp_path)))
    async with recording(tmp_path, "always") as (url, box), two_people(url) as (agent, _):
        await agent.speak(tone(3))
        while box.archive.recorder.room is None:
            await agent.until("ack")
        told = await metrics(box, LoopProbe(), keeper, gate, request)
    families = text_string_to_metric_families(bytes(told.body).decode())
    return {family.name: family for family in families}


def samples(families: Mapping[str, Metric]) -> dict[str, list[dict[str, str]]]:
    """The labels of each sample, by its name."""
    found: dict[str, list[dict[str, str]]] = {}
    for family in families.values():
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample.labels)
    return found


def panels() -> list[dict[str, Any]]:
    return list(json.loads((FOLDER / Part.grafana).read_text())["panels"])


def rules() -> list[dict[str, Any]]:
    [group] = yaml.safe_load((FOLDER / Part.alerts).read_text())["groups"]
    return list(group["rules"])


def asked() -> Iterator[str]:
    """Every expression of the dashboard and of the rules."""
    for panel in panels():
        for target in panel.get("targets", ()):
            yield target["expr"]
    for rule in rules():
        yield rule["expr"]


@pytest.mark.anyio
async def test_every_metric_label_and_value_that_is_asked_for_is_exposed(
    exposed: Mapping[str, Metric],
) -> None:
    known = samples(exposed)
    for expression in asked():
        selectors = SELECTOR.findall(expression)
        labels = {
            label
            for name, _ in selectors
            for sample in known.get(name, ())
            for label in sample
        } | BY_PROMETHEUS
        for name, matchers in selectors:
            assert name in known, f"{name} in {expression}"
            for label, sign, value in MATCHER.findall(matchers):
                assert label in labels, f"{label} in {expression}"
                if sign == "=" and label not in BY_PROMETHEUS:
                    assert any(one.get(label) == value for one in known[name]), expression
        for group in GROUPED.findall(expression):
            assert {label.strip() for label in group.split(",")} <= labels, expression


@pytest.mark.anyio
async def test_what_is_exposed_is_shown_somewhere(exposed: Mapping[str, Metric]) -> None:
    text = " ".join(asked())
    unseen = [
        name
        for name in exposed
        if not re.search(rf"\b{name}(_total|_bucket|_info)?\b", text)
    ]
    assert unseen == []


@pytest.mark.anyio
async def test_names_are_as_prometheus_wants_them(exposed: Mapping[str, Metric]) -> None:
    for name, family in exposed.items():
        assert re.fullmatch(r"appliance(_[a-z]+)+", name) or name == "appliance"
        assert family.documentation.endswith("."), name
        assert not UNITS.search(name), name
        assert family.type in ("gauge", "counter", "histogram", "info"), name
        if family.type == "counter":
            assert all(sample.name.endswith("_total") for sample in family.samples), name
        for sample in family.samples:
            assert all(re.fullmatch(r"[a-z]+", label) for label in sample.labels), name


def test_the_dashboard_finds_its_source_and_names_each_panel_once() -> None:
    shown = [panel for panel in panels() if panel["type"] != "row"]
    titles = [panel["title"] for panel in shown]
    assert len(titles) == len(set(titles))
    assert {panel["datasource"]["uid"] for panel in shown} == {"${datasource}"}
    assert len({panel["id"] for panel in panels()}) == len(panels())
    assert all(
        target["legendFormat"] or panel["type"] == "stat"
        for panel in shown
        for target in panel["targets"]
    )


def test_each_alert_says_what_to_do() -> None:
    for rule in rules():
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert set(rule["annotations"]) == {"summary", "action"}


@pytest.mark.parametrize("part", Part)
def test_the_files_are_printed_as_they_are(part: Part) -> None:
    done = CliRunner().invoke(app, ["monitoring", part])
    assert done.exit_code == 0
    assert done.stdout == (FOLDER / part).read_text()
