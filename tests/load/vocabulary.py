"""What a file of names does to recognition: `python -m tests.load.vocabulary DATA_FOLDER`.

Reads the English clips of `read` and the turns of the calls in DATA_FOLDER and in
appliance/samples one by one, as finals, those in which a name is said and one in EVERY of
the others, without the names and with them: the error rate, and how many of the names that
were said are written right. Then it looks for names in texts in which there are none.
"""

import argparse
import gzip
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import jiwer
import numpy as np
import soundfile
import soxr

from appliance.bench.reference import read_turns, words_of
from appliance.models.resolve import resolve
from appliance.replay.samples import every_sample
from appliance.settings import read_settings
from appliance.transcriber.port import DecodeItem, DecodeJob, EngineConfig
from appliance.transcriber.scheduler import context_for
from appliance.transcriber.vocabulary import Vocabulary
from appliance.transcriber.whisper import Whisper

# What sites of these recordings could have written down: shops, banks, people, products.
NAMES = (
    "Moss Lantern",
    "Granite Acorn Bank",
    "Velvet Kite Mobile",
    "Harper Valley National Bank",
    "Smart Electric",
    "Forest Ranch",
    "Elizabeth Rodriguez",
    "Quilter",
    "Dashwood",
    "Digium",
    "Asterisk",
    "Schoeffer",
    "Maintz",
)
LONGEST_S = 25.0
MARGIN_S = 0.25  # around a turn, as voice activity leaves it
SAID_CHARACTERS = 400
EVERY = 4


class Clip(NamedTuple):
    leg: str  # whose words go before; "" if they do not belong together
    text: str
    pcm: bytes


def pcm(samples: np.ndarray, rate: int) -> bytes:
    audio = soxr.resample(samples, rate, 16_000)
    return bytes((np.clip(audio, -1, 1) * 32767).astype("<i2").tobytes())


def clips(data: Path) -> Iterator[Clip]:
    for row in (data / "AUDIO.tsv").read_text().splitlines()[1:]:
        file, seconds, _, _, _, text, *_ = row.split("\t")
        if file.startswith("read/") and text != "-" and float(seconds) <= LONGEST_S:
            samples, rate = soundfile.read(data / file, dtype="float32", always_2d=True)
            yield Clip("", (data / text).read_text().strip(), pcm(samples[:, 0], rate))
    calls = [*sorted((data / "calls").glob("*.json")), *samples_with_turns()]
    for reference in calls:
        samples, rate = soundfile.read(reference.with_suffix(".flac"), dtype="float32")
        for turn in read_turns(reference):
            if turn.scored:
                first = max(0, round((turn.start - MARGIN_S) * rate))
                last = round((turn.end + MARGIN_S) * rate)
                leg = f"{reference.stem} {turn.channel}"
                yield Clip(leg, turn.text, pcm(samples[first:last, turn.channel], rate))


def samples_with_turns() -> list[Path]:
    return [sample.path.with_suffix(".json") for sample in every_sample()]


def heard(model: Whisper, wanted: Sequence[Clip]) -> list[str]:
    said: dict[str, str] = {}
    texts = []
    for clip in wanted:
        item = DecodeItem(pcm=clip.pcm, language="en", before=said.get(clip.leg, ""))
        frames = context_for(len(clip.pcm) // 32, 1000)
        job = DecodeJob(items=[item], context_frames=frames, careful=True)
        (decoded,) = model(job)
        texts.append(decoded.text)
        if clip.leg:
            said[clip.leg] = f"{item.before} {decoded.text}"[-SAID_CHARACTERS:].lstrip()
    return texts


def error_rate(wanted: Sequence[Clip], texts: Sequence[str]) -> float:
    """WER in percent."""
    pairs = [
        (" ".join(words_of(clip.text)), " ".join(words_of(text)))
        for clip, text in zip(wanted, texts, strict=True)
    ]
    pairs = [(one, other) for one, other in pairs if one]
    return 100 * float(jiwer.wer([one for one, _ in pairs], [other for _, other in pairs]))


def counted(name: str, text: str) -> int:
    plain = " ".join(re.findall(r"[a-z']+", text.lower()))
    return len(re.findall(rf"\b{name.lower()}\b", plain))


def names_written(wanted: Sequence[Clip], texts: Sequence[str]) -> tuple[int, int, int]:
    """Of the names that were said: how many, and how many written. And how many were
    written that were not said."""
    said = right = invented = 0
    for clip, text in zip(wanted, texts, strict=True):
        for name in NAMES:
            meant, found = counted(name, clip.text), counted(name, text)
            said, right = said + meant, right + min(meant, found)
            invented += max(0, found - meant)
    return said, right, invented


def texts_without_names(data: Path) -> Iterator[str]:
    """What customers and agents wrote, in sets that know none of the names."""
    with gzip.open(data / "text" / "star" / "calls.jsonl.gz") as lines:
        for line in lines:
            for turn in json.loads(line)["turns"]:
                if turn["speaker"] != "system":
                    yield turn["text"]
    for name in ("banking77/train", "airline/airline"):
        with gzip.open(data / "text" / f"{name}.jsonl.gz") as lines:
            for line in lines:
                yield json.loads(line)["text"]


def false_corrections(data: Path, correct: Callable[[str], str]) -> tuple[int, int]:
    words = changed = 0
    for text in texts_without_names(data):
        words += len(text.split())
        changed += correct(text) != text
    return words, changed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    data = parser.parse_args().folder
    settings = read_settings()
    path = resolve(
        Path(settings.models.dir).expanduser(), settings.speech.model, "speech"
    ).path
    wanted = [
        clip
        for number, clip in enumerate(clips(data))
        if number % EVERY == 0 or any(counted(name, clip.text) for name in NAMES)
    ]
    for title, names in (("without names", ()), ("with the names", NAMES)):
        model = Whisper(EngineConfig(model=str(path), threads=0, vocabulary=names))
        texts = heard(model, wanted)
        said, right, invented = names_written(wanted, texts)
        print(
            f"{title}: WER {error_rate(wanted, texts):.2f} %, {right} of {said} names "
            f"right, {invented} that nobody said; {len(wanted)} clips"
        )
    words, changed = false_corrections(
        data, Vocabulary(NAMES, model.common_words()).corrected
    )
    print(f"{changed} corrections in {words:,} words of texts without the names")


if __name__ == "__main__":
    main()
