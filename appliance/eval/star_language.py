"""What an agent does next, told by the language model alone: no weights are fitted.

It reads what a new agent would be shown, the actions of the task and a few calls of it.
Then it goes through a call, and before each thing that the agent did it weighs what that
will be, with the model's own probability over the task's actions. One number is fitted, on
calls that are neither shown nor scored: the temperature, or the model would be too sure.

Of 200 decisions of the training part right, on the way here: .510 with five usual calls,
actions by their names and results as they stand; .630 with eight calls that cover most,
actions in words and results without their frame; .660 without JSON around the actions. The
model's prior taken out, measured over other calls of the task, gains nothing: .625 to .510.
"""

import math
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from msgspec import Struct

from appliance.assistant.actions.features import START as BEGIN
from appliance.assistant.actions.features import Said
from appliance.assistant.actions.learning import Conversation, figures, guessed, guesses
from appliance.assistant.calibration import best_temperature
from appliance.assistant.grammar import Choice, Grammar, Node
from appliance.assistant.llama import Llama
from appliance.assistant.port import Likely
from appliance.assistant.prompt import END, START, Span
from appliance.assistant.seat import Entry, encode
from appliance.eval.star import QUERY, Asked, Star, drawn_calls
from appliance.eval.star_actions import Row

BATCH = 256
CELLS = 4096

EXAMPLES = 8  # calls of the task that it is shown
SHORTEST_EXAMPLE, LONGEST_EXAMPLE = 3, 19  # actions
MOST_TURNS = 18  # of an example
TURN_CHARACTERS = 60  # a result of a search can be a page

# Calls that the temperature is fitted on, of all tasks together.
FITTED = 24

# Log probability below which it does not matter how it is shared among an action's kin.
LEAST = math.log(0.003)

PREFIX, CALL = 0, 1  # sequences in the KV cache
ACTION = f'{START}assistant\n"'

# Of a result: which service it is from, and the marks of JSON.
_FRAME = re.compile(r'^\[result\] \{"APIName": "[^"]*", |["{}\[\]]')


class Shown(Struct, frozen=True, kw_only=True):
    """What it is shown of a task."""

    words: dict[str, str]  # of each action
    examples: list[Conversation]


def shown(star: Star, task: str, hidden: set[int]) -> Shown:
    """From the training part, without the calls that are `hidden`."""
    asked = [one for one in star.learn if one.task.task == task]
    calls = dict.fromkeys(one.call for one in asked if one.call not in hidden)
    return Shown(
        words=in_words(task, {one.decision.action for one in asked}),
        examples=covering([star.calls[number] for number in calls]),
    )


def in_words(task: str, actions: set[str]) -> dict[str, str]:
    """Without what all names of a task begin with, unless that makes two the same."""
    kind = f"{task.partition('_')[0]} "
    words = {
        action: action.replace("_", " ").removeprefix(kind) for action in sorted(actions)
    }
    if len(set(words.values())) < len(words):
        return {action: action for action in words}
    return words


def covering(calls: Sequence[Conversation]) -> list[Conversation]:
    """Those in which most of what usually follows what is seen, the fullest last. Calls as
    they usually go are alike, and do not show what is done when something goes wrong."""
    steps = [_steps(call) for call in calls]
    common = Counter(step for of_call in steps for step in set(of_call))
    seen: Counter[tuple[str, str]] = Counter()

    def worth(place: int) -> float:
        fresh = sum(common[step] * 0.5 ** seen[step] for step in set(steps[place]))
        return fresh / math.pow(len(steps[place]), 0.7)

    left = [
        place
        for place, of_call in enumerate(steps)
        if SHORTEST_EXAMPLE < len(of_call) <= LONGEST_EXAMPLE + 1
    ]
    chosen: list[int] = []
    while left and len(chosen) < EXAMPLES:
        best = max(left, key=worth)
        left.remove(best)
        chosen.append(best)
        seen.update(set(steps[best]))
    return [calls[place] for place in reversed(chosen)]


def _steps(call: Conversation) -> list[tuple[str, str]]:
    return list(pairwise([BEGIN, *(turn.action for turn in call.turns if turn.action), ""]))


def spans(turns: Sequence[Said], words: dict[str, str]) -> list[Span]:
    """Turns of a call as the model reads them; of the agent's, what they did."""
    found = []
    for turn in turns:
        if turn.speaker == "agent" or turn.action == QUERY:
            done = words.get(turn.action, "other")
            found.append(Span(f'{ACTION}{done}"{END}', control=True))
            continue
        found += [
            Span(f"{START}{'user' if turn.speaker == 'customer' else 'system'}\n", True),
            Span(_text(turn), control=False),
            Span(END, control=True),
        ]
    return found


def _text(turn: Said) -> str:
    text = " ".join(turn.text.split())
    if turn.speaker == "system":
        text = f"Result: {_FRAME.sub('', text)}"
    return text[:TURN_CHARACTERS]


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
        self._task = task
        labels = tuple(task.words.values())
        told = f"You are an agent of a call centre. Actions: {', '.join(labels)}."
        call = Span(f"{START}system\nNew call{END}", control=True)
        said = [Span(f"{START}system\n{told}{END}", control=True)]
        for example in task.examples:
            said += [call, *spans(example.turns[:MOST_TURNS], task.words)]
        self._read(PREFIX, encode(self._model, [*said, call]))
        self._grammar = Grammar((Choice("action", labels),), self._model)

    def begin(self) -> None:
        """A call of this task."""
        self._cut(CALL, 0)
        self._model.share(PREFIX, CALL)
        self._length[CALL] = self._length[PREFIX]

    def hear(self, turns: Sequence[Said]) -> None:
        self._read(CALL, encode(self._model, spans(turns, self._task.words)))

    def odds(self) -> dict[str, float]:
        """Log probability of each action as what is done now. The call stays as it was."""
        heard = self._length[CALL]
        self._read(CALL, encode(self._model, [Span(ACTION, control=True)]))
        found: dict[str, float] = {}
        self._weigh(self._grammar.trees["action"], 0.0, found)
        self._cut(CALL, heard)
        return {action: found[words] for action, words in self._task.words.items()}

    def _weigh(self, node: Node, before: float, found: dict[str, float]) -> None:
        """Share out the probability of a fork, which was read, among what is behind it."""
        tokens = list(node.children)
        ends = [] if node.label is None else [self._grammar.quote]
        logits = self._model.logits(self._logits)[[*tokens, *ends]].astype(float)
        shares = before + logits - np.logaddexp.reduce(logits)
        if node.label is not None:
            found[node.label] = float(shares[-1])
        here = self._length[CALL]
        for token, share in zip(tokens, shares.tolist(), strict=False):
            run, child = _until_fork(token, node.children[token])
            kin = list(_labels(child))
            if len(kin) == 1 or share < LEAST:
                found |= dict.fromkeys(kin, share - math.log(len(kin)))
                continue
            self._read(CALL, run)
            self._weigh(child, share, found)
            self._cut(CALL, here)

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


def _until_fork(token: int, node: Node) -> tuple[list[int], Node]:
    run = [token]
    while len(node.children) == 1 and node.label is None:
        [(token, node)] = node.children.items()
        run.append(token)
    return run, node


def _labels(node: Node) -> Iterator[str]:
    if node.label is not None:
        yield node.label
    for child in node.children.values():
        yield from _labels(child)


class Weighed(Struct, frozen=True):
    asked: Asked
    odds: dict[str, float]  # log probabilities


def likely(odds: dict[str, float], temperature: float) -> Likely:
    label = max(odds, key=odds.__getitem__)
    shares = np.array(list(odds.values())) / temperature
    total = np.logaddexp.reduce(shares)
    return Likely(label=label, confidence=math.exp(odds[label] / temperature - total))


def fitted_temperature(weighed: Sequence[Weighed]) -> float:
    """Tasks have other actions, and each task as many as it has."""
    most = max(len(one.odds) for one in weighed)
    odds = np.full((len(weighed), most), -np.inf)
    truth = []
    for row, one in zip(odds, weighed, strict=True):
        row[: len(one.odds)] = list(one.odds.values())
        truth.append(list(one.odds).index(one.asked.decision.action))
    return best_temperature(odds, np.array(truth))


def evaluate(star: Star, model: Path, *, threads: int, calls: int, seed: int) -> Row:
    """Every decision of so many calls, task by task."""
    scored = set(drawn_calls(star.scored, calls, seed))
    fitted = set(drawn_calls(star.learn, FITTED, seed))
    by_task: dict[str, dict[int, list[Asked]]] = defaultdict(lambda: defaultdict(list))
    for asked in (*star.scored, *star.learn):
        if asked.call in scored or asked.call in fitted:
            by_task[asked.task.task][asked.call].append(asked)
    reader = Reader(model, threads)
    weighed: list[Weighed] = []
    spent = 0.0
    for task, of_task in by_task.items():
        reader.learn(shown(star, task, fitted))
        began = time.perf_counter()
        for decisions in of_task.values():
            weighed += _of_call(reader, decisions)
        spent += time.perf_counter() - began
    temperature = fitted_temperature([w for w in weighed if w.asked.call in fitted])
    held = [one for one in weighed if one.asked.call in scored]
    wanted = [one.asked.decision for one in held]
    known = guesses([asked.decision for asked in star.learn])
    return Row(
        way=f"language model, shown {EXAMPLES} calls of the task",
        figures=figures(
            wanted,
            [likely(one.odds, temperature) for one in held],
            guessed(wanted, known),
        ),
        ms=spent * 1000 / max(len(weighed), 1),
    )


def _of_call(reader: Reader, decisions: Sequence[Asked]) -> list[Weighed]:
    """In the order of the call, whose turns are read in passing."""
    reader.begin()
    heard, found = 0, []
    for asked in decisions:
        before = asked.decision.before
        reader.hear(before[heard:])
        heard = len(before)
        found.append(Weighed(asked, reader.odds()))
    return found
