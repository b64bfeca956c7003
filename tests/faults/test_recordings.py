"""A server that is killed in the middle of a call leaves a recording that plays."""

import io
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from websockets.sync.client import connect

from appliance.audio.wire import encode_frame
from appliance.messages import Role, encode
from appliance.received import ClientHello
from tests.faults.process import NO_MODELS, Serving, serving

RECORD = {
    **NO_MODELS,
    "APPLIANCE_RECORDING_ENABLED": "always",
    "APPLIANCE_RECORDING_FORMAT": "flac",
    "APPLIANCE_RECORDING_KEEP_FREE_GB": "0",
}
RATE = 16_000
FRAME = RATE // 50

# What a power cut may cost, and nothing more.
MOST_LOST_S = 2.0


def noise(seconds: float) -> NDArray[np.int16]:
    """No two stretches of it are alike."""
    samples = np.random.default_rng(7).integers(1, 8000, round(seconds * RATE))
    return samples.astype(np.int16)


def start_call(server: Serving, role: Role = "customer") -> str:
    answer = httpx.post(
        f"{server.url}/api/calls/start", json={"role": role}, headers=server.keys
    )
    return str(answer.json()["call_id"])


def speak(
    server: Serving, call_id: str, said: NDArray[np.int16], kill_after_s: float
) -> int:
    """In real time; samples that had been sent when the server was killed."""
    url = f"{server.url.replace('http', 'ws')}/ws/call/{call_id}"
    with connect(url, additional_headers=server.keys) as socket:
        socket.send(encode(ClientHello(role="customer")).decode())
        began = time.monotonic()
        for n in range(len(said) // FRAME):
            due = began + n / 50
            if due - began >= kill_after_s:
                server.kill()
                return n * FRAME
            time.sleep(max(0.0, due - time.monotonic()))
            frame = said[n * FRAME : (n + 1) * FRAME].astype("<i2").tobytes()
            socket.send(encode_frame(n, n * 20, frame))
    raise AssertionError("The server was to be killed before.")


def played(server: Serving, call_id: str) -> NDArray[np.int16]:
    """The customer's channel, once it is put together."""
    until = time.monotonic() + 30
    path = f"/api/sessions/{call_id}"
    while server.get(f"{path}/recording")["state"] != "kept":
        assert time.monotonic() < until, server.log.read_text()
        time.sleep(0.05)
    answer = httpx.get(f"{server.url}{path}/audio", headers=server.keys)
    samples, _ = soundfile.read(io.BytesIO(answer.content), dtype="int16")
    return np.asarray(samples)[:, 1]


def chunks_in(folder: Path) -> Sequence[Path]:
    return sorted((folder / "data" / "recordings").glob("*/*/customer-*.flac"))


@pytest.mark.fault("server killed")
@pytest.mark.parametrize("kill_after_s", [3.37])
def test_killed_in_mid_call_it_has_all_but_the_last_two_seconds(
    tmp_path: Path, kill_after_s: float
) -> None:
    said = noise(kill_after_s + 1)
    with serving(tmp_path, RECORD) as server:
        call_id = start_call(server)
        sent = speak(server, call_id, said, kill_after_s)
    left = np.concatenate(
        [soundfile.read(path, dtype="int16")[0] for path in chunks_in(tmp_path)]
    )
    with serving(tmp_path, RECORD) as server:
        heard = played(server, call_id)
        detail = server.get(f"/api/sessions/{call_id}")

    assert sent - len(left) <= MOST_LOST_S * RATE
    assert np.array_equal(left, said[: len(left)])  # as it lay there, before any repair
    assert np.array_equal(heard, left)
    assert detail["session"]["status"] == "interrupted"
    [kept] = [e["payload"] for e in detail["events"] if e["kind"] == "recording_kept"]
    assert kept["verdict"] == "ok"
    assert chunks_in(tmp_path) == []
