"""A model process that dies or hangs, or a line that drops, costs no word of a call."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from appliance.cli.building import NICER, NICEST
from appliance.messages import AiSuggestion, Gap, Transcript
from appliance.replay.client import Drop, Outcome, Plan
from tests.faults.calls import (
    PLAN,
    Fits,
    Once,
    advice,
    advice_is_being_written,
    assert_nothing_lost,
    call,
    customer_is_speaking,
    finals,
    states,
)
from tests.faults.process import PARTS, Part, Serving, serving

# The shared server's start, the undisturbed call and a restart may all fall into one test.
pytestmark = [pytest.mark.model, pytest.mark.timeout(180)]

PAUSED_THEN_LIVE = [("paused", "speech paused"), ("live", "speech live")]


# A language model that has just come back reads the whole call before its first word.
PATIENT = replace(PLAN, quiet_s=6.0)


def call_with(
    server: Serving, part: Part, fault: signal.Signals, when: Fits, plan: Plan = PLAN
) -> Outcome:
    """A call in which the part's process gets the signal once the agent's screen shows
    what `when` waits for. The next test finds the server well."""
    pid, restarts = server.pid_of(part), server.restarts_of(part)
    hurt = Once(when, lambda: os.kill(pid, fault))
    outcome = call(server, on_message=hurt, plan=plan)
    assert hurt.done
    server.wait_until_well()
    assert server.restarts_of(part) == restarts + 1
    assert server.pid_of(part) != pid
    return outcome


@pytest.mark.fault("model process killed")
def test_speech_killed_in_mid_turn_is_back_and_no_turn_is_lost(
    server: Serving, undisturbed: Outcome
) -> None:
    outcome = call_with(server, "speech", signal.SIGKILL, customer_is_speaking)
    assert states(outcome, "speech") == PAUSED_THEN_LIVE
    assert_nothing_lost(outcome, undisturbed)


@pytest.mark.fault("model process hangs")
def test_speech_that_hangs_is_ended_and_no_turn_is_lost(
    server: Serving, undisturbed: Outcome
) -> None:
    outcome = call_with(server, "speech", signal.SIGSTOP, customer_is_speaking)
    assert states(outcome, "speech") == PAUSED_THEN_LIVE
    assert_nothing_lost(outcome, undisturbed)
    assert "hangs (no heartbeat)" in server.log.read_text()


@pytest.mark.fault("model process killed")
def test_one_of_two_speech_processes_killed_is_covered_for_by_the_other(
    undisturbed: Outcome, tmp_path: Path
) -> None:
    two = {"APPLIANCE_SPEECH_PROCESSES": "2", "APPLIANCE_ADVICE_ENABLED": "false"}
    with serving(tmp_path, two) as server:
        pid = server.pid_of("speech-1")
        hurt = Once(customer_is_speaking, lambda: os.kill(pid, signal.SIGKILL))
        outcome = call(server, on_message=hurt)
        assert hurt.done
        assert server.restarts_of("speech-1") == 1
    assert states(outcome, "speech") == []
    assert_nothing_lost(outcome, undisturbed)


@pytest.mark.fault("model process killed")
def test_voice_detection_killed_in_mid_turn_is_back_and_no_turn_is_lost(
    server: Serving, undisturbed: Outcome
) -> None:
    outcome = call_with(server, "vad", signal.SIGKILL, customer_is_speaking)
    assert states(outcome, "speech") == PAUSED_THEN_LIVE
    assert_nothing_lost(outcome, undisturbed)


@pytest.mark.fault("model process killed")
def test_advice_killed_in_mid_sentence_is_honest_and_the_words_go_on(
    server: Serving, undisturbed: Outcome
) -> None:
    outcome = call_with(
        server, "language", signal.SIGKILL, advice_is_being_written, PATIENT
    )
    assert states(outcome, "suggestions") == [
        ("paused", "suggestions paused"),
        ("live", "suggestions live"),
    ]
    assert states(outcome, "speech") == []
    assert_nothing_lost(outcome, undisturbed)
    settled = advice(outcome)
    assert {one.id for one in settled} == {
        m.id for m in outcome.messages if isinstance(m, AiSuggestion)
    }, "a suggestion was left in mid sentence"
    last = [final for final in finals(outcome) if final.speaker == "customer"][-1]
    assert_answered(last, settled)


def assert_answered(final: Transcript, settled: list[AiSuggestion]) -> None:
    """The process came back: the newest thing the customer said has whole advice."""
    answers = [one for one in settled if one.answers == final.id and one.status == "done"]
    assert len(answers) == 1
    assert answers[0].suggestion
    assert answers[0].reasoning


@pytest.mark.fault("network flapping")
def test_a_customer_cut_off_for_five_seconds_loses_no_word_and_says_none_twice(
    server: Serving, undisturbed: Outcome
) -> None:
    # In mid sentence, after four calls with a fault each: nothing of those is left over.
    drop = Drop("customer", at_ms=7000, away_s=5.0)
    outcome = call(server, plan=replace(PLAN, drops=[drop]))
    assert outcome.connections == {"agent": 1, "customer": 2}
    assert states(outcome, "speech") == states(outcome, "suggestions") == []
    assert not any(isinstance(message, Gap) for message in outcome.messages)
    assert_nothing_lost(outcome, undisturbed)


@pytest.mark.fault("model out of memory")
def test_where_memory_runs_out_a_model_goes_and_not_the_server(
    server: Serving,
) -> None:
    def score(pid: int) -> int:
        return int(Path(f"/proc/{pid}/oom_score_adj").read_text())

    if not Path("/proc/self/oom_score_adj").exists():
        pytest.skip("needs Linux, whose kernel chooses whom to end")
    for part in PARTS:
        assert score(server.pid_of(part)) == 700
    assert score(server.pid) == score(os.getpid()) < 700


@pytest.mark.parametrize(
    ("part", "above"), [("vad", 0), ("speech", NICER), ("language", NICEST)]
)
def test_a_model_gives_way_as_far_as_it_should(
    server: Serving, part: Part, above: int
) -> None:
    nice = min(19, psutil.Process(server.pid).nice() + above)
    parts = server.health()["parts"]
    pids = [p["pid"] for name, p in parts.items() if name.startswith(part)]

    assert pids
    for pid in pids:
        assert psutil.Process(pid).nice() == nice
        group = Path(f"/proc/{pid}/autogroup")
        if group.exists():  # there, the session's own counts
            assert group.read_text().split()[1:] == ["nice", str(nice)]
