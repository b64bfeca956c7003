"""Every parser of what comes from outside, under what nobody should send: it refuses with
an error of ours, or takes it, and nothing else happens."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.audio.leg import LegAudio
from appliance.audio.wire import Frame, parse_frame
from appliance.customers.importing import Given, Order, import_files
from appliance.duty import decode_from_agent
from appliance.errors import (
    CustomersError,
    ProtocolError,
    RecordingError,
    SettingsError,
)
from appliance.messages import AudioFormat, Codec, decode_from_server, encode
from appliance.received import decode_from_client
from appliance.replay.recording import read_recording
from appliance.replay.samples import every_sample
from appliance.settings import every_setting, read_settings
from appliance.supervision import decode_from_supervisor
from tests.load.nonsense import WEBM, Nonsense

# A file for each example is slow; what a bug needs is found by few.
FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["type", "id", "text", "audio"]) | st.text(), inner
        )
    ),
    max_leaves=20,
)
SEEDS = st.integers(0, 2**32)


@given(
    data=st.binary(max_size=60), codec=st.sampled_from(["pcm_s16le", "mulaw", "webm_opus"])
)
def test_a_frame_is_a_frame_or_refused(data: bytes, codec: Codec) -> None:
    audio = AudioFormat(codec=codec, rate=8000)
    try:
        frame = parse_frame(data, audio)
    except ProtocolError:
        return
    assert len(frame.payload) == len(data) - 8 > 0


@given(
    frames=st.lists(
        st.tuples(
            st.integers(0, 2**32 - 1) | st.integers(0, 30),
            st.integers(0, 2**32 - 1) | st.integers(0, 600),
            st.binary(min_size=1, max_size=40).map(lambda b: b * 2),
        ),
        max_size=12,
    ),
    codec=st.sampled_from(["pcm_s16le", "mulaw", "webm_opus"]),
)
def test_a_leg_s_time_never_runs_back_whatever_frames_say(
    frames: list[tuple[int, int, bytes]], codec: Codec
) -> None:
    leg, taken_ms = LegAudio(AudioFormat(codec=codec, rate=8000)), 0.0
    for frame in frames:
        try:
            leg.push(Frame(*frame))
        except ProtocolError:
            assert leg.taken_ms == taken_ms
        assert taken_ms <= leg.taken_ms <= taken_ms + 61_000
        taken_ms = leg.taken_ms


@given(seed=SEEDS)
@settings(max_examples=40)
def test_a_damaged_recording_makes_no_more_sound_than_a_chunk_may(seed: int) -> None:
    nonsense, leg, taken_ms = Nonsense(seed), LegAudio(AudioFormat(codec="webm_opus")), 0.0
    for seq in range(12):
        at = seq * len(WEBM) // 12
        chunk = WEBM[at : at + len(WEBM) // 12]
        if nonsense.random.random() < 0.5:
            chunk = nonsense.damaged(chunk)
        try:
            leg.push(Frame(seq, 0, chunk))
        except ProtocolError:
            continue
        finally:
            assert leg.taken_ms <= taken_ms + 10_000 + 12 * 61_000
            taken_ms = leg.taken_ms


@pytest.mark.parametrize(
    "decode",
    [decode_from_client, decode_from_agent, decode_from_supervisor, decode_from_server],
)
@given(value=JSON, raw=st.binary(max_size=80), depth=st.sampled_from([3, 900, 20_000]))
@settings(max_examples=60)
def test_a_message_is_a_message_or_refused(
    decode: Any, value: object, raw: bytes, depth: int
) -> None:
    deep = b'{"a":' + b"[" * depth + b"]" * depth + b',"type":"hangup"}'
    for data in (json.dumps(value).encode(), raw, deep):
        try:
            message = decode(data)
        except msgspec.MsgspecError:
            continue
        assert decode(encode(message)) == message


@given(seed=SEEDS)
@settings(max_examples=200)
def test_nearly_right_messages_come_out_as_they_went_in_or_are_refused(seed: int) -> None:
    try:
        message = decode_from_client(Nonsense(seed).text())
    except msgspec.MsgspecError:
        return
    assert decode_from_client(encode(message)) == message


@given(
    section=st.sampled_from([row.section for row in every_setting()]) | st.text(max_size=9),
    name=st.sampled_from([row.name for row in every_setting()]) | st.text(max_size=9),
    value=JSON,
)
@FEW
def test_settings_are_understood_or_refused(
    tmp_path: Path, section: str, name: str, value: object
) -> None:
    file = tmp_path / "appliance.toml"
    told = json.dumps(value) if isinstance(value, str | int) else repr(value)
    file.write_text(f"[{section}]\n{name} = {told}\n", "utf-8", "surrogatepass")
    with suppress(SettingsError):
        read_settings(file, {})


@given(
    variable=st.sampled_from([row.variable for row in every_setting()]),
    value=st.text(max_size=20),
)
def test_the_environment_is_understood_or_refused(variable: str, value: str) -> None:
    with suppress(SettingsError):
        read_settings(environ={variable: value})


CSV = b'id,name,email,phone,status\n1,Ada,ada@example.com,+49 30 1,gold\n2,"B, b",,,\n'


@given(seed=SEEDS, suffix=st.sampled_from(["csv", "json", "parquet", "sqlite", "duckdb"]))
@settings(FEW, max_examples=15)
def test_a_file_of_customers_is_imported_or_refused(
    tmp_path: Path, seed: int, suffix: str
) -> None:
    nonsense = Nonsense(seed)
    start = {
        "parquet": b"PAR1",
        "sqlite": b"SQLite format 3\0",
        "duckdb": b"\0" * 8 + b"DUCK",
    }
    file = tmp_path / f"customers.{suffix}"
    file.write_bytes(start.get(suffix, b"") + nonsense.damaged(CSV))
    with suppress(CustomersError):
        import_files(tmp_path / "data", [Given(path=file)], Order(), lambda _: None)


@given(seed=SEEDS, name=st.sampled_from(["call.wav", "call.flac"]))
@FEW
def test_a_recording_is_read_or_refused(tmp_path: Path, seed: int, name: str) -> None:
    file = tmp_path / name
    whole = every_sample()[0].path.read_bytes()
    file.write_bytes(Nonsense(seed).damaged(whole[:60_000]))
    with suppress(RecordingError):
        assert read_recording(file).duration_ms >= 1000
