from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.errors import SettingsError
from appliance.retention.rules import Due, Kind, LegalHold, PastCall, Rules, due
from appliance.settings import RetentionSettings

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def ended(days_ago: float, queue: str = "", customer: str = "") -> PastCall:
    end = NOW - timedelta(days=days_ago)
    return PastCall("c1", 0, end, end, queue, customer, recorded=True)


def rules(queues: str = "") -> Rules:
    days = RetentionSettings(
        recording_days=30, transcript_days=60, call_days=90, queues=queues
    )
    return Rules.of(days)


def hold(kind: str, subject: str, until: datetime | None = None) -> LegalHold:
    return LegalHold(
        id="h1",
        kind="call" if kind == "call" else "customer",
        subject=subject,
        reason="claim",
        placed_by="ann",
        placed=NOW,
        until=until,
    )


def found(call: PastCall, holds: Sequence[LegalHold] = (), queues: str = "") -> Due:
    return due([call], holds, rules(queues), NOW)


def kinds(found: Due) -> list[Kind]:
    return [one.kind for one in found.goes]


def test_each_kind_goes_on_its_day() -> None:
    assert kinds(found(ended(29.9))) == []
    assert kinds(found(ended(30))) == ["recording"]
    assert kinds(found(ended(60))) == ["recording", "transcript"]


def test_the_whole_call_takes_the_rest_with_it() -> None:
    assert kinds(found(ended(90))) == ["call"]


def test_what_is_gone_does_not_go_again() -> None:
    call = ended(60)._replace(purged="said", recorded=False)
    assert kinds(found(call)) == []


def test_a_queue_may_have_days_of_its_own() -> None:
    queues = "sales.recording=10, sales.call = 0"
    assert kinds(found(ended(10, queue="sales"), queues=queues)) == ["recording"]
    assert kinds(found(ended(10, queue="help"), queues=queues)) == []
    assert "call" not in kinds(found(ended(9999, queue="sales"), queues=queues))


def test_zero_days_is_for_ever() -> None:
    for_ever = RetentionSettings(recording_days=0, transcript_days=0, call_days=0)
    assert due([ended(99_999)], (), Rules.of(for_ever), NOW).goes == []


def test_a_hold_on_the_call_or_its_customer_keeps_all_of_it() -> None:
    call = ended(90, customer="K-1")
    for one in (hold("call", "c1"), hold("customer", "K-1")):
        kept = found(call, [one])
        assert kept.goes == []
        assert [(one.call, one.kind) for one in kept.held] == [(call, "call")]


def test_a_hold_on_somebody_else_keeps_nothing() -> None:
    call = ended(90, customer="K-1")
    others = [hold("call", "c2"), hold("customer", "K-2"), hold("customer", "")]
    assert kinds(found(call, others)) == ["call"]
    assert kinds(found(ended(90), [hold("customer", "")])) == ["call"]


def test_a_hold_ends_on_its_day() -> None:
    later, past = NOW + timedelta(days=1), NOW - timedelta(days=1)
    assert kinds(found(ended(90), [hold("call", "c1", later)])) == []
    assert kinds(found(ended(90), [hold("call", "c1", past)])) == ["call"]


@given(st.floats(0, 200))
def test_a_hold_keeps_exactly_what_would_have_gone(days: float) -> None:
    free = found(ended(days))
    kept = found(ended(days), [hold("call", "c1")])
    assert kept.goes == []
    assert kept.held == free.goes


@pytest.mark.parametrize(
    ("queues", "fix"),
    [
        ("sales.recordings=3", "Write 'recording'"),
        ("sales=3", "QUEUE.KIND=DAYS"),
        ("sales.call=soon", "QUEUE.KIND=DAYS"),
        (".call=3", "QUEUE.KIND=DAYS"),
    ],
)
def test_a_rule_that_cannot_be_read_says_how_it_is_written(queues: str, fix: str) -> None:
    with pytest.raises(SettingsError, match=fix):
        rules(queues)
