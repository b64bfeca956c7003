"""Killed in mid call, the box has all that it has shown, and the call is closed."""

from pathlib import Path

import pytest

from tests.faults.crashes import crash_often

# Starts of a server, which a machine that is shared makes slowly.
pytestmark = pytest.mark.timeout(180)


@pytest.mark.fault("server killed")
def test_killed_at_any_moment_it_keeps_messages_recordings_and_shifts(
    tmp_path: Path,
) -> None:
    # Fifty of them: `python -m tests.faults.crashes`.
    counts, wrong = crash_often(tmp_path, moments=2, seed=1)
    assert wrong == []
    assert counts["messages shown"] > 20
    assert counts["seconds of speech"] > 0
