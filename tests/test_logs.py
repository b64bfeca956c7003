import json
import logging
import sys
from collections.abc import Mapping

import pytest

from appliance.cli.logs import SAME, Calm, JsonLine, OneLine
from appliance.logged import Facts, about
from appliance.pipeline import logbook
from appliance.shown import escaped
from appliance.store.event import CallEnded, Joined

FORMAT = OneLine("%(levelname)s %(name)s: %(message)s")


def record(message: str, *args: object, line: int = 1) -> logging.LogRecord:
    return logging.LogRecord(
        "appliance", logging.INFO, "file.py", line, message, args, None
    )


def test_whatever_is_in_a_name_an_event_stays_one_line() -> None:
    told = FORMAT.format(
        record("joined: %s", "Ada\nINFO appliance: signed in as admin\x1b[2J")
    )
    assert told == r"INFO appliance: joined: Ada\nINFO appliance: signed in as admin\x1b[2J"


@pytest.mark.parametrize("sign", ["\r", "\0", "\x85", "\u2028", "\u202e", "\u2066", "\x9b"])
def test_signs_that_move_or_hide_text_are_shown_as_codes(sign: str) -> None:
    assert escaped(f"a{sign}b").isprintable()
    assert escaped("Größe 大 \t½") == "Größe 大 \t½"


def test_a_traceback_cannot_be_mistaken_for_an_event() -> None:
    one = record("failed")
    try:
        int("x\nERROR appliance: not logged")
    except ValueError:
        one.exc_info = sys.exc_info()
    lines = FORMAT.format(one).split("\n")
    assert lines[0] == "INFO appliance: failed"
    assert all(line.startswith("  | ") for line in lines[1:])


def test_what_repeats_itself_is_told_a_few_times_and_others_still_are() -> None:
    calm = Calm()
    told = [calm.filter(record("bad request from %s", n)) for n in range(1000)]
    assert sum(told) == SAME.burst
    assert calm.filter(record("something else", line=2))


def test_the_next_one_says_how_many_were_left_out() -> None:
    calm = Calm()
    for n in range(30):
        calm.filter(record("bad %s", n))
    calm._kinds.clear()  # as after the time that refills it
    later = record("bad %s", "100%s")
    assert calm.filter(later)
    assert later.getMessage() == "bad 100%s [10 more were left out]"


def told_of(message: str, facts: Mapping[str, Facts]) -> logging.LogRecord:
    one = record(message)
    one.__dict__.update(facts)
    return one


def test_a_line_about_a_call_ends_with_its_id_and_what_else_is_known() -> None:
    one = told_of("joined", about("c1", role="agent", queue=""))
    assert FORMAT.format(one) == "INFO appliance: joined call=c1 role=agent"
    sly = told_of("joined", about("c1", queue="sales\nERROR appliance: no"))
    assert "\n" not in FORMAT.format(sly)


def test_json_lines_are_objects_of_one_line_with_the_call_by_itself() -> None:
    one = told_of("call\nended", about("c1", reason="hangup"))
    line = JsonLine().format(one)
    assert "\n" not in line
    told = json.loads(line)
    assert told.pop("at").endswith("Z")
    assert told == {
        "level": "INFO", "logger": "appliance", "message": "call\nended",
        "call": "c1", "reason": "hangup",
    }  # fmt: skip


def test_a_traceback_stays_within_its_json_line() -> None:
    one = record("failed")
    try:
        int("x")
    except ValueError:
        one.exc_info = sys.exc_info()
    line = JsonLine().format(one)
    assert "\n" not in line
    assert "ValueError" in json.loads(line)["trace"]


def test_who_calls_and_why_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    told = Joined(role="customer", name="Ada", reason="my card", queue="sales")
    logbook.enter("c1", told)
    logbook.enter("c1", CallEnded(reason="hangup"))
    assert [FORMAT.format(one).partition(": ")[2] for one in caplog.records] == [
        "joined call=c1 role=customer queue=sales",
        "call ended call=c1 reason=hangup",
    ]


def test_of_many_calls_each_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    for n in range(1000):
        logbook.enter(f"c{n}", CallEnded(reason="hangup"))
    calm = Calm()
    assert all(calm.filter(one) for one in caplog.records)
