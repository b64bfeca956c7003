"""Whether what was kept of a call is what was said in it. No IO.

An empty file looks like any other until somebody needs it; so each recording is judged when
it is put together, by what can be measured.
"""

from collections.abc import Mapping, Sequence

from appliance.messages import Fault, LegHealth, Role, Verdict
from appliance.recordings.kept import Kept, KeptLeg

# Somebody who comes needs a moment until their microphone is on, and a line that is cut
# ends a moment earlier than the call.
PATIENCE_S = 5.0
WHOLE = 0.9

NO_AUDIO_S = 0.5

# A quiet voice over a telephone is at -40; what is below this is a line without anybody.
SILENT_DB = -55.0

# Utterances have pauses, and noise is taken for a voice; half would still be noticed.
TRANSCRIBED = 0.4
ENOUGH_S = 10.0


def judged(
    kept: Kept | None,
    *,
    call_s: float,
    came_s: Mapping[Role, float],
    read_s: Mapping[Role, float] | None,
) -> tuple[Verdict, tuple[LegHealth, ...]]:
    """`came_s` is when each person who was in the call came, `read_s` how much of each was
    transcribed, None where nothing was to be."""
    of = {leg.role: leg for leg in kept.legs} if kept else {}
    legs = [
        _leg(
            role,
            of.get(role),
            call_s - came,
            None if read_s is None else read_s.get(role, 0.0),
        )
        for role, came in came_s.items()
    ]
    return _verdict(legs), tuple(legs)


def _leg(
    role: Role, leg: KeptLeg | None, expected_s: float, read_s: float | None
) -> LegHealth:
    if leg is None:
        return LegHealth(
            role=role,
            expected_s=round(max(0.0, expected_s), 1),
            recorded_s=0.0,
            voiced_s=0.0,
            transcribed=None,
            level_db=-120.0,
            faults=("no_audio",) if expected_s > PATIENCE_S else (),
        )
    off_s = sum(s.end_ms - s.start_ms for s in leg.spans if s.kind == "off") / 1000
    expected_s = max(0.0, expected_s - off_s)
    recorded_s, voiced_s = leg.recorded_ms / 1000, leg.voiced_ms / 1000
    share = None
    if read_s is not None and voiced_s > 0:
        share = round(min(1.0, read_s / voiced_s), 2)
    return LegHealth(
        role=role,
        expected_s=round(expected_s, 1),
        recorded_s=round(recorded_s, 1),
        voiced_s=round(voiced_s, 1),
        transcribed=share,
        level_db=leg.level_db,
        faults=_faults(leg, expected_s, share),
    )


def _faults(leg: KeptLeg, expected_s: float, share: float | None) -> tuple[Fault, ...]:
    recorded_s = leg.recorded_ms / 1000
    if recorded_s < NO_AUDIO_S:
        return ("no_audio",) if expected_s > PATIENCE_S else ()
    faults: list[Fault] = []
    missing_s = expected_s - recorded_s
    if missing_s > PATIENCE_S and recorded_s < WHOLE * expected_s:
        faults.append("short")
    heard_s = (leg.recorded_ms - leg.muted_ms) / 1000
    if leg.level_db < SILENT_DB and heard_s > PATIENCE_S:
        faults.append("silent")
    if share is not None and share < TRANSCRIBED and leg.voiced_ms > ENOUGH_S * 1000:
        faults.append("untranscribed")
    return tuple(faults)


def _verdict(legs: Sequence[LegHealth]) -> Verdict:
    faulty = [leg for leg in legs if leg.faults]
    nothing = [leg for leg in faulty if {"no_audio", "silent"} & set(leg.faults)]
    if nothing and len(nothing) == len(legs):
        return "empty"
    return "partial" if faulty else "ok"
