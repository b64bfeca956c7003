"""Recordings are in a backup, once on each disk, however much goes on meanwhile."""

from datetime import date
from pathlib import Path

from appliance.backup.sounds import copy_recordings
from appliance.recordings import chunks
from appliance.recordings.recorder import Recorder
from appliance.recordings.tape import Piece
from appliance.settings import RecordingSettings

DAY = date(2025, 3, 3)
SECOND = bytes(range(250)) * 128


def kept(data: Path, call_id: str) -> Path:
    recorder = Recorder(RecordingSettings(format="flac", keep_free_gb=0), data)
    deck = recorder.deck(call_id, DAY, on=True)
    deck.track("agent", 0).take(SECOND)
    recorder.finish(deck).result(timeout=20)
    recorder.settle(call_id)
    recorder.close()
    return deck.folder


def test_what_is_complete_is_linked_and_not_copied(tmp_path: Path) -> None:
    folder = kept(tmp_path, "one")
    first, second = tmp_path / "first", tmp_path / "second"
    copy_recordings(tmp_path / "recordings", first, None)
    copied = first / DAY.isoformat() / "one" / "call.flac"

    assert copied.samefile(folder / "call.flac")
    assert {path.name for path in copied.parent.iterdir()} == {"call.flac", "about.json"}
    # On another disk than the recordings, which a file of its own stands for.
    elsewhere = tmp_path / "elsewhere" / DAY.isoformat() / "one"
    elsewhere.mkdir(parents=True)
    (elsewhere / "call.flac").write_bytes(b"another")
    copy_recordings(tmp_path / "elsewhere", second, first)
    assert (second / DAY.isoformat() / "one" / "call.flac").read_bytes() == b"another"


def test_a_call_that_goes_on_is_copied_as_far_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "recordings" / DAY.isoformat() / "one"
    folder.mkdir(parents=True)
    chunks.write_chunk(folder, "agent", Piece(0, SECOND))
    chunks.write_chunk(folder, "agent", Piece(16_000, SECOND))
    (folder / "agent-000000000000.new").write_bytes(b"half written")
    to = tmp_path / "to"
    copy_recordings(tmp_path / "recordings", to, None)

    copied = sorted((to / DAY.isoformat() / "one").iterdir())
    assert [path.read_bytes() for path in copied] == [
        path.read_bytes() for path in chunks.chunks_of(folder, "agent")
    ]
    assert not any(path.samefile(folder / path.name) for path in copied)


def test_without_recordings_there_is_nothing_to_copy(tmp_path: Path) -> None:
    copy_recordings(tmp_path / "recordings", tmp_path / "to", None)

    assert not (tmp_path / "to").exists()
