"""Where one partial pass goes, by length: `python -m tests.load.passes CALLS_FOLDER`.

For the speech model and any other beside it (`--beside whisper-tiny.en`): mel features, the
audio's way to the process, the encoder, and the words; `forced` is the words again with all
but the newest given, as after a partial that has shown them. Then the word error rate of
greedy passes over the reference's turns, which is what partials of that model would show.
"""

import argparse
import multiprocessing
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import ctranslate2
import msgspec
import numpy as np
import soundfile
import soxr

from appliance.bench.reference import Errors, Turn, count_errors, read_turns
from appliance.settings import read_settings
from appliance.transcriber.port import DecodeItem, DecodeJob, EngineConfig
from appliance.transcriber.scheduler import BUCKETS, context_for
from appliance.transcriber.whisper import Whisper

SECONDS = (1, 2.5, 5, 10, 14)
FLOOR = BUCKETS[1]
TAIL = 4  # tokens of a partial that the next one may still change
TIMES = 9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--beside", nargs="*", default=[])
    arguments = parser.parse_args()
    settings = read_settings()
    speech = list(_speech(arguments.folder))
    for name in [settings.speech.model, *arguments.beside]:
        path = Path(settings.models.dir) / name
        model = Whisper(EngineConfig(model=str(path), threads=1))
        print(f"\n{name}, ms (median of {TIMES}), one thread:")
        print(
            f"{'audio s':>8}{'mel':>8}{'carried':>9}{'encoder':>9}{'words':>8}{'forced':>8}"
        )
        for seconds in SECONDS:
            print(f"{seconds:>8}" + _row(model, _join(speech, seconds)))
        errors = _errors(model, arguments.folder)
        print(f"greedy over the reference's turns: WER {errors.rate:.1f} %  {errors}")


def _row(model: Whisper, pcm: bytes) -> str:
    frames = context_for(len(pcm) // 32, FLOOR)
    job = DecodeJob(items=[DecodeItem(pcm=pcm, language="en")], context_frames=frames,
                    careful=False)  # fmt: skip
    samples = np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)
    mel = model._mel.of(samples, frames)
    view = ctranslate2.StorageView.from_array(mel[np.newaxis])
    encoded = model._model.encode(view, to_cpu=True)
    tokenizer = model._tokenizer("en")
    start = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
    whole = _words(model, encoded, start)
    shown = [*start, *whole[:-TAIL]]
    return "".join(
        f"{_median(step):>{width}.1f}"
        for step, width in (
            (lambda: model._mel.of(samples, frames), 8),
            (lambda: _carry(job), 9),
            (lambda: model._model.encode(view, to_cpu=True), 9),
            (lambda: _words(model, encoded, start), 8),
            (lambda: _words(model, encoded, shown), 8),
        )
    )


def _words(
    model: Whisper, encoded: ctranslate2.StorageView, prompt: list[int]
) -> list[int]:
    # What is forced comes back as well.
    result = model._model.generate(encoded, [prompt], beam_size=1, max_length=448)
    return list(result[0].sequences_ids[0])


def _carry(job: DecodeJob) -> None:
    """The job's way: packed, through a pipe, unpacked."""
    here, there = multiprocessing.Pipe()
    with here, there:
        payload = msgspec.msgpack.encode(job)
        for at in range(0, len(payload), 1 << 15):  # less than the pipe holds
            here.send_bytes(payload[at : at + (1 << 15)])
            there.recv_bytes()
        msgspec.msgpack.decode(payload, type=DecodeJob)


def _median(step: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        started = time.perf_counter()
        step()
        took.append(time.perf_counter() - started)
    return float(np.median(took)) * 1000


def _speech(folder: Path) -> Iterator[bytes]:
    """s16le of each turn of the recordings."""
    for file, turns in _recordings(folder):
        for turn in turns:
            if turn.scored:
                yield _cut(file, turn.channel, turn.start, turn.end)


def _recordings(folder: Path) -> Iterator[tuple[Path, list[Turn]]]:
    for file in sorted(folder.glob("*.flac")):
        if file.with_suffix(".json").exists():
            yield file, read_turns(file.with_suffix(".json"))


def _cut(file: Path, channel: int, start: float, end: float) -> bytes:
    samples, rate = soundfile.read(file, dtype="int16")
    piece = samples[int(start * rate) : int(end * rate), channel]
    return bytes(soxr.resample(piece, rate, 16_000).astype("<i2").tobytes())


def _join(speech: list[bytes], seconds: float) -> bytes:
    return b"".join(speech)[: int(seconds * 16_000) * 2]


def _errors(model: Whisper, folder: Path) -> Errors:
    errors = Errors()
    for file, turns in _recordings(folder):
        for channel in range(2):
            mine = [turn for turn in turns if turn.channel == channel]
            errors.add(count_errors(mine, " ".join(_texts(model, file, mine))))
    return errors


def _texts(model: Whisper, file: Path, turns: list[Turn]) -> Iterator[str]:
    for turn in turns:
        pcm = _cut(file, turn.channel, max(0.0, turn.start - 0.3), turn.end + 0.2)[:480_000]
        frames = context_for(len(pcm) // 32, FLOOR)
        items = [DecodeItem(pcm=pcm, language="en")]
        job = DecodeJob(items=items, context_frames=frames, careful=False)
        yield model(job)[0].text


if __name__ == "__main__":
    main()
