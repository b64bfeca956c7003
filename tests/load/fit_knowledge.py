"""Fit how likely the best article is the right one: `-m tests.load.fit_knowledge FOLDER`.

Takes the folder of the public sets. Half of the questions are fitted on, half scored. A
question counts as it is; once more with its article taken out, so that whatever comes
first is wrong; and questions of each set are asked of the articles of another. The numbers
printed go into `appliance/knowledge/index.py`.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from appliance.cli.building import sentence_model
from appliance.eval.retrieval import SETS, Asked, Set, find, index_of, key_of, rows
from appliance.knowledge.bert import Bert
from appliance.knowledge.golden import Embed
from appliance.knowledge.index import NAME_POWER, Index
from appliance.settings import read_settings

EACH = 400  # questions of a set
SEED = 23
STEPS = 4000

Floats = npt.NDArray[np.float64]


def examples(
    index: Index, asked: Sequence[Asked], embed: Embed | None, *, whole: bool
) -> Iterator[tuple[list[float], bool]]:
    for one in asked:
        hits = find(index, one, embed, most=12)
        fit = hits[0].fit
        parts = [fit.sense, fit.wording, fit.name**NAME_POWER, hits[0].lead]
        yield parts, key_of(hits[0].entry, whole=whole) in one.right


def without(chosen: Set, one: Asked) -> Set:
    """The set as if nothing in it answered this question."""
    kept = [e for e in chosen.entries if key_of(e, whole=chosen.whole) not in one.right]
    return replace(chosen, entries=tuple(kept), asked=(replace(one, right=frozenset()),))


def gathered(folder: Path, embed: Embed | None) -> tuple[Floats, Floats]:
    sets = {name: read(folder) for name, read in SETS.items()}
    draw = random.Random(SEED)
    asked = {
        name: draw.sample(chosen.asked, min(EACH, len(chosen.asked)))
        for name, chosen in sets.items()
    }
    found: list[tuple[list[float], bool]] = []
    for name, chosen in sets.items():
        index = index_of(chosen, embed)
        found += examples(index, asked[name], embed, whole=chosen.whole)
        others = [replace(o, right=frozenset()) for o in strangers(asked, name, folder)]
        found += examples(index, others, embed, whole=chosen.whole)
        if chosen.whole:
            for one in asked[name][: EACH // 4]:
                less = without(chosen, one)
                index = index_of(less, embed)
                found += examples(index, less.asked, embed, whole=True)
    draw.shuffle(found)
    return (
        np.array([parts for parts, _ in found]),
        np.array([right for _, right in found], dtype=float),
    )


def strangers(asked: dict[str, list[Asked]], name: str, folder: Path) -> list[Asked]:
    """Questions that nothing in this set answers: of the others, and what customers say in
    the middle of a call ("yes, that was me"). Bank questions are in two sets."""
    other = "banking77" if name == "dstc10" else "dstc10"
    calls = rows(folder, "star/calls.jsonl.gz")[: EACH // 8]
    said = [
        t["text"] for call in calls for t in call["turns"] if t["speaker"] == "customer"
    ]
    middle = [Asked(text=text, right=frozenset()) for text in said[3::4]]
    return [*asked[other][: EACH // 4], *middle] if name != "star-task" else asked["dstc10"]


def fitted(inputs: Floats, right: Floats) -> Floats:
    """Weights of a logistic regression, the bias last, by plain gradient descent."""
    held = np.hstack([inputs, np.ones((len(inputs), 1))])
    weights = np.zeros(held.shape[1])
    for _ in range(STEPS):
        told = 1 / (1 + np.exp(-held @ weights))
        slope = held.T @ (told - right) / len(right) + 1e-4 * weights
        weights -= 4.0 * slope
    return weights


def score(inputs: Floats, right: Floats, weights: Floats) -> None:
    told = 1 / (1 + np.exp(-(np.hstack([inputs, np.ones((len(inputs), 1))]) @ weights)))
    print("threshold  shown  precision  recall of the right")
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        shown = told >= threshold
        precision = right[shown].mean() if shown.any() else 0.0
        print(
            f"{threshold:9.1f}  {shown.mean():5.2f}  {precision:9.3f}"
            f"  {right[shown].sum() / right.sum():6.3f}"
        )
    bins = np.minimum((told * 10).astype(int), 9)
    parts = [bins == number for number in range(10)]
    error = sum(abs(told[p].mean() - right[p].mean()) * p.mean() for p in parts if p.any())
    print(
        f"calibration error {error:.3f}; {len(right)} questions, {right.mean():.2f} right"
    )


def main() -> None:
    folder = Path(sys.argv[1])
    model = sentence_model(read_settings(None))
    ways: dict[str, Embed | None] = {"WORDS_ONLY": None}
    if model is not None:
        ways["WITH_SENSE"] = Bert(model.path).vectors
    for name, embed in ways.items():
        inputs, right = gathered(folder, embed)
        half = len(right) // 2
        weights = fitted(inputs[:half], right[:half])
        sense, wording, named, lead, bias = weights
        print(
            f"{name}: {bias=:.2f} {sense=:.2f} {wording=:.2f} name={named:.2f} {lead=:.2f}"
        )
        score(inputs[half:], right[half:], weights)


if __name__ == "__main__":
    main()
