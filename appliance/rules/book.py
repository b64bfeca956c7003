"""A file of rules as it is written: the items of a checklist, and the rules.

The names here are those of the file. Times are seconds there, as people say them.
"""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct, field

from appliance.messages import Severity

Speaker: TypeAlias = Literal["agent", "customer", "either"]
Audience: TypeAlias = Literal["agent", "supervisor"]

Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=80)]
Text: TypeAlias = Annotated[str, Meta(max_length=200)]
Seconds: TypeAlias = Annotated[float, Meta(ge=0, le=86_400)]
Written: TypeAlias = tuple[Annotated[str, Meta(min_length=1, max_length=400)], ...]


class When(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it must be so. What is left out does not matter."""

    queue: tuple[str, ...] = ()  # one of these
    reason: Written = ()  # one of these patterns is in why the customer calls
    mood: Literal["unhappy"] | None = None  # the alert on the customer's mood is raised
    score_below: Annotated[int, Meta(ge=-100, le=100)] | None = None  # of the mood
    customer_known: bool | None = None
    customer_status: tuple[str, ...] = ()  # one of these
    value_from: float | None = None  # lifetime value, at least
    tickets_from: Annotated[int, Meta(ge=0)] | None = None  # open ones, at least
    from_s: Seconds | None = None  # time in call
    until_s: Seconds | None = None
    after: str = ""  # a rule that has applied in this call
    unless: str = ""  # a rule that has not


class Item(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the checklist. Where `when` does not hold it is not asked for."""

    id: Name
    text: Text
    weight: Annotated[float, Meta(gt=0, le=1000)] = 1.0
    when: When = When()


class Rule(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"none": "not"}
):
    """What to listen for, when, and what to do then."""

    name: Name
    speaker: Speaker = "agent"
    any: Written = ()  # one of these patterns
    all: Written = ()  # each of these
    none: Written = ()  # none of these
    exact: bool = False  # words count only as they are written
    when: When = When()
    deadline_s: Annotated[float, Meta(gt=0, le=86_400)] | None = None
    tick: str = ""  # id of an item
    alert: tuple[Audience, ...] = ()
    payment: bool = False  # payment mode begins
    severity: Severity = "warning"
    text: Text = ""  # of the alert
    cool_down_s: Seconds = 60.0


class Book(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={"items": "item", "rules": "rule"},
):
    version: Literal[1] = 1
    items: tuple[Item, ...] = field(default=())
    rules: tuple[Rule, ...] = field(default=())

    def item(self, id_: str) -> Item | None:
        return next((one for one in self.items if one.id == id_), None)
