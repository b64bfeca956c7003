"""The floor in figures: counts only, no person and no call among the labels."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import get_args

from prometheus_client.core import GaugeMetricFamily, Metric

from appliance.duty import AgentState
from appliance.messages import MoodLabel, Severity
from appliance.pipeline.board import Board
from appliance.server.families import gauge, labelled


def floor_metrics(board: Board, now: datetime) -> Iterable[Metric]:
    calls, wall = board.calls(), board.wall(now)
    waits = [now - call.since for call in calls if call.state == "waiting"]
    yield gauge(
        "longest_wait_seconds",
        "Of the callers whom nobody has answered yet; 0 where nobody waits.",
        max((wait.total_seconds() for wait in waits), default=0.0),
    )
    running = [call for call in calls if call.state == "active"]
    yield _counts(
        "agents", "On duty, by what they do.", "state", AgentState,
        (agent.state for agent in wall.agents),
    )  # fmt: skip
    yield _counts(
        "call_moods", "Running calls, by the customer's newest line that was read.",
        "mood", MoodLabel, (call.mood for call in running if call.mood),
    )  # fmt: skip
    yield _counts(
        "alerts", "Raised in calls going on and not over.", "severity", Severity,
        (alert.severity for call in calls for alert in call.alerts),
    )  # fmt: skip
    followed = sum(call.following > 0 for call in calls)
    yield gauge("followed_calls", "Calls that a supervisor follows.", followed)


def _counts(
    name: str, text: str, label: str, values: object, found: Iterable[str]
) -> Metric:
    """Each value that there can be, those that are not there as 0."""
    counted = Counter(found)
    every = {value: counted[value] for value in get_args(values)}
    return labelled(GaugeMetricFamily, name, text, label, every)
