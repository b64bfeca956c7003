"""The place in the language engine where lines are read for their mood, one at a time.

Its sequence in the KV cache is: the prefix of all such questions, read once, when the first
one comes | the line and what follows it, cut away when its answer is known.
"""

from collections import OrderedDict

from appliance.assistant.mood import prompt
from appliance.assistant.port import MoodScores, ReadMood, pack
from appliance.assistant.seat import Entry, Model, encode
from appliance.workers.port import Reply


class MoodSeat:
    """Lives as long as the engine, which lets it work when it has nothing else to do."""

    def __init__(self, model: Model, sequence: int) -> None:
        self._model = model
        self._sequence = sequence
        self._words = [model.tokens(word)[0] for word in prompt.ASKED]
        self._prefix = encode(model, prompt.prefix())
        # Not bounded here: the parent has at most one such job of each call out.
        self._waiting: OrderedDict[int, ReadMood] = OrderedDict()
        self._job: int | None = None  # whose line is being read
        self._held = 0  # tokens in the cache
        self._missing: list[int] = []  # to be read behind them

    @property
    def idle(self) -> bool:
        return self._job is None and not self._waiting

    def submit(self, job_id: int, job: ReadMood) -> None:
        self._waiting[job_id] = job

    def cancel(self, job_id: int) -> None:
        self._waiting.pop(job_id, None)
        if self._job == job_id:
            self._clear()

    def step(self, room: int) -> list[Reply]:
        """Decode at most `room` tokens of the oldest job."""
        if self._job is None:
            if not self._waiting:
                return []
            self._begin(*self._waiting.popitem(last=False))
        chunk = self._missing[:room]
        del self._missing[:room]
        last = len(chunk) - 1
        self._model.decode(
            [
                Entry(
                    token,
                    self._held + place,
                    self._sequence,
                    not self._missing and place == last,
                )
                for place, token in enumerate(chunk)
            ]
        )
        self._held += len(chunk)
        return [] if self._missing else [self._answer(last)]

    def _begin(self, job_id: int, job: ReadMood) -> None:
        unread = self._prefix[self._held :]
        self._job, self._missing = (
            job_id,
            unread + encode(self._model, prompt.question(job.text)),
        )

    def _answer(self, index: int) -> Reply:
        if self._job is None:
            raise AssertionError("an answer without a job")
        logits = self._model.logits(index)
        scores = MoodScores(logits=tuple(float(logits[word]) for word in self._words))
        reply = Reply(self._job, pack(scores))
        self._clear()
        return reply

    def _clear(self) -> None:
        """Keep as much of the prefix as has been read."""
        self._job, self._missing = None, []
        self._held = min(self._held, len(self._prefix))
        self._model.cut(self._sequence, self._held)
