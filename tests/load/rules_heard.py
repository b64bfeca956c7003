"""What the tolerance of rules finds and wrongly finds: `python -m tests.load.rules_heard
CALLS_FOLDER`.

Patterns are made of what people said by the human transcripts of real calls: two words of
four letters or more, at most five apart, as NEAR/5. They are looked for in what another
recogniser heard of the same turn, and in all turns of the other calls: each time with the
words exactly as written, and as rules take them.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from appliance.rules.pattern import Pattern, parse
from appliance.rules.stretch import Stretch, Vocabulary
from appliance.rules.words import words_of

LETTERS = 4
BETWEEN = 5


def main(folder: Path) -> None:
    calls = [list(_turns(file)) for file in sorted(folder.glob("*.json"))]
    for exact in (True, False):
        found = wanted = wrong = elsewhere = 0
        for call in calls:
            others = [heard for other in calls if other is not call for _, heard in other]
            for said, heard in call:
                for one, other in _pairs(words_of(said)):
                    sign = "=" if exact else ""
                    vocabulary = Vocabulary((sign + one, sign + other))
                    pattern = parse(f"{one} NEAR/{BETWEEN} {other}", exact=exact)
                    wanted += 1
                    found += _is_in(pattern, vocabulary, heard)
                    wrong += sum(_is_in(pattern, vocabulary, text) for text in others)
                    elsewhere += len(others)
        print(
            f"{'exact' if exact else 'tolerant'}: {found} of {wanted} patterns found "
            f"({100 * found / wanted:.1f} %); in other calls in {wrong} of {elsewhere} "
            f"looks ({1000 * wrong / elsewhere:.2f} per mille)"
        )


def _turns(file: Path) -> Iterator[tuple[str, str]]:
    for turn in json.loads(file.read_text())["turns"]:
        if turn.get("text") and turn.get("text_machine") and not turn["uncertain"]:
            yield turn["text"], turn["text_machine"]


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    for place, one in enumerate(words):
        for other in words[place + 1 : place + 2 + BETWEEN]:
            if min(len(one), len(other)) >= LETTERS and one != other:
                yield one, other


def _is_in(pattern: Pattern, vocabulary: Vocabulary, text: str) -> bool:
    return bool(Stretch(vocabulary, words_of(text)).spans(pattern))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
