"""An empty recording is found out, and a whole one is not blamed."""

from collections.abc import Mapping

import pytest

from appliance.messages import Fault, Role, Verdict
from appliance.recordings.health import judged
from appliance.recordings.kept import Kept, KeptLeg, KeptSpan

SPOKEN_DB = -20.0


def leg(
    role: Role,
    recorded_s: float = 60,
    level_db: float = SPOKEN_DB,
    off_s: float = 0,
    muted_s: float = 0,
    voiced_s: float = 30,
) -> KeptLeg:
    end_ms = round((recorded_s + off_s) * 1000)
    off = KeptSpan(kind="off", start_ms=0, end_ms=round(off_s * 1000))
    return KeptLeg(
        role=role,
        start_ms=0,
        end_ms=end_ms,
        recorded_ms=round(recorded_s * 1000),
        muted_ms=round(muted_s * 1000),
        voiced_ms=round(voiced_s * 1000),
        level_db=level_db,
        spans=(off,) if off_s else (),
        peaks=(),
    )


def found(
    *legs: KeptLeg, read_s: Mapping[Role, float] | None = None, agent_came_s: float = 0
) -> tuple[Verdict, dict[Role, tuple[Fault, ...]]]:
    kept = Kept(format="opus", bytes=1, duration_ms=60_000, peak_ms=50, legs=legs)
    came: dict[Role, float] = {"agent": agent_came_s, "customer": 0.0}
    verdict, health = judged(kept if legs else None, call_s=60, came_s=came, read_s=read_s)
    return verdict, {leg.role: leg.faults for leg in health}


def test_both_people_from_beginning_to_end_are_well() -> None:
    verdict, faults = found(leg("agent"), leg("customer"))

    assert verdict == "ok"
    assert faults == {"agent": (), "customer": ()}


def test_no_sound_of_anybody_is_empty() -> None:
    assert found() == ("empty", {"agent": ("no_audio",), "customer": ("no_audio",)})


def test_two_dead_lines_are_empty_however_long_the_file_is() -> None:
    dead = [leg("agent", level_db=-90, voiced_s=0), leg("customer", level_db=-90)]

    assert found(*dead)[0] == "empty"


@pytest.mark.parametrize(
    ("customer", "fault"),
    [
        (leg("customer", recorded_s=40), "short"),
        (leg("customer", level_db=-70, voiced_s=0), "silent"),
        (leg("customer", recorded_s=0.1), "no_audio"),
    ],
)
def test_one_leg_with_a_fault_makes_it_partial(customer: KeptLeg, fault: Fault) -> None:
    verdict, faults = found(leg("agent"), customer)

    assert verdict == "partial"
    assert faults == {"agent": (), "customer": (fault,)}


def test_who_comes_late_or_was_not_to_be_recorded_is_not_short() -> None:
    late = leg("agent", recorded_s=20)
    not_at_first = leg("customer", recorded_s=15, off_s=45)

    assert found(late, not_at_first, agent_came_s=40)[0] == "ok"


def test_a_call_that_was_one_payment_is_not_silent() -> None:
    paying = leg("customer", level_db=-90, muted_s=58, voiced_s=0)

    assert found(leg("agent"), paying)[0] == "ok"


def test_a_voice_that_was_hardly_transcribed_is_told() -> None:
    verdict, faults = found(
        leg("agent"), leg("customer"), read_s={"agent": 28.0, "customer": 5.0}
    )

    assert verdict == "partial"
    assert faults["customer"] == ("untranscribed",)
