"""What is wrong with a call, as the box has it that was started again."""

import io
import time
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import soundfile

from appliance.recordings.shelf import Shelf
from tests.faults.crash import Shown
from tests.faults.process import Serving
from tests.faults.voices import MOST_LOST_S, RATE, Samples, Voice, lost, wrong_in_file

# To put together and judge what a crash has left, on a machine that is shared.
MADE_S = 60.0

PER_MS = RATE // 1000


def missing(server: Serving, shown: Shown) -> list[str]:
    """In the record."""
    detail = server.get(f"/api/sessions/{shown.call_id}")
    session = detail["session"]
    wrong = []
    if (session["status"], session["reason"]) != ("interrupted", "interrupted"):
        wrong.append(f"it is {session['status']}, {session['reason']}")
    kept = replayed(server, shown.call_id)
    numbered = [text for text in shown.texts if '"seq":0' not in text]
    if kept[: len(numbered)] != numbered:
        lost = set(numbered) - set(kept)
        wrong.append(f"{len(lost)} of {len(numbered)} messages are lost, or out of order")
    return wrong


def replayed(server: Serving, call_id: str) -> list[str]:
    path = f"{server.url}/api/sessions/{call_id}/replay?speed=0"
    told = httpx.get(path, headers=server.keys, timeout=20).text
    blocks = told.split("\n\n")
    return [block.partition("data: ")[2] for block in blocks if block.startswith("id: ")]


def unheard(server: Serving, shelf: Shelf, shown: Shown) -> Iterator[str]:
    """In the recording, once it is made."""
    told = made(server, shown.call_id)
    if told["health"]["verdict"] != "ok":
        yield f"the recording is {told['health']}"
    legs = {leg["role"]: leg for leg in (told["kept"] or {"legs": ()})["legs"]}
    both = channels(server, told["audio"]) if told["audio"] else np.zeros((0, 2), np.int16)
    for column, voice in enumerate(shown.voices):
        if voice.role in legs:
            exact = told["kept"]["format"] == "flac"
            yield from _leg(voice, both[:, column], legs[voice.role], exact=exact)
        else:
            yield from lost(voice, 0)
    folder = shelf.folder_of(shown.call_id)
    left = sorted(path.name for path in folder.iterdir()) if folder else []
    if len(left) > 2 or told["state"] == "making":
        yield f"its folder has {left}"


def made(server: Serving, call_id: str) -> dict[str, Any]:
    """What is told of the recording, once it is judged."""
    until = time.monotonic() + MADE_S
    while True:
        told = dict(server.get(f"/api/sessions/{call_id}/recording"))
        if told["health"] is not None:
            return told
        assert time.monotonic() < until, (told, server.log.read_text())
        time.sleep(0.05)


def _leg(
    voice: Voice, channel: Samples, leg: dict[str, Any], *, exact: bool
) -> Iterator[str]:
    start, end = leg["start_ms"] * PER_MS, leg["end_ms"] * PER_MS
    spans = [
        ((span["start_ms"] - leg["start_ms"]) * PER_MS, span["end_ms"] * PER_MS - start)
        for span in leg["spans"]
    ]
    gone = sum(
        span["end_ms"] - span["start_ms"]
        for span in leg["spans"]
        if span["kind"] not in ("paused", "silenced")
    )
    yield from lost(voice, end - start - gone * PER_MS)
    if gone > 1000 * MOST_LOST_S or not leg["peaks"]:
        yield f"{voice.role}: {gone} ms are missing, {len(leg['peaks'])} peaks are drawn"
    yield from wrong_in_file(voice, channel[start:end], spans, exact=exact)


def channels(server: Serving, path: str) -> Samples:
    """Of the sound that lies there: agent, customer."""
    answer = httpx.get(server.url + path, headers=server.keys, timeout=20)
    samples, rate = soundfile.read(io.BytesIO(answer.content), dtype="int16")
    assert rate == RATE or answer.headers["content-type"].startswith("audio/ogg")
    return np.asarray(samples)
