import logging
import sys

import pytest

from appliance.cli.logs import SAME, Calm, OneLine
from appliance.shown import escaped

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
