import json
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from appliance.errors import ModelError
from appliance.models.files import Step
from appliance.models.manifest import Manifest, Recipe
from appliance.models.packed import RECORD, look_at_packed, pack, packed_path
from appliance.models.resolve import resolve
from appliance.models.shelf import list_models, remove, verify
from tests.models.made_up import TALKER, WEIGHTS, put_talker

# Asks for packed weights of its one GGUF file.
PACKER = msgspec.structs.replace(TALKER, pack="iq4_nl", packed_mb=1)
MANIFEST = Manifest(version=1, models=(PACKER,))


def backwards(
    source: Path, target: Path, _recipe: Recipe, progress: Callable[[int], None]
) -> str:
    """A packing that can be told from what it was made of."""
    target.write_bytes(source.read_bytes()[::-1])
    progress(target.stat().st_size)
    return "backwards 1.0"


def never(*_: object) -> str:
    raise AssertionError("packed for a second time")


def gives_up(_source: Path, target: Path, *_: object) -> str:
    target.write_bytes(b"half")
    raise ModelError("It crashed.", fix="Try again.")


def path_served(models_dir: Path) -> Path:
    return resolve(models_dir, "talker", "language", MANIFEST).path


def test_a_packed_model_is_served_and_says_what_it_was_made_of(models_dir: Path) -> None:
    folder = put_talker(models_dir)
    steps: list[Step] = []

    assert pack(models_dir, PACKER, backwards, steps.append)

    assert path_served(models_dir) == folder / "packed/model.gguf"
    assert path_served(models_dir).read_bytes() == WEIGHTS[::-1]
    record = json.loads((folder / "packed" / RECORD).read_bytes())
    assert record["source_sha256"] == TALKER.files[0].sha256
    assert (record["recipe"], record["made_by"]) == ("iq4_nl", "backwards 1.0")
    assert "packing its weights" in steps[0].text
    assert sorted(p.name for p in folder.iterdir() if p.is_dir()) == ["packed"]


def test_it_is_packed_once_and_only_where_the_manifest_asks_for_it(
    models_dir: Path,
) -> None:
    put_talker(models_dir)
    assert not pack(models_dir, TALKER, never)
    assert pack(models_dir, PACKER, backwards)
    assert not pack(models_dir, PACKER, never)


def test_a_model_that_is_not_whole_is_not_packed(models_dir: Path) -> None:
    (put_talker(models_dir) / "model.gguf").write_bytes(WEIGHTS[:-1])
    with pytest.raises(ModelError, match="half copied"):
        pack(models_dir, PACKER, never)


def test_a_packing_that_fails_leaves_nothing_but_the_model(models_dir: Path) -> None:
    folder = put_talker(models_dir)
    with pytest.raises(ModelError, match="crashed"):
        pack(models_dir, PACKER, gives_up)
    assert not [p for p in folder.iterdir() if p.is_dir()]
    assert pack(models_dir, PACKER, backwards)


def test_of_two_that_pack_at_once_one_waits_and_finds_it_done(models_dir: Path) -> None:
    put_talker(models_dir)
    second_waits = threading.Event()

    def once_the_second_waits(
        source: Path, target: Path, recipe: Recipe, progress: Callable[[int], None]
    ) -> str:
        assert second_waits.wait(10)
        return backwards(source, target, recipe, progress)

    def on_step(step: Step) -> None:
        if "waiting for another process" in step.text:
            second_waits.set()

    with ThreadPoolExecutor(2) as threads:
        both = [
            threads.submit(pack, models_dir, PACKER, once_the_second_waits, on_step)
            for _ in range(2)
        ]
    assert sorted(future.result() for future in both) == [False, True]


def lost(folder: Path) -> None:
    packed_path(folder).unlink()


def damaged(folder: Path) -> None:
    packed_path(folder).write_bytes(b"x" * len(WEIGHTS))


def cut_off(folder: Path) -> None:
    packed_path(folder).write_bytes(b"x")


def without_record(folder: Path) -> None:
    (folder / "packed" / RECORD).unlink()


def of_another_model(folder: Path) -> None:
    record = folder / "packed" / RECORD
    record.write_text(record.read_text().replace(TALKER.files[0].sha256, "0" * 64))


@pytest.mark.parametrize("harm", [lost, damaged, cut_off, without_record, of_another_model])
def test_packed_weights_that_cannot_be_used_are_told_once_and_the_original_is_served(
    models_dir: Path, harm: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    folder = put_talker(models_dir)
    pack(models_dir, PACKER, backwards)
    harm(folder)

    with caplog.at_level(logging.WARNING):
        assert path_served(models_dir) == folder / "model.gguf"
    (told,) = caplog.messages
    assert "appliance models pack talker" in told
    with pytest.raises(ModelError, match="packed weights of talker") as error:
        verify(models_dir, "talker", manifest=MANIFEST)
    assert "appliance models pack talker" in error.value.fix

    assert pack(models_dir, PACKER, backwards)
    verify(models_dir, "talker", manifest=MANIFEST)


def test_verify_reads_packed_weights_that_only_a_stamp_vouches_for(
    models_dir: Path,
) -> None:
    folder = put_talker(models_dir)
    pack(models_dir, PACKER, backwards)
    stamp = folder / "packed/.verified.json"
    kept = stamp.read_bytes()
    damaged(folder)
    stamp.write_bytes(kept)
    assert look_at_packed(folder, PACKER, afresh=True) is not None


def test_the_list_counts_what_is_on_the_disk(models_dir: Path) -> None:
    def row() -> tuple[str, str | None, int]:
        (listed,) = list_models(models_dir, MANIFEST)
        return listed.state, listed.packed, listed.bytes

    assert row() == ("missing", "missing", 11_002 + 1_000_000)
    put_talker(models_dir)
    assert row() == ("present", "missing", 11_002)
    pack(models_dir, PACKER, backwards)
    assert row() == ("present", "present", 22_002)


def test_remove_takes_the_packed_weights_along(models_dir: Path) -> None:
    folder = put_talker(models_dir)
    pack(models_dir, PACKER, backwards)
    assert remove(models_dir, "talker", manifest=MANIFEST) > 22_002
    assert not folder.exists()
