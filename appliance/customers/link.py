"""Which customer a call belongs to, as far as is known. No IO.

    UNKNOWN --one customer fits--> KNOWN --"not this customer"--> UNKNOWN
       | several fit: they are offered    an agent's choice is final

Rather nobody than a wrong one: only what fits one customer exactly makes them known, and
once they are, others that fit are offered beside them.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from appliance.customers.rank import Hit
from appliance.messages import CustomerCandidate, CustomerClue

Source: TypeAlias = Literal["start", "said", "agent", "data"]

MOST_CANDIDATES = 5


class Link:
    def __init__(self) -> None:
        self.customer_id = ""  # "": not known
        self.source: Source = "start"  # of the newest change
        self.matched: CustomerClue | None = None
        self.candidates: tuple[CustomerCandidate, ...] = ()
        self._rejected: set[str] = set()
        self._chosen = False

    @property
    def settled(self) -> bool:
        """An agent has said who it is; nothing else changes that."""
        return self._chosen

    def found(self, source: Source, hits: Sequence[Hit]) -> bool:
        """A look-up found these, the best first. True if the link changed."""
        hits = [hit for hit in hits if hit.id not in self._rejected]
        if self._chosen or not hits:
            return False
        fits = [hit for hit in hits if hit.exact]
        if self.customer_id:
            return self._beside(source, fits)
        known = {candidate.id for candidate in self.candidates}
        both = [hit for hit in fits if hit.id in known]
        if len({hit.id for hit in both or fits}) == 1:
            # One customer, or one of those that an earlier clue had left.
            return self._link(source, (both or fits)[0])
        return self._offer(source, fits or (() if known else hits))

    def choose(self, customer_id: str) -> bool:
        """An agent chose this customer, or with "" said that it is not the one shown."""
        if customer_id:
            self._rejected.discard(customer_id)
            self.customer_id, self.matched, self.candidates = customer_id, None, ()
            self._chosen = True
        else:
            if not self.customer_id and not self.candidates:
                return False
            self._rejected |= {candidate.id for candidate in self.candidates}
            self._rejected.add(self.customer_id)
            self.customer_id, self.matched, self.candidates = "", None, ()
            self._chosen = False
        self.source = "agent"
        return True

    def gone(self) -> None:
        """The customer is not in the data any more."""
        self.source, self.customer_id, self.matched = "data", "", None
        self._chosen = False

    def _link(self, source: Source, hit: Hit) -> bool:
        self.source, self.customer_id, self.matched = source, hit.id, hit.matched
        self.candidates = ()
        return True

    def _beside(self, source: Source, fits: Sequence[Hit]) -> bool:
        if len({hit.id for hit in fits}) != 1 or fits[0].id == self.customer_id:
            return False
        return self._offer(source, fits)

    def _offer(self, source: Source, hits: Sequence[Hit]) -> bool:
        offered = tuple(_candidate(hit) for hit in hits[:MOST_CANDIDATES])
        if not offered or offered == self.candidates:
            return False
        self.source, self.candidates = source, offered
        return True


def _candidate(hit: Hit) -> CustomerCandidate:
    return CustomerCandidate(
        id=hit.id, name=hit.name, matched=hit.matched, value=hit.value, exact=hit.exact
    )
