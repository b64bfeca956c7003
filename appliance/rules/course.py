"""The rules in one call: lines, facts and ticks come in, alerts and the checklist go out.

No clock, no model. Times are call time in ms. Finals only: a partial is rewritten, and a
tick that was taken back would be worse than one that comes half a second later.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from appliance.messages import (
    Alert,
    ChatLine,
    Checklist,
    Customer,
    Gap,
    Role,
    Sentiment,
    Transcript,
)
from appliance.rules.checklist import Items
from appliance.rules.deadline import Deadline
from appliance.rules.facts import Facts
from appliance.rules.heard import Heard
from appliance.rules.rulebook import Condition, Ready, Rulebook
from appliance.rules.stretch import Stretch
from appliance.rules.words import words_of


class StartPayment(Struct, frozen=True):
    """Payment mode is to begin, by this rule."""

    rule: str


Told: TypeAlias = Alert | Checklist | StartPayment

# A sentence is cut where its speaker breathes: the words before are looked at again with
# those that follow soon.
TAIL_WORDS = 20
TAIL_MS = 5000


class Word(Struct, frozen=True):
    text: str
    at_ms: int


class Applied(Struct, frozen=True, kw_only=True):
    """A rule came to apply: it was met, or its deadline passed (`missed`, `unchecked`)."""

    rule: str
    at_ms: int
    line: str
    outcome: str = "met"


class Course:
    def __init__(self, rulebook: Rulebook) -> None:
        self.applied: list[Applied] = []  # in order; for a test against past calls
        self._book = rulebook
        self._facts = Facts()
        self._items = Items(rulebook)
        self._deadlines = {r.rule.name: Deadline(r) for r in rulebook.deadlines}
        self._heard = Heard()
        self._tails: dict[Role, list[Word]] = {"agent": [], "customer": []}
        self._ended_ms: dict[Role, int] = {}  # of the newest line
        self._here: dict[Role, int] = {}  # since when, in call time
        self._held: set[str] = set()  # rules without words whose conditions hold
        self._alerted: dict[str, int] = {}
        self._alerts = 0

    # ------------------------------------------------------------------ people and facts

    def arrived(
        self, role: Role, at_ms: int, *, queue: str = "", reason: str = ""
    ) -> list[Told]:
        """Somebody is connected to the call; what is "" is not known."""
        self._facts.queue = queue or self._facts.queue
        self._facts.reason = reason or self._facts.reason
        self._here.setdefault(role, at_ms)
        if len(self._here) == len(self._tails):
            for deadline in self._deadlines.values():
                if not deadline.ready.rule.when.after:
                    deadline.run_from(at_ms)
        return self._look(at_ms)

    def know(self, message: Sentiment | Alert | Customer, now_ms: int) -> list[Told]:
        self._facts.take(message)
        return self._look(now_ms)

    # ------------------------------------------------------------------ words

    def hear(self, message: Transcript | Gap) -> list[Told]:
        if isinstance(message, Gap) or message.failed:
            self._heard.miss(message)
            return []
        return self._said(message, _words(message)) if message.is_final else []

    def read(self, line: ChatLine) -> list[Told]:
        words = [Word(word, line.at_ms) for word in words_of(line.text)]
        return self._said(line, words)

    def _said(self, line: Transcript | ChatLine, words: list[Word]) -> list[Told]:
        before = self._tail(line)
        stretch = Stretch(
            self._book.vocabulary, [w.text for w in (*before, *words)], new=len(before)
        )
        end_ms = line.at_ms if isinstance(line, ChatLine) else line.end_ms
        told: list[Told] = []
        for ready in self._book.listening(stretch):
            if ready.rule.speaker not in (line.speaker, "either"):
                continue
            span = ready.found(stretch)
            if span is not None and self._meets(ready.condition, end_ms):
                told += self._met(ready, (*before, *words)[span[0]].at_ms, line.id)
        if isinstance(line, Transcript):
            self._tails[line.speaker] = [*before, *words][-TAIL_WORDS:]
            self._ended_ms[line.speaker] = line.end_ms
        return [*told, *self._look(end_ms)]

    def _tail(self, line: Transcript | ChatLine) -> list[Word]:
        """What the person said just before and the rules may need again."""
        if isinstance(line, ChatLine):
            return []
        since_ms = line.start_ms - self._ended_ms.get(line.speaker, 0)
        return self._tails[line.speaker] if since_ms <= TAIL_MS else []

    # ------------------------------------------------------------------ time

    def tick(self, now_ms: int, settled: Mapping[Role, int | None]) -> list[Told]:
        """Time passes. Of each microphone, until when all that was said is told; None:
        nobody listens to it now."""
        self._heard.look(now_ms, settled)
        return self._look(now_ms)

    def end(self, now_ms: int) -> list[Told]:
        """The call is over and everything said is told: of what stayed open it may be that
        nobody could have heard it."""
        from_ms = max(self._here.values(), default=0)
        for ready in self._book.rules:
            rule = ready.rule
            if not rule.tick or self._items.state(rule.tick) != "open":
                continue
            if self._heard.hides_much(rule.speaker, from_ms, now_ms):
                self._items.by_rule(rule.tick, "unchecked", at_ms=now_ms, rule=rule.name)
        return self._look(now_ms)

    # ------------------------------------------------------------------ by hand

    def has_item(self, id_: str) -> bool:
        return id_ in self._items

    def by_hand(self, id_: str, now_ms: int, *, on: bool) -> list[Told]:
        self._items.by_hand(id_, on=on, at_ms=now_ms)
        return self._look(now_ms)

    # ------------------------------------------------------------------ what follows

    def _look(self, now_ms: int) -> list[Told]:
        """What has come to be so without a word."""
        told: list[Told] = []
        for ready in self._book.waiting:
            held = ready.rule.name in self._held
            holds = self._meets(ready.condition, now_ms)
            if holds and not held:
                self._held.add(ready.rule.name)
                told += self._met(ready, now_ms, "")
            elif held and not holds:
                self._held.discard(ready.rule.name)
        for deadline in self._deadlines.values():
            told += self._overdue(deadline, now_ms)
        return [*told, *self._items.news(lambda one: self._meets(one, now_ms))]

    def _meets(self, condition: Condition, at_ms: int) -> bool:
        return self._facts.meet(condition, self._book.vocabulary, at_ms)

    def _met(self, ready: Ready, at_ms: int, line: str) -> Iterable[Told]:
        rule = ready.rule
        self._note(rule.name, at_ms, line)
        deadline = self._deadlines.get(rule.name)
        if deadline is not None:
            deadline.said(at_ms)
            if deadline.state == "unchecked":
                return []
        late = deadline is not None and deadline.state == "late"
        if rule.tick:
            self._items.by_rule(
                rule.tick,
                "late" if late else "done",
                at_ms=at_ms,
                rule=rule.name,
                line=line,
            )
        if deadline is not None:
            return self._taken_back(deadline, line)
        return self._alert(ready, at_ms, line)

    def _note(self, name: str, at_ms: int, line: str) -> None:
        self._facts.applied.setdefault(name, at_ms)
        self.applied.append(Applied(rule=name, at_ms=at_ms, line=line))
        for deadline in self._deadlines.values():
            if deadline.ready.rule.when.after == name:
                deadline.run_from(at_ms)

    def _alert(self, ready: Ready, at_ms: int, line: str) -> list[Told]:
        rule = ready.rule
        last = self._alerted.get(rule.name)
        cooling = last is not None and at_ms - last < rule.cool_down_s * 1000
        if cooling or not (rule.alert or rule.payment):
            return []
        self._alerted[rule.name] = at_ms
        told: list[Told] = [StartPayment(rule.name)] if rule.payment else []
        if rule.alert:
            told.append(self._message(ready, lines=(line,) if line else ()))
        return told

    def _overdue(self, deadline: Deadline, now_ms: int) -> list[Told]:
        ready = deadline.ready
        passed = deadline.has_passed(now_ms)
        if not passed or not self._meets(ready.condition, now_ms):
            return []
        if not deadline.look(now_ms, self._heard):
            return []
        rule, missed = ready.rule, deadline.state == "missed"
        outcome: Literal["missed", "unchecked"] = "missed" if missed else "unchecked"
        at_ms = deadline.due_ms or now_ms
        self.applied.append(Applied(rule=rule.name, at_ms=at_ms, line="", outcome=outcome))
        if rule.tick:
            self._items.by_rule(rule.tick, outcome, at_ms=at_ms, rule=rule.name)
        # Where there is an item, it says so; an alert would claim that something is wrong.
        if not rule.alert or (rule.tick and not missed):
            return []
        if rule.tick and self._items.state(rule.tick) == "done":
            return []  # by hand
        alert = self._message(ready, state="raised" if missed else "unchecked")
        deadline.alert = alert.id
        return [alert]

    def _taken_back(self, deadline: Deadline, line: str) -> list[Told]:
        id_, deadline.alert = deadline.alert, ""
        if not id_:
            return []
        return [self._message(deadline.ready, state="over", lines=(line,), id_=id_)]

    def _message(
        self,
        ready: Ready,
        *,
        state: Literal["raised", "over", "unchecked"] = "raised",
        lines: tuple[str, ...] = (),
        id_: str = "",
    ) -> Alert:
        if not id_:
            self._alerts += 1
            id_ = f"rule-{self._alerts}"
        rule = ready.rule
        return Alert(
            id=id_,
            kind="rule",
            state=state,
            lines=lines,
            text=rule.text,
            severity=rule.severity,
            to=rule.alert,
            rule=rule.name,
        )


def _words(line: Transcript) -> list[Word]:
    """With their own times where the engine told them."""
    if not line.words:
        return [Word(word, line.start_ms) for word in words_of(line.text)]
    return [
        Word(text, word.start_ms) for word in line.words for text in words_of(word.text)
    ]
