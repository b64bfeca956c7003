"""Does advice rest on the right article at the right turn of a call?

Calls with their reference turns, the articles of the built-in calls, and a list made by
hand of which article each turn of the customer should have led to (none: silence). Turns
that only say goodbye are not in it. What is scored is what the stage gives the advice to
rest on, with the knowledge worker's engine, and the turn that it names as the trigger.
"""

import csv
import tempfile
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import anyio
import msgspec
from anyio import to_thread
from msgspec import Struct

from appliance.errors import ApplianceError
from appliance.knowledge.bert import Bert
from appliance.knowledge.engine import KnowledgeEngine
from appliance.knowledge.port import EngineConfig
from appliance.knowledge.reading import read_file
from appliance.knowledge.stage import Knowledge
from appliance.knowledge.updating import Sentences, update
from appliance.messages import Role, Transcript
from appliance.models.resolve import Model
from appliance.replay.samples import ARTICLES, FOLDER
from appliance.settings import KnowledgeSettings
from appliance.workers.port import Refusal


class Spoken(Struct, frozen=True):
    role: Role
    text: str


class Written(Struct, frozen=True):
    """What of a call's reference is read."""

    turns: tuple[Spoken, ...]


class Cited(Struct, frozen=True, kw_only=True):
    call: str
    turn: int
    wanted: str
    shown: str
    trigger: int  # turn that led there; -1 where nothing is shown


def read_wanted() -> dict[str, dict[int, str]]:
    """Of each call, the article for each turn that counts."""
    wanted: dict[str, dict[int, str]] = {}
    with (FOLDER / "citations.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            wanted.setdefault(row["call"], {})[int(row["turn"])] = row["article"]
    return wanted


def evaluate(folder: Path, model: Model | None, settings: KnowledgeSettings) -> list[Cited]:
    """`folder` has the calls that are not built in. Raises ApplianceError."""
    with tempfile.TemporaryDirectory() as name:
        sentences = (
            Sentences(model.name, Bert(model.path).vectors) if model else Sentences()
        )
        articles = [a for file in sorted(ARTICLES.glob("*.md")) for a in read_file(file)]
        update(Path(name), articles, sentences, threshold=settings.threshold)
        path = str(model.path) if model else ""
        engine = KnowledgeEngine(
            EngineConfig(folder=name, model=sentences.model, path=path, threads=2)
        )
        cited: list[Cited] = []
        for call, wanted in read_wanted().items():
            turns = _turns(folder, call)
            cited += anyio.run(_one, engine, settings, call, turns, wanted)
        return cited


def _turns(folder: Path, call: str) -> tuple[Spoken, ...]:
    for place in (FOLDER, folder):
        path = place / f"{call}.json"
        if path.is_file():
            return msgspec.json.decode(path.read_bytes(), type=Written).turns
    raise ApplianceError(
        f"There is no call {call} in {folder}.", fix="Name the folder of the calls."
    )


async def _one(
    engine: KnowledgeEngine,
    settings: KnowledgeSettings,
    call: str,
    turns: Sequence[Spoken],
    wanted: dict[int, str],
) -> list[Cited]:
    async def port(job: bytes) -> AsyncGenerator[bytes, None]:
        engine.submit(0, job)
        for reply in await to_thread.run_sync(engine.step):
            if not isinstance(reply, Refusal):
                yield reply.payload

    stage = Knowledge(port, settings)
    found = []
    for number, turn in enumerate(turns):
        said = Transcript(
            id=str(number),
            speaker=turn.role,
            text=turn.text,
            is_final=True,
            start_ms=0,
            end_ms=0,
        )
        stage.heard(call, said)
        if turn.role == "customer" and number in wanted:
            grounds = await stage.grounds(call, "")
            found.append(
                Cited(
                    call=call,
                    turn=number,
                    wanted=wanted[number],
                    shown=grounds.sources[0].article if grounds.sources else "",
                    trigger=int(grounds.trigger or -1),
                )
            )
    return found


def markdown(cited: Sequence[Cited]) -> str:
    """The table by call, and each turn that is not as it should be."""
    calls = dict.fromkeys(one.call for one in cited)
    lines = ["| call | turns | right | wrong shown | missed |", "|---|---|---|---|---|"]
    lines += [_row(call, [one for one in cited if one.call == call]) for call in calls]
    lines.append(_row("all", cited))
    wrong = [one for one in cited if one.shown != one.wanted]
    lines += ["", *(f"{w.call} turn {w.turn}: {w.shown or 'nothing'}, wanted "
                    f"{w.wanted or 'nothing'}" for w in wrong), ""]  # fmt: skip
    return "\n".join(lines)


def _row(name: str, cited: Sequence[Cited]) -> str:
    right = sum(one.shown == one.wanted for one in cited)
    wrong = sum(bool(one.shown) and one.shown != one.wanted for one in cited)
    return f"| {name} | {len(cited)} | {right} | {wrong} | {len(cited) - right - wrong} |"
