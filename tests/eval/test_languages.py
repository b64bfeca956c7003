"""How well other languages are recognised, on a clip of one."""

import shutil
from pathlib import Path

import pytest

from appliance.eval.languages import Found, Reader, Report, Words, markdown, read_clips
from appliance.models.resolve import resolve
from appliance.settings import read_settings
from appliance.transcriber.language import AUTO, LegLanguage
from appliance.transcriber.port import EngineConfig
from appliance.transcriber.whisper import Whisper

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "lang"
CLIP = FOLDER / "de" / "kerstin" / "de_rhasspy-0704.flac"


@pytest.mark.model
@pytest.mark.data
@pytest.mark.skipif(not CLIP.is_file(), reason="needs the clips in ../shared")
def test_german_is_found_out_and_read(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    for file in (CLIP, CLIP.with_suffix(".txt")):
        shutil.copy(file, tmp_path / "de")
    [clip] = read_clips(tmp_path)
    assert (clip.language, bool(clip.text)) == ("de", True)
    speech = read_settings().speech
    model = resolve(Path(read_settings().models.dir).expanduser(), speech.model, "speech")
    whisper = Whisper(EngineConfig(model=str(model.path), threads=0))
    reader = Reader(whisper, model.context_floor_frames)
    found = reader.guess(clip, 3, ())
    assert found is not None
    assert found.guess == "de"
    assert reader.guess(clip, 60, ()) is None
    language = LegLanguage(AUTO)
    detected = reader.text(clip, language)
    assert detected == reader.text(clip, LegLanguage("de"))
    assert language.settled == "de"


def test_the_tables_have_a_row_for_each_language_and_length() -> None:
    report = Report(
        words=[
            Words(language="de", clips=2, words=9, fixed=10.0, detected=12.5, chosen=11.0)
        ],
        found=[Found(seconds=3, clips=2, right=0.5, right_chosen=1.0, sure_and_wrong=0.25)],
    )
    assert "| de | 2 | 9 | 10.0 | 12.5 | 11.0 |" in markdown(report)
    assert "| 3 s | 2 | 50% | 100% | 25% |" in markdown(report)
