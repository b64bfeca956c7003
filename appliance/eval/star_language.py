"""What an agent does next, told by the language model alone: nothing is fitted.

It reads what a new agent would be shown, the actions of the task and a few typical calls of
it. Then it goes through a call, and before each thing that the agent did it fills in what
that will be, as the live engine does. Each task is read once, and each call,
so a decision costs little more than its label.
"""

import math
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from appliance.assistant.actions.features import START as BEGIN
from appliance.assistant.actions.features import Said
from appliance.assistant.actions.learning import Conversation, figures, guessed, guesses
from appliance.assistant.grammar import Choice, Grammar, Literal, Writer
from appliance.assistant.llama import Llama
from appliance.assistant.port import Likely
from appliance.assistant.prompt import END, START, Span
from appliance.assistant.seat import Entry, encode
from appliance.eval.star import QUERY, Asked, Star, drawn_calls
from appliance.eval.star_actions import Row

BATCH = 256
CELLS = 4096

EXAMPLES = 5  # calls of the task that it is shown
SHORTEST_EXAMPLE = 4  # actions
MOST_TURNS = 18  # of an example
TURN_CHARACTERS = 60  # a result of a search can be a page

PREFIX, CALL = 0, 1  # sequences in the KV cache
ACTION = f'{START}assistant\n{{"action":"'


class Shown(Struct, frozen=True, kw_only=True):
    """What it is shown of a task."""

    labels: tuple[str, ...]
    examples: list[Conversation]


def shown(star: Star, task: str) -> Shown:
    """From the training part."""
    asked = [one for one in star.learn if one.task.task == task]
    calls = dict.fromkeys(one.call for one in asked)
    return Shown(
        labels=tuple(sorted({one.decision.action for one in asked})),
        examples=typical([star.calls[number] for number in calls]),
    )


def typical(calls: Sequence[Conversation]) -> list[Conversation]:
    """Those whose actions follow one another most usually, no two with the same."""
    after: dict[str, Counter[str]] = defaultdict(Counter)
    for call in calls:
        for one, other in _steps(call):
            after[one][other] += 1

    def usual(call: Conversation) -> float:
        shares = [after[one][other] / after[one].total() for one, other in _steps(call)]
        return sum(map(math.log, shares)) / len(shares)

    found: dict[tuple[str, ...], Conversation] = {}
    for call in sorted(calls, key=usual, reverse=True):
        actions = tuple(turn.action for turn in call.turns if turn.action)
        if len(actions) >= SHORTEST_EXAMPLE:
            found.setdefault(actions, call)
        if len(found) == EXAMPLES:
            break
    return list(found.values())


def _steps(call: Conversation) -> list[tuple[str, str]]:
    return list(pairwise([BEGIN, *(turn.action for turn in call.turns if turn.action), ""]))


def spans(turns: Sequence[Said]) -> list[Span]:
    """Turns of a call as the model reads them; of the agent's, what they did."""
    found = []
    for turn in turns:
        acts = turn.speaker == "agent" or turn.action == QUERY
        if acts:
            found.append(Span(f'{ACTION}{turn.action or "other"}"}}{END}', control=True))
            continue
        role = "user" if turn.speaker == "customer" else "system"
        text = " ".join(turn.text.split())[:TURN_CHARACTERS]
        found += [
            Span(f"{START}{role}\n", control=True),
            Span(text, control=False),
            Span(END, control=True),
        ]
    return found


class Reader:
    """One model, and the task and the call that it has read."""

    def __init__(self, path: Path, threads: int) -> None:
        """Raises ModelError."""
        self._model = Llama(path, threads=threads, sequences=2, cells=CELLS, batch=BATCH)
        self._length = {PREFIX: 0, CALL: 0}  # tokens in the cache
        self._logits = 0  # where the last ones are

    def learn(self, task: Shown) -> None:
        """Forget the task before, and read this one."""
        for sequence in (PREFIX, CALL):
            self._cut(sequence, 0)
        told = f"You are an agent of a call centre. Actions: {', '.join(task.labels)}."
        call = Span(f"{START}system\nNew call{END}", control=True)
        said = [Span(f"{START}system\n{told}{END}", control=True)]
        for example in task.examples:
            said += [call, *spans(example.turns[:MOST_TURNS])]
        self._read(PREFIX, encode(self._model, [*said, call]))
        self._grammar = Grammar((Choice("action", task.labels), Literal('"')), self._model)

    def begin(self) -> None:
        """A call of this task."""
        self._cut(CALL, 0)
        self._model.share(PREFIX, CALL)
        self._length[CALL] = self._length[PREFIX]

    def hear(self, turns: Sequence[Said]) -> None:
        self._read(CALL, encode(self._model, spans(turns)))

    def next(self) -> Likely:
        """What the agent does now. The call stays as it was heard."""
        heard = self._length[CALL]
        writer = Writer(self._grammar)
        writer.begin()
        tokens = encode(self._model, [Span(ACTION, control=True)])
        while not writer.done:
            self._read(CALL, tokens)
            tokens = writer.take(self._model.logits(self._logits))
        self._cut(CALL, heard)
        return Likely(label=writer.fields["action"], confidence=writer.confidence)

    def _read(self, sequence: int, tokens: Sequence[int]) -> None:
        for start in range(0, len(tokens), BATCH):
            chunk = tokens[start : start + BATCH]
            first, last = self._length[sequence], len(chunk) - 1
            self._model.decode(
                [Entry(t, first + n, sequence, n == last) for n, t in enumerate(chunk)]
            )
            self._length[sequence] += len(chunk)
            self._logits = last

    def _cut(self, sequence: int, length: int) -> None:
        self._model.cut(sequence, length)
        self._length[sequence] = length


def evaluate(star: Star, model: Path, *, threads: int, calls: int, seed: int) -> Row:
    """Every decision of so many calls, task by task."""
    chosen = set(drawn_calls(star.scored, calls, seed))
    by_task: dict[str, dict[int, list[Asked]]] = defaultdict(lambda: defaultdict(list))
    for asked in star.scored:
        if asked.call in chosen:
            by_task[asked.task.task][asked.call].append(asked)
    reader = Reader(model, threads)
    held: list[Asked] = []
    told: list[Likely] = []
    spent = 0.0
    for task, of_task in by_task.items():
        reader.learn(shown(star, task))
        began = time.perf_counter()
        for decisions in of_task.values():
            held += decisions
            told += _of_call(reader, decisions)
        spent += time.perf_counter() - began
    known = guesses([asked.decision for asked in star.learn])
    wanted = [asked.decision for asked in held]
    return Row(
        way=f"language model, shown {EXAMPLES} calls of the task",
        figures=figures(wanted, told, guessed(wanted, known)),
        ms=spent * 1000 / max(len(held), 1),
    )


def _of_call(reader: Reader, decisions: Sequence[Asked]) -> list[Likely]:
    """In the order of the call, whose turns are read in passing."""
    reader.begin()
    heard, told = 0, []
    for asked in decisions:
        before = asked.decision.before
        reader.hear(before[heard:])
        heard = len(before)
        told.append(reader.next())
    return told
