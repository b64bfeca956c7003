"""The built-in calls, so that the first minute needs no file and no microphone."""

from difflib import get_close_matches
from pathlib import Path

import msgspec
from msgspec import Struct

from appliance.errors import RecordingError
from appliance.messages import Role

FOLDER = Path(__file__).parents[1] / "samples"

# Who the invented callers are, and what they bought.
CUSTOMERS = tuple(
    FOLDER / f"{kind}.csv" for kind in ("customers", "orders", "tickets", "notes")
)

# What their companies know.
ARTICLES = FOLDER / "knowledge"


class Turn(Struct, frozen=True, kw_only=True):
    """What was said, word for word; `start` and `end` in s."""

    role: Role
    start: float
    end: float
    text: str


class Script(Struct, frozen=True, kw_only=True):
    duration: float  # s
    caller: str = "Customer"  # the name given at the start of the call
    turns: tuple[Turn, ...]


class Sample(Struct, frozen=True, kw_only=True):
    """One call: two channels, left is the agent."""

    name: str
    title: str
    path: Path
    script: Script


def every_sample() -> list[Sample]:
    """By name."""
    return [_read(path) for path in sorted(FOLDER.glob("*.flac"))]


def find_sample(name: str) -> Sample:
    """Raises RecordingError, with the names there are, for an unknown one."""
    samples = {sample.name: sample for sample in every_sample()}
    if name in samples:
        return samples[name]
    near = get_close_matches(name, samples, n=1)
    raise RecordingError(
        f"There is no built-in call {name!r}.",
        fix=f"Take {near[0]!r}." if near else f"Take one of {', '.join(samples)}.",
    )


def _read(path: Path) -> Sample:
    return Sample(
        name=path.stem,
        title=path.stem.replace("-", " ").capitalize(),
        path=path,
        script=msgspec.json.decode(path.with_suffix(".json").read_bytes(), type=Script),
    )
