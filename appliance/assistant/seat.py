"""The place of one call in the language engine: what of it is read, and what is not yet.

A seat's sequence in the KV cache is, in this order:

    shared prefix | held: the call as read so far | task and answer, while one is written

Reading is by difference: a call is laid out whole, compared with what is held, and only
what differs is cut and read. So a line that was added, a turn that grew and a call that
the worker has never seen are one case.
"""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple, Protocol

from appliance.assistant import prompt
from appliance.assistant.grammar import Logits, Vocabulary, Writer
from appliance.assistant.port import AdviceDelta, Ask, Extend


class Entry(NamedTuple):
    """One token of a batch."""

    token: int
    position: int
    sequence: int
    wanted: bool  # whether its logits will be read


class Model(Vocabulary, Protocol):
    """A language model whose KV cache holds many sequences."""

    batch: int  # tokens at most in one decode

    def decode(self, entries: Sequence[Entry]) -> None: ...

    def logits(self, index: int) -> Logits:
        """Scores after entry `index` of the last batch; valid until the next."""
        ...

    def share(self, source: int, target: int) -> None: ...

    def cut(self, sequence: int, start: int, end: int = -1) -> None: ...

    def slide(self, sequence: int, start: int, by: int) -> None: ...


class Writing(NamedTuple):
    """An Ask that is being answered."""

    job_id: int
    writer: Writer


def encode(vocabulary: Vocabulary, spans: Sequence[prompt.Span]) -> list[int]:
    return [
        token
        for span in spans
        for token in vocabulary.tokens(span.text, special=span.control)
    ]


class Seat:
    """Lives as long as the engine; calls come and go."""

    def __init__(self, model: Model, sequence: int, base: int, limit: int) -> None:
        """`base` tokens of shared prefix; `limit` tokens of one call at most."""
        self.model = model
        self.sequence = sequence
        self.base = base
        self.limit = limit
        self.call_id: str | None = None
        self.first = 0  # number of the oldest line kept
        self.held: list[int] = []  # the call's tokens in the cache
        self.missing: list[int] = []  # those to be read behind them
        self.reader: int | None = None  # job id of the Extend that waits for `missing`
        self.writing: Writing | None = None
        self.task: list[int] = []  # tokens to feed behind the call, for the answer
        self.fed = 0  # how many of them, and of the answer, are in the cache
        self.shown = AdviceDelta()
        self.touched = 0  # the engine's count of jobs when this seat was last used

    @property
    def pending(self) -> int:
        return len(self.missing) + len(self.task)

    def take_in(self, call_id: str) -> None:
        """Give the place to another call."""
        self.clear()
        self.call_id = call_id
        self.model.share(0, self.sequence)

    def clear(self) -> None:
        self.model.cut(self.sequence, 0)
        self.call_id, self.first = None, 0
        self.held, self.missing, self.task, self.fed = [], [], [], 0
        self.reader = self.writing = None

    def lay_out(self, job: Extend) -> None:
        """Find out what is to be read. Not while an answer is being written."""
        start = max(self.first, job.first)
        lines = job.lines[start - job.first :]
        head = encode(self.model, prompt.head(job.card))
        turns = prompt.turns(lines, start)
        encoded = [encode(self.model, prompt.turn_spans(turn)) for turn in turns]
        gone = prompt.drop([len(tokens) for tokens in encoded], self.limit - len(head))
        if gone:
            self.first = turns[gone].first
            self._close_up(head, list(chain.from_iterable(encoded[:gone])))
        wanted = head + list(chain.from_iterable(encoded[gone:]))
        same = common(self.held, wanted)
        if same < len(self.held):
            self.model.cut(self.sequence, self.base + same)
            del self.held[same:]
        self.missing = wanted[same:]

    def _close_up(self, head: list[int], gone: list[int]) -> None:
        """Take `gone` out from behind the head and move up what follows.

        That costs one rotation of the cached keys, 0.2 s; reading three fifths of 1024
        tokens again would take 3 s. What stays was computed while it could see what
        is gone, which does not show in the answers.
        """
        middle = len(head) + len(gone)
        if self.held[:middle] != head + gone:
            return
        start = self.base + len(head)
        self.model.cut(self.sequence, start, start + len(gone))
        self.model.slide(self.sequence, start + len(gone), -len(gone))
        del self.held[len(head) : middle]

    def start(self, job_id: int, writer: Writer, job: Ask) -> None:
        self.writing = Writing(job_id, writer)
        asked = prompt.task(job.question, job.passages)
        self.task = encode(self.model, asked) + writer.begin()
        self.fed = 0
        self.shown = AdviceDelta()

    def stop(self) -> None:
        """Leave the answer as it is; the call stays read."""
        self.writing = None
        self.task = []
        if self.fed:
            self.model.cut(self.sequence, self.base + len(self.held))
            self.fed = 0

    def feed(self, room: int) -> list[Entry]:
        """The next tokens, at most `room`, now counted as being in the cache. The last
        one's logits are wanted if the answer goes on from it."""
        reading = self.missing[:room]
        asking = self.task[: room - len(reading)]
        ready = bool(asking) and len(asking) == len(self.task)
        start = self.base + len(self.held) + self.fed
        self.held += reading
        self.fed += len(asking)
        del self.missing[: len(reading)]
        del self.task[: len(asking)]
        tokens = reading + asking
        return [
            Entry(token, start + i, self.sequence, ready and i == len(tokens) - 1)
            for i, token in enumerate(tokens)
        ]


def common(held: list[int], wanted: list[int]) -> int:
    """How many tokens at the beginning are the same."""
    for i, (ours, theirs) in enumerate(zip(held, wanted, strict=False)):
        if ours != theirs:
            return i
    return min(len(held), len(wanted))
