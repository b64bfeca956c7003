"""Finding passages: what each way of looking says of them, put together and made a
probability.

Three ways, each of which finds what the others miss: the sense (cosine of sentence
vectors), the wording (BM25 over pieces of words) and names (of a product or a branch, that
fell anywhere in the call). No clock, no file, no model: vectors come in.
"""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from appliance.knowledge.articles import Passage, searched
from appliance.knowledge.features import name_features, pieces
from appliance.knowledge.postings import Postings, Scores

Vectors = npt.NDArray[np.float32]

# What each way weighs beside the cosine. On the three public sets (`appliance eval`)
# anything from half to double these is within two points of them.
WORDING = 0.3
NAME = 1.2

# A name that is half there says little: squared it weighs a quarter.
NAME_POWER = 2
# A name weighs this much of one in the line after it: the branch named last is meant.
NAME_DECAY = 0.98

# Without a sentence model the wording has to do it all.
WORDING_ALONE = 1.0


class Entry(Struct, frozen=True, kw_only=True):
    """A passage in its place."""

    article: str
    title: str
    version: int
    about: tuple[str, ...]
    passage: Passage


class Fit(Struct, frozen=True, kw_only=True):
    """How well a passage fits, and why: the parts of `score`."""

    sense: float  # cosine, -1..1; 0 without a sentence model
    wording: float  # share of what is asked that the passage has, by BM25, 0..1 or so
    name: float  # how much of a name of its article fell in the call, 0..1
    score: float


class Hit(Struct, frozen=True, kw_only=True):
    entry: Entry
    fit: Fit
    lead: float  # of its score over that of the best other article; below 0: behind
    probability: float  # that the article answers what was said, 0..1


class Calibration(Struct, frozen=True, kw_only=True):
    """From what the best hit looks like to the probability that it is right: a logistic
    regression, fitted by `python -m tests.load.fit_knowledge`."""

    bias: float
    sense: float
    wording: float
    name: float
    lead: float  # of the score over that of the next article

    def probability(self, fit: Fit, lead: float) -> float:
        odds = (
            self.bias
            + self.sense * fit.sense
            + self.wording * fit.wording
            + self.name * fit.name**NAME_POWER
            + self.lead * lead
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


WITH_SENSE = Calibration(bias=-4.59, sense=6.72, wording=0.38, name=-1.84, lead=4.01)
WORDS_ONLY = Calibration(bias=-1.99, sense=0.0, wording=2.32, name=-1.68, lead=3.48)


class Index:
    """Every passage, ready to be searched."""

    def __init__(self, entries: Sequence[Entry], vectors: Vectors | None) -> None:
        """`vectors` has a row of length 1 for each entry; None without a sentence model."""
        self.entries = tuple(entries)
        self._vectors = vectors
        texts = [searched(entry.title, entry.passage) for entry in entries]
        self._wording = Postings([pieces(text) for text in texts])
        numbers: dict[str, int] = {}
        self._article = np.array(
            [numbers.setdefault(entry.article, len(numbers)) for entry in entries],
            dtype=np.int64,
        )
        firsts = {entry.article: entry for entry in entries}
        names = [
            (numbers[article], name_features(name))
            for article, entry in firsts.items()
            for name in entry.about
        ]
        self._named = np.array([number for number, _ in names], dtype=np.int64)
        # Whether a name is there, not how often: no length, no repetition.
        self._names = Postings([sorted(found) for _, found in names], k1=1e-6, b=0)
        self._whole = np.array(
            [self._names.most(dict.fromkeys(found, 1.0)) for _, found in names],
            dtype=np.float32,
        )

    @property
    def articles(self) -> int:
        return int(self._article.max()) + 1 if self.entries else 0

    def find(
        self,
        asked: str,
        vector: Vectors | None,
        before: Sequence[str] = (),
        most: int = 10,
    ) -> list[Hit]:
        """The passages that fit `asked` best; `before` is what was said until then, newest
        last, for the names in it."""
        if not self.entries:
            return []
        sense = self._sense(vector)
        wording = self._wording_share(asked)
        name = self._name_share([*before, asked])
        own = WORDING_ALONE if sense is None else WORDING
        total = own * wording + NAME * name**NAME_POWER
        if sense is not None:
            total = total + sense
        best = self._best(total, most)
        leads = self._leads(total)
        calibration = WORDS_ONLY if sense is None else WITH_SENSE
        hits = []
        for place in best:
            fit = Fit(
                sense=0.0 if sense is None else float(sense[place]),
                wording=float(wording[place]),
                name=float(name[place]),
                score=float(total[place]),
            )
            lead = leads(int(place))
            hits.append(
                Hit(
                    entry=self.entries[place],
                    fit=fit,
                    lead=lead,
                    probability=calibration.probability(fit, lead),
                )
            )
        return hits

    def _sense(self, vector: Vectors | None) -> Scores | None:
        if vector is None or self._vectors is None:
            return None
        return self._vectors @ vector

    def _wording_share(self, asked: str) -> Scores:
        wanted = {piece: float(often) for piece, often in Counter(pieces(asked)).items()}
        whole = self._wording.most(wanted)
        scores = self._wording.scores(wanted)
        return scores / np.float32(whole) if whole else scores

    def _name_share(self, said: Sequence[str]) -> Scores:
        """For each passage, how much of its article's name was said, a late one more."""
        best = np.zeros(int(self._article.max()) + 1, dtype=np.float32)
        if not len(self._named):
            return best[self._article]
        for age, line in enumerate(reversed(said)):
            found = self._names.scores(dict.fromkeys(name_features(line), 1.0))
            shares = found / self._whole * np.float32(NAME_DECAY**age)
            np.maximum.at(best, self._named, shares)
        return best[self._article]

    def _best(self, total: Scores, most: int) -> npt.NDArray[np.int64]:
        most = min(most, len(total))
        some = np.argpartition(-total, most - 1)[:most]
        order: npt.NDArray[np.int64] = some[np.argsort(-total[some], kind="stable")]
        return order

    def _leads(self, total: Scores) -> "_Leads":
        highest = np.full(int(self._article.max()) + 1, -np.inf, dtype=np.float32)
        np.maximum.at(highest, self._article, total)
        return _Leads(self._article, total, highest)


class _Leads:
    """How far a passage is before the best of any other article; below 0: behind."""

    def __init__(
        self, article: npt.NDArray[np.int64], total: Scores, highest: Scores
    ) -> None:
        self._article, self._total = article, total
        order = np.argsort(-highest)[:2]
        self._first = int(order[0])
        self._top = float(highest[order[0]])
        self._second = float(highest[order[1]]) if len(order) > 1 else 0.0

    def __call__(self, place: int) -> float:
        others = self._second if int(self._article[place]) == self._first else self._top
        return float(self._total[place]) - others
