"""Real calls in real time through a real server: how right, how late.

    python -m tests.load.live_calls CALLS_FOLDER [--speed 1] [--json OUT.json]

Each `*.flac` with a `*.json` of reference turns is replayed, one at a time, through one
server that this starts. In the same run faster-whisper transcribes the same files offline
(beam 5, VAD filter, 30 s windows) as the yardstick for WER.
"""

import argparse
import json
import os
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import numpy as np
import soundfile
import soxr

from appliance.messages import ROLES, AiSuggestion, Role, Transcript
from appliance.replay.client import Outcome, Plan, Told, play
from appliance.replay.own_server import own_server
from appliance.replay.recording import read_recording
from appliance.settings import read_settings
from tests.load.score import Errors, Turn, count_errors, percentile, read_turns, words_of

# A final belongs to a turn if they share this much time.
OVERLAP_S = 0.2


@dataclass
class Figures:
    """Everything measured, pooled over the calls. Delays in s."""

    live: Errors = field(default_factory=Errors)
    offline: Errors = field(default_factory=Errors)
    final_s: list[float] = field(default_factory=list)
    partial_s: list[float] = field(default_factory=list)
    first_token_s: list[float] = field(default_factory=list)
    whole_advice_s: list[float] = field(default_factory=list)
    never_final: int = 0
    advice: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    unparsed: int = 0
    unanswered: int = 0


def live_text(told: list[Told], role: Role) -> str:
    finals = [
        t.message
        for t in told
        if isinstance(t.message, Transcript)
        and t.message.is_final
        and t.message.speaker == role
    ]
    return " ".join(final.text for final in sorted(finals, key=lambda f: f.start_ms))


def final_delays(told: list[Told], role: Role, turns: list[Turn]) -> list[float | None]:
    """For each scored turn: from the end of its audio to the last of its finals."""
    finals = [
        (t.received_ms / 1000, t.message)
        for t in told
        if isinstance(t.message, Transcript)
        and t.message.is_final
        and t.message.text
        and t.message.speaker == role
    ]
    delays: list[float | None] = []
    for turn in turns:
        if not turn.scored:
            continue
        wanted = min(OVERLAP_S, (turn.end - turn.start) / 2)
        mine = [
            at
            for at, final in finals
            if min(turn.end, final.end_ms / 1000) - max(turn.start, final.start_ms / 1000)
            >= wanted
        ]
        delays.append(max(mine) - turn.end if mine else None)
    return delays


def partial_delays(told: list[Told]) -> list[float]:
    """For each word of each final: from its end to the first text that had it there."""
    texts: dict[str, list[tuple[float, list[str]]]] = defaultdict(list)
    delays = []
    for t in told:
        message = t.message
        if not isinstance(message, Transcript):
            continue
        texts[message.id].append((t.received_ms, words_of(message.text)))
        if not message.is_final:
            continue
        for place, word in enumerate(message.words):
            spoken = words_of(word.text)
            if len(spoken) != 1:
                continue  # a number that normalises to something else
            near = range(max(0, place - 1), place + 2)
            seen = next(
                at
                for at, words in [*texts[message.id], (t.received_ms, spoken * (place + 2))]
                if any(n < len(words) and words[n] == spoken[0] for n in near)
            )
            delays.append((seen - word.end_ms) / 1000)
    return delays


def add_advice(told: list[Told], figures: Figures) -> None:
    finals: dict[str, float] = {}
    first: dict[str, float] = {}
    answered: set[str] = set()
    for t in told:
        message = t.message
        if isinstance(message, Transcript):
            if message.is_final and message.text and message.speaker == "customer":
                finals[message.id] = t.received_ms
        elif isinstance(message, AiSuggestion) and message.answers in finals:
            since = (t.received_ms - finals[message.answers]) / 1000
            if message.suggestion and message.id not in first:
                first[message.id] = since
                figures.first_token_s.append(since)
            if message.is_final:
                answered.add(message.answers)
                figures.advice[message.status] += 1
                if message.status == "done":
                    figures.unparsed += not (message.action and message.reasoning)
                    figures.whole_advice_s.append(since)
    figures.unanswered += len(set(finals) - answered)


def offline(file: Path, channel: int, model: object) -> str:
    samples, rate = soundfile.read(file, dtype="float32")
    audio = soxr.resample(samples[:, channel], rate, 16_000).astype(np.float32)
    segments, _ = model.transcribe(audio, beam_size=5, vad_filter=True, language="en")  # type: ignore[attr-defined]
    return " ".join(segment.text for segment in segments)


async def replay(url: str, file: Path, speed: float, figures: Figures) -> None:
    turns = read_turns(file.with_suffix(".json"))
    outcome: Outcome = await play(url, read_recording(file), Plan(speed=speed))
    told = outcome.told["agent"]
    for channel, role in enumerate(ROLES):
        mine = [turn for turn in turns if turn.channel == channel]
        figures.live.add(count_errors(mine, live_text(told, role)))
        for delay in final_delays(told, role, mine):
            if delay is None:
                figures.never_final += 1
            else:
                figures.final_s.append(delay)
    figures.partial_s += partial_delays(told)
    add_advice(told, figures)


async def measure(files: list[Path], speed: float) -> Figures:
    figures = Figures()
    with tempfile.TemporaryDirectory() as folder:
        async with own_server("--data-dir", folder) as url:
            for file in files:
                print(f"{file.name} ...", flush=True)
                await replay(url, file, speed, figures)
    return figures


def add_offline(files: list[Path], figures: Figures) -> None:
    from faster_whisper import WhisperModel

    settings = read_settings()
    folder = Path(settings.models.dir) / settings.speech.model
    model = WhisperModel(
        str(folder), device="cpu", compute_type="int8", cpu_threads=os.cpu_count() or 1
    )
    for file in files:
        turns = read_turns(file.with_suffix(".json"))
        for channel in range(2):
            mine = [turn for turn in turns if turn.channel == channel]
            figures.offline.add(count_errors(mine, offline(file, channel, model)))


def table(figures: Figures) -> list[tuple[str, str]]:
    def delays(values: list[float]) -> str:
        return (
            f"p50 {percentile(values, 50):.2f}  p95 {percentile(values, 95):.2f}  "
            f"max {max(values, default=float('nan')):.2f}  (n={len(values)})"
        )

    live, yardstick = figures.live, figures.offline
    return [
        ("WER live", f"{live.rate:.1f} %  {live}"),
        ("WER offline, beam 5", f"{yardstick.rate:.1f} %  {yardstick}"),
        ("final text after the turn, s", delays(figures.final_s)),
        ("turns without any final", str(figures.never_final)),
        ("partial words after spoken, s", delays(figures.partial_s)),
        ("first advice text, s", delays(figures.first_token_s)),
        ("whole advice, s", delays(figures.whole_advice_s)),
        ("advice by end", json.dumps(figures.advice)),
        ("advice unparsed / unanswered", f"{figures.unparsed} / {figures.unanswered}"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    files = [
        f
        for f in sorted(arguments.folder.glob("*.flac"))
        if f.with_suffix(".json").exists()
    ]
    figures = anyio.run(measure, files, arguments.speed)
    add_offline(files, figures)
    rows = table(figures)
    for name, value in rows:
        print(f"{name:32} {value}")
    if arguments.json:
        arguments.json.write_text(json.dumps(dict(rows), indent=1))


if __name__ == "__main__":
    main()
