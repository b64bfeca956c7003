"""The checklist of one call: what its items have come to, and the score.

    score = 100 * weight of the items done in time / weight of the items that count

An item counts if its conditions hold, or if it has been ticked; not if what was said could
not be read. What is open, missed or late counts as not done.
"""

from collections.abc import Callable

import msgspec

from appliance.messages import Checklist, ChecklistItem, ItemState
from appliance.rules.book import Item
from appliance.rules.rulebook import Condition, Rulebook


class Items:
    def __init__(self, rulebook: Rulebook) -> None:
        self._conditions = {item.id: condition for item, condition in rulebook.items}
        self._items = {item.id: _new(item) for item, _ in rulebook.items}
        self._told: Checklist | None = None

    def __contains__(self, id_: str) -> bool:
        return id_ in self._items

    def state(self, id_: str) -> ItemState:
        return self._items[id_].state

    def by_rule(
        self, id_: str, state: ItemState, *, at_ms: int, rule: str, line: str = ""
    ) -> None:
        """What a rule says; what the agent has said stays, and so does what was done."""
        item = self._items[id_]
        if item.by == "hand" or item.state == "done":
            return
        if item.state == state:
            return
        self._items[id_] = msgspec.structs.replace(
            item, state=state, by="rule", at_ms=at_ms, rule=rule, line=line
        )

    def by_hand(self, id_: str, *, on: bool, at_ms: int) -> None:
        self._items[id_] = msgspec.structs.replace(
            self._items[id_],
            state="done" if on else "open",
            by="hand",
            at_ms=at_ms,
            line="",
            rule="",
        )

    def news(self, holds: Callable[[Condition], bool]) -> list[Checklist]:
        """The list as it is now, if that is not what was told last."""
        there = tuple(
            item
            for item in self._items.values()
            if item.by is not None or holds(self._conditions[item.id])
        )
        now = Checklist(items=there, score=score(there))
        if now == self._told or (self._told is None and not there):
            return []
        self._told = now
        return [now]


def score(items: tuple[ChecklistItem, ...]) -> int | None:
    """0..100, None where nothing counts."""
    counted = [item for item in items if item.state != "unchecked"]
    whole = sum(item.weight for item in counted)
    done = sum(item.weight for item in counted if item.state == "done")
    return round(100 * done / whole) if whole else None


def _new(item: Item) -> ChecklistItem:
    return ChecklistItem(id=item.id, text=item.text, weight=item.weight, state="open")
