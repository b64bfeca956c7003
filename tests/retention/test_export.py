"""What somebody is given of themselves: all of it, nobody else, and readable anywhere."""

import html
import re
from pathlib import Path
from zipfile import ZipFile

import anyio
import msgspec
import pytest
import soundfile

from appliance.errors import RetentionError
from appliance.recordings.recorder import Recorder
from appliance.retention.custodian import Custodian
from appliance.retention.export import FOLDER
from appliance.retention.told import Told
from appliance.settings import RecordingSettings
from appliance.store.event import Consent
from appliance.store.writer import Store
from tests.recordings.test_recorder import finished, noise
from tests.retention.box import (
    NOW,
    OTTO,
    YESTERDAY,
    ZELDA,
    Script,
    call_with,
    keeping,
    write,
)
from tests.retention.test_keeping import audit


def exported(folder: Path, customer: str, to: Path) -> dict[str, bytes]:
    """Its files, by name; the ZIP itself is at `to`."""

    async def make(custodian: Custodian) -> None:
        async with custodian.exports.made(customer, "sue", NOW) as path:
            await anyio.to_thread.run_sync(lambda: to.write_bytes(path.read_bytes()))

    with keeping(folder) as (_, custodian):
        anyio.run(make, custodian)
    with ZipFile(to) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def recorded(folder: Path, call_id: str) -> None:
    recorder = Recorder(RecordingSettings(format="flac", keep_free_gb=0), folder)
    deck = recorder.deck(call_id, YESTERDAY.date(), on=True)
    deck.track("customer", 0).take(noise(1))
    finished(recorder, deck)
    recorder.close()


def test_all_that_is_kept_of_somebody_is_in_one_zip(both: Path, tmp_path: Path) -> None:
    recorded(both, "call-z2")
    agreed = Script("call-z2", YESTERDAY)
    agreed.events += call_with(ZELDA, "call-z2")
    agreed.note(Consent(given=True, by="customer", method="clicked"))
    with keeping(both) as (store, _):
        anyio.run(write, store, agreed.events[-1:])
    files = exported(both, ZELDA.id, tmp_path / "z.zip")
    told = msgspec.json.decode(files["data.json"], type=Told)
    assert told.card is not None
    assert (told.card.name, told.card.notes[0].text) == (ZELDA.name, ZELDA.words[3])
    assert [call.call_id for call in told.calls] == ["call-z", "call-z2"]
    # Each line once, as it was in the end, and who said it.
    lines = [(line.speaker, line.how) for line in told.calls[0].lines]
    assert lines == [("customer", "typed"), ("customer", "said"), ("agent", "said")]
    assert told.calls[0].mood == -40
    assert "consent" in [note.kind for note in told.calls[1].notes]
    [name] = told.calls[1].recordings
    assert set(files) == {"index.html", "data.json", name}
    (tmp_path / "sound.flac").write_bytes(files[name])
    assert soundfile.info(tmp_path / "sound.flac").duration == pytest.approx(1)
    page = html.unescape(files["index.html"].decode())
    assert all(trace in page for trace in ZELDA.traces)
    assert not re.search(r"<script|https?://|src=", page)


def test_nobody_else_is_in_it(both: Path, tmp_path: Path) -> None:
    # She was shown in his call as somebody it could be.
    files = exported(both, OTTO.id, tmp_path / "o.zip")
    everything = b"\n".join(files.values()).decode()
    assert OTTO.words[0] in everything
    assert not [trace for trace in ZELDA.traces if trace in everything]
    assert "Ann" not in everything
    assert "Bob" not in everything


def test_after_an_erasure_nothing_of_them_is_in_any_export(
    both: Path, tmp_path: Path
) -> None:
    with keeping(both) as (_, custodian):
        anyio.run(custodian.erase, "customer", ZELDA.id, "ann", NOW)
    with pytest.raises(RetentionError, match="Nothing is kept"):
        exported(both, ZELDA.id, tmp_path / "z.zip")
    files = exported(both, OTTO.id, tmp_path / "o.zip")
    whole = b"\n".join(files.values()) + (tmp_path / "o.zip").read_bytes()
    for trace in ZELDA.traces:
        assert trace.encode() not in whole


def test_it_is_logged_and_leaves_nothing_behind(both: Path, tmp_path: Path) -> None:
    exported(both, ZELDA.id, tmp_path / "z.zip")
    assert not list((both / FOLDER).iterdir())
    [(action, subject, detail)] = audit(both)
    assert (action, detail.split(",")[0]) == ("exported", "2 calls")
    assert ZELDA.id not in subject


def test_what_a_killed_process_left_goes_at_the_next_start(both: Path) -> None:
    (both / FOLDER).mkdir()
    (both / FOLDER / "z.zip").write_bytes(b"words")
    with keeping(both) as (_, custodian):
        anyio.run(custodian.start, NOW)
    assert not (both / FOLDER).exists()


def test_markup_in_what_was_said_stays_text(both: Path, tmp_path: Path) -> None:
    nasty = Script("call-n", YESTERDAY)
    nasty.events += call_with(ZELDA, "call-n")[:-2]
    nasty.say("t9", "customer", "<script>alert(1)</script> & <b>")
    nasty.events += call_with(ZELDA, "call-n")[-2:]

    async def add(store: Store) -> None:
        await write(store, nasty.events)

    with keeping(both) as (store, _):
        anyio.run(add, store)
    page = exported(both, ZELDA.id, tmp_path / "z.zip")["index.html"].decode()
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)" in page
