"""What a crash has left of recordings is judged once, and nobody hears what was secret."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from typing import Any

import anyio
import msgspec
import numpy as np
import pytest
from anyio import to_thread

from appliance.access.access import FOLDER
from appliance.messages import Recording, Role, Transcript, Word
from appliance.recordings.chunks import MARKS, write_chunk
from appliance.recordings.tape import Piece
from appliance.settings import RecordingSettings
from appliance.store.event import CallEnded, CallStarted, Event, Fact, Joined, Payment
from appliance.store.writer import Store
from tests.recordings.test_recorder import wait_until
from tests.server.live import OFF, SETTINGS, get, messages_of, serving, tone
from tests.server.test_recordings import kept, sound

pytestmark = pytest.mark.anyio

RATE = 16_000
CALL = "c1"
WISH = RecordingSettings(enabled="always", format="flac", keep_free_gb=0)
SETTINGS_HERE = msgspec.structs.replace(SETTINGS, recording=WISH)

BEGAN = datetime.now(UTC)


def fact(seq: int, at_ms: int, told: Fact) -> Event:
    return Event.note(told, call_id=CALL, seq=seq, at_ms=at_ms, wall=BEGAN)


def a_call(*more: Event) -> Sequence[Event]:
    """Of twenty seconds, that was to be recorded, and was cut off."""
    on = Recording(state="on", seq=4)
    return (
        fact(1, 0, CallStarted()),
        fact(2, 0, Joined(role="agent")),
        fact(3, 0, Joined(role="customer")),
        Event.of(on, call_id=CALL, at_ms=0, wall=BEGAN),
        *more,
        fact(9, 20_000, CallEnded(reason="interrupted")),
    )


async def recorded(folder: Path, events: Sequence[Event]) -> None:
    def write() -> None:
        with Store.open(folder / "record.duckdb") as store:
            for event in events:
                store.append(event)

    await to_thread.run_sync(write)


async def spoken(folder: Path, role: Role, seconds: int) -> Path:
    """Chunks as they lie there after a crash."""
    place = folder / "recordings" / f"{BEGAN:%Y-%m-%d}" / CALL

    def write() -> None:
        place.mkdir(parents=True, exist_ok=True)
        for second in range(seconds):
            write_chunk(place, role, Piece(second * RATE, tone(10)))

    await to_thread.run_sync(write)
    return place


async def verdicts(url: str) -> Sequence[dict[str, Any]]:
    detail = await get(url, f"/api/sessions/{CALL}")
    return messages_of(detail, "recording_kept")


async def test_a_call_of_which_nothing_came_to_the_disk_does_not_pass_unseen(
    tmp_path: Path,
) -> None:
    await recorded(tmp_path, a_call())
    async with serving(tmp_path, SETTINGS_HERE, OFF) as (url, _):
        told = await kept(url, CALL)
        assert (told["state"], told["health"]["verdict"]) == ("none", "empty")
        assert len(await verdicts(url)) == 1


async def test_what_was_judged_right_before_a_crash_is_not_judged_twice(
    tmp_path: Path,
) -> None:
    await recorded(tmp_path, a_call())
    place = await spoken(tmp_path, "agent", 19)
    await spoken(tmp_path, "customer", 19)
    async with serving(tmp_path, SETTINGS_HERE, OFF) as (url, _):
        await kept(url, CALL)
    await anyio.Path(place / MARKS).write_bytes(b"")  # removed last of all
    await to_thread.run_sync(rmtree, tmp_path / FOLDER)  # whom `serving` hires anew
    async with serving(tmp_path, SETTINGS_HERE, OFF) as (url, _):
        await to_thread.run_sync(wait_until, lambda: not (place / MARKS).exists())
        assert [one["verdict"] for one in await verdicts(url)] == ["ok"]


async def test_a_card_number_is_taken_out_that_only_the_record_knows_of(
    tmp_path: Path,
) -> None:
    """The line was shown, and the box was killed before the sound was silenced."""
    line = Transcript(
        seq=5,
        id="t1",
        speaker="customer",
        text="it is [card number] thanks",
        is_final=True,
        start_ms=3000,
        end_ms=9000,
        words=(
            Word(text="it", start_ms=3000, end_ms=3300, probability=1.0),
            Word(text="[card number]", start_ms=4000, end_ms=8000, probability=1.0),
        ),
    )
    told = Event.of(line, call_id=CALL, at_ms=9000, wall=BEGAN)
    await recorded(tmp_path, a_call(told, fact(6, 16_000, Payment(on=True, by="agent"))))
    await spoken(tmp_path, "customer", 19)
    async with serving(tmp_path, SETTINGS_HERE, OFF) as (url, _):
        await kept(url, CALL)
        theirs = (await sound(url, CALL))[:, 1]
    silent = np.concatenate([theirs[3700 * 16 : 8300 * 16], theirs[11_000 * 16 : 256_000]])
    assert not silent.any()
    for begin, end in ((0, 3700), (8300, 11_000), (16_000, 19_000)):
        heard = theirs[begin * 16 : end * 16]
        assert np.count_nonzero(heard) > 0.9 * len(heard)
