"""What is known of a call besides its words, and whether a condition holds."""

from collections.abc import Iterator

from msgspec import Struct, field

from appliance.messages import Alert, Customer, CustomerCard, Sentiment
from appliance.rules.book import When
from appliance.rules.rulebook import Condition
from appliance.rules.stretch import Stretch, Vocabulary
from appliance.rules.words import words_of


class Facts(Struct):
    queue: str = ""
    reason: str = ""  # why the customer calls
    unhappy: bool = False
    score: int | None = None  # of the mood, as `Sentiment.call_score`
    customer: CustomerCard | None = None
    applied: dict[str, int] = field(default_factory=dict)  # rule: since when, in call ms

    def take(self, message: Sentiment | Alert | Customer) -> None:
        match message:
            case Sentiment():
                self.score = message.call_score
            case Alert(kind="mood"):
                self.unhappy = message.state == "raised"
            case Customer():
                self.customer = message.card
            case _:
                pass

    def meet(self, condition: Condition, vocabulary: Vocabulary, at_ms: int) -> bool:
        """Whether all of the condition is so, at this call time."""
        if not all(self._parts(condition.when, at_ms)):
            return False
        if not condition.reason:
            return True
        stretch = Stretch(vocabulary, words_of(self.reason))
        return any(stretch.spans(pattern) for pattern in condition.reason)

    def _parts(self, when: When, at_ms: int) -> Iterator[bool]:
        if when.queue:
            yield self.queue.casefold() in {one.casefold() for one in when.queue}
        if when.mood is not None:
            yield self.unhappy
        if when.score_below is not None:
            yield self.score is not None and self.score < when.score_below
        if when.after:
            yield when.after in self.applied
        if when.unless:
            yield when.unless not in self.applied
        yield (when.from_s or 0) * 1000 <= at_ms
        if when.until_s is not None:
            yield at_ms < when.until_s * 1000
        yield from self._of_customer(when)

    def _of_customer(self, when: When) -> Iterator[bool]:
        card = self.customer
        if when.customer_known is not None:
            yield (card is not None) == when.customer_known
        if when.customer_status:
            allowed = {one.casefold() for one in when.customer_status}
            yield card is not None and card.status.casefold() in allowed
        if when.value_from is not None:
            yield card is not None and (card.lifetime_value or 0) >= when.value_from
        if when.tickets_from is not None:
            yield card is not None and len(card.tickets) >= when.tickets_from
