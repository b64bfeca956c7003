"""The real Whisper behind its engine."""

from collections.abc import Sequence
from pathlib import Path

import jiwer
import msgspec
import numpy as np
import pytest
import soundfile
import soxr

from appliance.bench.reference import words_of
from appliance.errors import ModelError, SettingsError
from appliance.models.resolve import resolve
from appliance.replay.samples import find_sample
from appliance.settings import read_settings
from appliance.transcriber.engine import engine
from appliance.transcriber.guards import judge
from appliance.transcriber.port import (
    Decoded,
    DecodeItem,
    DecodeJob,
    DecodeReply,
    EngineConfig,
)
from appliance.transcriber.whisper import Whisper, build
from appliance.workers.port import Refusal

pytestmark = pytest.mark.model

SAMPLE = find_sample("lost-bank-card")


@pytest.fixture(scope="module")
def whisper() -> Whisper:
    settings = read_settings()
    folder = Path(settings.models.dir).expanduser()
    model = resolve(folder, settings.speech.model, "speech")
    return Whisper(EngineConfig(model=str(model.path), threads=0))


@pytest.fixture(scope="module")
def turns() -> list[tuple[bytes, str]]:
    """The first six turns of a sample call, cut by its script, with what was said."""
    samples, rate = soundfile.read(SAMPLE.path, dtype="float32")
    heard = []
    for turn in SAMPLE.script.turns[:6]:
        first, last = int((turn.start - 0.3) * rate), int((turn.end + 0.2) * rate)
        leg = samples[first:last, 0 if turn.role == "agent" else 1]
        pcm = (soxr.resample(leg, rate, 16_000) * 32767).astype("<i2").tobytes()
        heard.append((pcm, turn.text))
    return heard


def decode(
    whisper: Whisper,
    *pcm: bytes,
    careful: bool = True,
    language: str = "en",
    before: Sequence[str] = (),
) -> list[Decoded]:
    items = [
        DecodeItem(pcm=piece, language=language, before=said)
        for piece, said in zip(pcm, before or [""] * len(pcm), strict=True)
    ]
    return whisper(DecodeJob(items=items, context_frames=1250, careful=careful))


def test_what_was_said_is_written_with_word_times_inside_the_audio(
    whisper: Whisper, turns: list[tuple[bytes, str]]
) -> None:
    heard = decode(whisper, *[pcm for pcm, _ in turns])
    said = " ".join(" ".join(words_of(text)) for _, text in turns)
    written = " ".join(" ".join(words_of(result.text)) for result in heard)
    assert jiwer.wer(said, written) < 0.15
    for result, (pcm, _) in zip(heard, turns, strict=True):
        assert " ".join(word.text for word in result.words) == result.text
        edges = [edge for word in result.words for edge in (word.start_ms, word.end_ms)]
        assert edges == sorted(edges)
        assert edges[-1] <= len(pcm) // 32 + 20


def test_a_turn_is_read_the_same_alone_and_in_company(
    whisper: Whisper, turns: list[tuple[bytes, str]]
) -> None:
    together = decode(whisper, *[pcm for pcm, _ in turns[:3]])
    alone = [decode(whisper, pcm)[0] for pcm, _ in turns[:3]]
    assert [r.text for r in together] == [r.text for r in alone]


def test_the_language_is_found_and_a_language_that_was_set_is_kept(
    whisper: Whisper, turns: list[tuple[bytes, str]]
) -> None:
    found = decode(whisper, turns[0][0], language="")[0]
    assert (found.language, found.language_probability > 0.5) == ("en", True)
    assert decode(whisper, turns[0][0], language="de")[0].language == "de"


def test_a_language_that_is_settled_can_be_checked(
    whisper: Whisper, turns: list[tuple[bytes, str]]
) -> None:
    item = DecodeItem(pcm=turns[0][0], language="de", guess=True)
    [found] = whisper(DecodeJob(items=[item], context_frames=1250, careful=True))
    assert (found.language, found.guess) == ("de", "en")
    assert found.guess_probability > 0.5


def test_a_language_that_it_does_not_know_is_refused_before_a_call() -> None:
    settings = read_settings()
    folder = Path(settings.models.dir).expanduser()
    path = str(resolve(folder, settings.speech.model, "speech").path)
    with pytest.raises(SettingsError, match="'german'") as caught:
        Whisper(EngineConfig(model=path, threads=1, languages=("de", "german")))
    assert "one of af, am" in caught.value.fix


def test_nothing_is_invented_on_silence_tones_and_noise(whisper: Whisper) -> None:
    t = np.arange(4 * 16_000) / 16_000
    rng = np.random.default_rng(7)
    sounds = [
        np.zeros_like(t),
        8000 * np.sin(2 * np.pi * 440 * t),
        6000 * (np.sin(2 * np.pi * 350 * t) + np.sin(2 * np.pi * 440 * t)) / 2,
        rng.normal(0, 300, len(t)),
        rng.normal(0, 4000, len(t)),
    ]
    pcm = [s.astype("<i2").tobytes() for s in sounds]
    heard = decode(whisper, *pcm, language="")
    heard += decode(whisper, *pcm, before=["Yes, my number is four two seven."] * len(pcm))
    assert [judge(result) for result in heard] == [""] * 2 * len(sounds)


def test_who_has_said_something_is_read_beside_who_has_not(
    whisper: Whisper, turns: list[tuple[bytes, str]]
) -> None:
    """The library decodes prompts of one length only."""
    before = ["", "Good morning, I am calling about my card.", "Yes.", "", turns[2][1] * 9]
    pcm = [turns[n][0] for n in (0, 1, 2, 3, 4)]
    heard = decode(whisper, *pcm, before=before)
    for result, (_, text) in zip(heard, turns, strict=False):
        assert jiwer.wer(" ".join(words_of(text)), " ".join(words_of(result.text))) < 0.3


def test_audio_of_any_length_is_answered(
    whisper: Whisper, turns: list[tuple[bytes, str]]
) -> None:
    lengths = [b"", b"\x00\x00", turns[0][0][:640], turns[0][0] * 4]
    assert len(decode(whisper, *lengths)) == len(lengths)


def test_the_engine_refuses_what_the_library_cannot_do_and_lives_on(
    whisper: Whisper, turns: list[tuple[bytes, str]]
) -> None:
    answering = engine(whisper)
    items = [DecodeItem(pcm=turns[0][0], language="en")]
    for frames in (4000, 1250):
        job = DecodeJob(items=items, context_frames=frames, careful=False)
        answering.submit(frames, msgspec.msgpack.encode(job))
    (refused,) = answering.step()
    assert isinstance(refused, Refusal)
    (answered,) = answering.step()
    assert not isinstance(answered, Refusal)
    reply = msgspec.msgpack.decode(answered.payload, type=DecodeReply)
    assert reply.items[0].text
    assert answering.idle()


def test_a_folder_without_a_model_is_refused_with_the_command_that_mends_it(
    tmp_path: Path,
) -> None:
    config = EngineConfig(model=str(tmp_path), threads=1)
    with pytest.raises(ModelError, match="models fetch"):
        build(msgspec.msgpack.encode(config))
