"""Hold music, rooms, tones and silence through a real server: nothing may become final.

    python -m tests.load.quiet_noise FOLDER [--speed 4]

Each audio file is played on both legs at once; a minute of silence is added.
"""

import argparse
import tempfile
from pathlib import Path

import anyio
import numpy as np
import soundfile

from appliance.access.lent import lent_token
from appliance.messages import Transcript
from appliance.replay.client import Plan, play
from appliance.replay.own_server import own_server
from appliance.replay.recording import Recording

SILENCE_S = 60


def both_legs(file: Path) -> Recording:
    samples, rate = soundfile.read(file, dtype="int16", always_2d=True)
    return Recording(np.repeat(samples[:, :1], 2, axis=1), rate)


async def measure(files: list[Path], speed: float) -> int:
    silence = Recording(np.zeros((SILENCE_S * 8000, 2), np.int16), 8000)
    recordings = [(file.name, both_legs(file)) for file in files] + [("silence", silence)]
    words = 0
    with tempfile.TemporaryDirectory() as folder:
        async with (
            own_server("--data-dir", folder) as url,
            lent_token(Path(folder)) as token,
        ):
            for name, recording in recordings:
                outcome = await play(url, recording, Plan(speed=speed), token=token)
                said = [m for m in outcome.messages if isinstance(m, Transcript)]
                finals = [m.text for m in said if m.is_final and m.text]
                shown = {m.id for m in said}
                words += sum(len(text.split()) for text in finals)
                print(
                    f"{name:44} {recording.duration_ms / 1000:6.1f} s  "
                    f"finals {len(finals)}  utterances shown {len(shown)}",
                    flush=True,
                )
    return words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--speed", type=float, default=4.0)
    arguments = parser.parse_args()
    files = sorted(f for f in arguments.folder.iterdir() if f.suffix in (".flac", ".wav"))
    print(f"words that became final: {anyio.run(measure, files, arguments.speed)}")


if __name__ == "__main__":
    main()
