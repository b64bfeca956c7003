"""What the model reaches without any hurry: `python -m tests.load.offline CALLS_FOLDER`.

faster-whisper transcribes each channel as a whole (beam 5, its VAD filter, 30 s windows):
the yardstick for the word error rate of `appliance bench`.
"""

import argparse
import os
from pathlib import Path

import numpy as np
import soundfile
import soxr
from faster_whisper import WhisperModel

from appliance.bench.reference import Errors, count_errors, read_turns
from appliance.settings import read_settings


def offline(file: Path, channel: int, model: WhisperModel) -> str:
    samples, rate = soundfile.read(file, dtype="float32")
    audio = soxr.resample(samples[:, channel], rate, 16_000).astype(np.float32)
    segments, _ = model.transcribe(audio, beam_size=5, vad_filter=True, language="en")
    return " ".join(segment.text for segment in segments)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    settings = read_settings()
    model = WhisperModel(
        str(Path(settings.models.dir) / settings.speech.model),
        device="cpu",
        compute_type="int8",
        cpu_threads=os.cpu_count() or 1,
    )
    errors = Errors()
    for file in sorted(folder.glob("*.flac")):
        if not file.with_suffix(".json").exists():
            continue
        turns = read_turns(file.with_suffix(".json"))
        for channel in range(2):
            mine = [turn for turn in turns if turn.channel == channel]
            errors.add(count_errors(mine, offline(file, channel, model)))
    print(f"WER offline, beam 5: {errors.rate:.1f} %  {errors}")


if __name__ == "__main__":
    main()
