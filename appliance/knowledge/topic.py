"""What a call is about: which article its lines have led to, and which line did.

A caller says once that they need a new chequebook, and then dictates an address for a
minute. The article stays the one of the chequebook: a line leads to an article with some
probability, which lasts, a little less with each later turn, until another line leads
elsewhere with more. No clock, no model: hits of lines come in.
"""

from collections.abc import Sequence

from msgspec import Struct

from appliance.knowledge.index import Hit

# Left of a line's strength after each later turn of the customer.
LASTING = 0.97

# An article that was likely enough once is cited until so much of the threshold is left,
# seventeen turns later at the least, unless another one takes over.
STAYING = 0.6

# Another passage of the article that the call is about is cited once a line fits it so.
FITS = 0.45

# An article that a call has just come to is cited by its steps, where it has any that fit
# nearly as well as its best passage: they are what is done next.
STEPS_FIRST = 0.25

# Below this an article was only one among many until now.
FRESH = 0.3


class Lead(Struct):
    """An article that a line has led to."""

    hit: Hit
    line: str  # id of the line
    probability: float  # that it answers what this line said
    strength: float  # what is left of it


class Topic:
    """Of one call."""

    def __init__(self) -> None:
        self._leads: dict[str, Lead] = {}  # by article

    def heard(self, line: str, hits: Sequence[Hit], *, new_turn: bool = True) -> None:
        """What a line of the customer, with this id, has led to; the best first. A turn may
        have several lines."""
        if new_turn:
            for lead in self._leads.values():
                lead.strength *= LASTING
        of_article: dict[str, list[Hit]] = {}
        for hit in hits:
            of_article.setdefault(hit.entry.article, []).append(hit)
        for article, found in of_article.items():
            self._take(article, found, line)

    def best(self, threshold: float) -> Lead | None:
        """The article the call is about now; None where none is that likely."""
        likely = [lead for lead in self._leads.values() if lead.probability >= threshold]
        best = max(likely, key=lambda lead: lead.strength, default=None)
        stays = best is not None and best.strength >= STAYING * threshold
        return best if stays else None

    def _take(self, article: str, hits: Sequence[Hit], line: str) -> None:
        lead = self._leads.get(article)
        top = hits[0]
        likely = top.probability
        if lead is None or lead.strength < FRESH:
            self._leads[article] = Lead(_opening(hits), line, likely, likely)
        elif likely >= lead.strength:
            self._leads[article] = Lead(top, line, likely, likely)
        elif top.fit.sense >= FITS:
            lead.hit, lead.line = top, line


def _opening(hits: Sequence[Hit]) -> Hit:
    """Of passages of one article, the best first, the one that it is opened with."""
    best = hits[0].fit.score
    steps = (hit for hit in hits if hit.entry.passage.steps)
    near = (hit for hit in steps if best - hit.fit.score <= STEPS_FIRST)
    return next(near, hits[0])
