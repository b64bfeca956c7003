"""Recognition in other languages: word errors where the language is set and where it is
found out, and after how many seconds of speech it is found.

The clips go through the same cores as a call: voice activity, endpointer, utterances,
second looks, what was said before; each alone, as the first and only leg of a call.
"""

import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import jiwer
import numpy as np
import soundfile
import soxr
from msgspec import Struct
from whisper_normalizer.basic import BasicTextNormalizer

from appliance.errors import ApplianceError
from appliance.messages import SpeechEvent, Started, Transcript
from appliance.settings import VadSettings
from appliance.transcriber.detected import SURE
from appliance.transcriber.language import AUTO, LegLanguage
from appliance.transcriber.leg import LegTranscriber
from appliance.transcriber.port import Decoded, DecodeItem, DecodeJob, EngineConfig
from appliance.transcriber.scheduler import Request, context_for
from appliance.transcriber.whisper import Whisper
from appliance.vad.endpointer import Endpointer
from appliance.vad.port import FRESH_STATE, WINDOW_BYTES, VadJob
from appliance.vad.silero import Silero, listen

BYTES_PER_MS = 32
SECONDS = (1, 2, 3, 5)
VAD = VadSettings()

# Accents apart: some of the references lack them.
_normalise = BasicTextNormalizer(remove_diacritics=True)


class Clip(Struct, frozen=True, kw_only=True):
    name: str
    language: str
    pcm: bytes  # s16le, 16 kHz
    text: str  # "" where nobody wrote it down


class Words(Struct, frozen=True, kw_only=True):
    """Word errors of the clips of one language, in percent."""

    language: str
    clips: int
    words: int
    fixed: float
    detected: float
    chosen: float  # detected among the languages of all clips


class Found(Struct, frozen=True, kw_only=True):
    """Of the clips with so much speech, how many are taken for what they are."""

    seconds: float
    clips: int
    right: float  # share, among all languages
    right_chosen: float  # among the languages of the clips
    sure_and_wrong: float  # share, taken for another with a probability of half or more


class Report(Struct, frozen=True, kw_only=True):
    words: list[Words]
    found: list[Found]


def evaluate(
    folder: Path, model: Path, *, floor_frames: int, threads: int, count: int, seed: int
) -> Report:
    """`folder` has a folder for each language; a transcript lies beside its clip. Of each
    language so many clips are taken. Raises ApplianceError if there is none."""
    clips = drawn(list(read_clips(folder)), count, seed)
    if not clips:
        raise ApplianceError(
            f"{folder} has no folders of clips such as de/NAME.flac.",
            fix="Name the folder that holds the languages.",
        )
    config = EngineConfig(model=str(model), threads=threads)
    reader = Reader(Whisper(config), floor_frames)
    choices = tuple(sorted({clip.language for clip in clips}))
    speech = [clip for clip in clips if clip.text]
    return Report(
        words=[_words(reader, speech, code, choices) for code in choices],
        found=[_found(reader, clips, seconds, choices) for seconds in SECONDS],
    )


def read_clips(folder: Path) -> Iterator[Clip]:
    for file in sorted(folder.glob("*/**/*.flac")):
        samples, rate = soundfile.read(file, dtype="float32", always_2d=True)
        heard = soxr.resample(samples.mean(axis=1), rate, 16_000)
        pcm = (np.clip(heard, -1, 1) * 32767).astype("<i2").tobytes()
        written = file.with_suffix(".txt")
        yield Clip(
            name=str(file),
            language=file.relative_to(folder).parts[0],
            # A pause behind it, as a caller makes: the last utterance ends in it.
            pcm=pcm + bytes(16_000 * 2) + bytes(-len(pcm) % WINDOW_BYTES),
            text=written.read_text("utf-8") if written.is_file() else "",
        )


def drawn(clips: Sequence[Clip], count: int, seed: int) -> list[Clip]:
    """So many of each language, the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311 not a secret
    found = []
    for code in sorted({clip.language for clip in clips}):
        mine = [clip for clip in clips if clip.language == code]
        found += chance.sample(mine, min(count, len(mine)))
    return found


class Reader:
    """Reads clips as the live box does, in no hurry."""

    def __init__(self, whisper: Whisper, floor_frames: int) -> None:
        self._whisper = whisper
        self._floor = floor_frames
        self._silero = Silero()
        self._known: dict[str, list[SpeechEvent]] = {}  # by the clip's name

    def text(self, clip: Clip, language: LegLanguage) -> str:
        core = LegTranscriber(
            "customer",
            vad=VAD,
            language=language,
            floor_frames=self._floor,
            offset_ms=0,
        )
        asked = [a for event in self._events(clip) for a in core.on_event(event)]
        waiting = deque(a for a in asked if isinstance(a, Request) and not a.abandoned)
        said: list[Transcript] = []
        while waiting:
            request = waiting.popleft()
            for action in core.on_decoded(request, self._decode(clip, core, request)):
                if isinstance(action, Request):
                    waiting.appendleft(action)
                elif action.is_final:
                    said.append(action)
        return " ".join(one.text for one in said)

    def guess(self, clip: Clip, seconds: float, choices: tuple[str, ...]) -> Decoded | None:
        """What its first seconds of speech are taken for; None if it has fewer."""
        starts = [e.at_ms for e in self._events(clip) if isinstance(e, Started)]
        first = starts[0] if starts else 0
        last = first + round(seconds * 1000)
        if last * BYTES_PER_MS > len(clip.pcm) - 16_000 * 2:
            return None
        pcm = clip.pcm[first * BYTES_PER_MS : last * BYTES_PER_MS]
        # Without a fallback: what it is taken for, sure or not.
        item = DecodeItem(pcm=pcm, fallback="", choices=choices)
        frames = context_for(last - first, self._floor)
        [found] = self._whisper(
            DecodeJob(items=[item], context_frames=frames, careful=False)
        )
        return found

    def _decode(self, clip: Clip, core: LegTranscriber, request: Request) -> Decoded:
        first, last = request.start_ms * BYTES_PER_MS, request.end_ms * BYTES_PER_MS
        item = DecodeItem(
            pcm=clip.pcm[first:last],
            language=core.language.to_ask,
            fallback=core.language.fallback,
            before=core.said,
            choices=core.language.choices,
            guess=core.language.doubts,
        )
        job = DecodeJob(items=[item], context_frames=request.context_frames, careful=True)
        return self._whisper(job)[0]

    def _events(self, clip: Clip) -> list[SpeechEvent]:
        if clip.name not in self._known:
            self._known[clip.name] = self._listen(clip)
        return self._known[clip.name]

    def _listen(self, clip: Clip) -> list[SpeechEvent]:
        count = len(clip.pcm) // WINDOW_BYTES
        job = VadJob(
            counts=[count], pcm=clip.pcm[: count * WINDOW_BYTES], states=FRESH_STATE
        )
        heard = np.frombuffer(listen(self._silero, job).probabilities, np.float32)
        endpointer = Endpointer(VAD)
        events = [event for p in heard.tolist() for event in endpointer.push(p)]
        return [*events, *endpointer.finish()]


def _words(
    reader: Reader, clips: Sequence[Clip], code: str, choices: tuple[str, ...]
) -> Words:
    mine = [clip for clip in clips if clip.language == code]
    wanted = [_normalise(clip.text) for clip in mine]

    def errors(make: Callable[[], LegLanguage]) -> float:
        heard = [_normalise(reader.text(clip, make())) for clip in mine]
        return 100 * float(jiwer.wer(wanted, heard))

    return Words(
        language=code,
        clips=len(mine),
        words=sum(len(text.split()) for text in wanted),
        fixed=errors(lambda: LegLanguage(code)),
        detected=errors(lambda: LegLanguage(AUTO)),
        chosen=errors(lambda: LegLanguage(AUTO, choices=choices)),
    )


def _found(
    reader: Reader, clips: Sequence[Clip], seconds: float, choices: tuple[str, ...]
) -> Found:
    among_all = [(clip, reader.guess(clip, seconds, ())) for clip in clips]
    among = [(clip, reader.guess(clip, seconds, choices)) for clip in clips]
    guesses = [(clip.language, found) for clip, found in among_all if found is not None]
    chosen = [(clip.language, found) for clip, found in among if found is not None]
    wrong = [(code, found) for code, found in guesses if found.guess != code]
    sure = [found for _, found in wrong if found.guess_probability >= SURE]
    count = max(1, len(guesses))
    return Found(
        seconds=seconds,
        clips=len(guesses),
        right=1 - len(wrong) / count,
        right_chosen=sum(found.guess == code for code, found in chosen) / count,
        sure_and_wrong=len(sure) / count,
    )


def markdown(report: Report) -> str:
    """Both tables."""
    lines = [
        "| language | clips | words | WER set | WER detected | WER detected among these |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.language} | {row.clips} | {row.words} | {row.fixed:.1f} | "
        f"{row.detected:.1f} | {row.chosen:.1f} |"
        for row in report.words
    ]
    lines += [
        "",
        "| speech | clips | right | right among these | sure and wrong |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.seconds:g} s | {row.clips} | {row.right:.0%} | {row.right_chosen:.0%} | "
        f"{row.sure_and_wrong:.0%} |"
        for row in report.found
    ]
    return "\n".join([*lines, ""])
