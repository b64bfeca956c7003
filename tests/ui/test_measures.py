"""What the box measures, the pages tell in German, too."""

import re
from pathlib import Path

from appliance.reporting.handling import HANDLING, OUTCOMES
from appliance.reporting.queues import queue_measures
from appliance.reporting.talking import ADVICE, MOOD, TALK

FILE = Path(__file__).parents[2] / "appliance/ui/app/src/texts/measures.de.ts"

EVERY = (*HANDLING, *queue_measures(20, 5), *OUTCOMES, *MOOD, *TALK, *ADVICE)


def test_every_measure_and_what_it_counts_has_a_german_name_and_none_is_left_over() -> None:
    measures, counted = FILE.read_text().split("export const COUNTED")
    named = re.findall(r"^  (\w+): \[", measures, re.MULTILINE)
    assert sorted(named) == sorted(measure.info.name for measure in EVERY)
    quoted = {
        words.strip("'")
        for words in re.findall(r"^  ('[^']+'|\w+):", counted, re.MULTILINE)
    }
    assert quoted == {measure.info.counted for measure in EVERY}
