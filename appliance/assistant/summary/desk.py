"""The places in the language engine where calls are written up.

Apart from the calls' own seats, because another prompt stands before the call; see
`summary.prompt`. A sequence of the KV cache is here, in this order:

    prefix, shared by all | held: the call as read so far | form, while one is filled in

Calls are read while they go on, when the engine has nothing else to do, so that at the end
only the form is left.
"""

from collections import OrderedDict
from collections.abc import Sequence

from appliance.assistant.grammar import Grammar, Logits
from appliance.assistant.port import DraftDelta, WriteDraft, pack
from appliance.assistant.seat import Entry, Model, common, encode
from appliance.assistant.summary import prompt
from appliance.assistant.summary.writer import DraftWriter, Prior
from appliance.workers.port import Reply

# Calls that are read or written up at once. More take turns.
PLACES = 3

# Of one call's lines, in tokens; the parent sends about half of it. What is more is left
# out from behind the beginning, where the matter is.
MOST = 900
KEPT_BEGINNING = MOST // 3

FORM_ROOM = 128  # tokens


class Place:
    def __init__(self, sequence: int) -> None:
        self.sequence = sequence
        self.call_id = ""
        self.held: list[int] = []
        self.missing: list[int] = []
        self.form: list[int] = []  # to feed behind the call
        self.fed = 0  # of the form and the answer
        self.job: int | None = None
        self.writer: DraftWriter | None = None
        self.shown = DraftDelta()
        self.touched = 0

    @property
    def busy(self) -> bool:
        return self.job is not None


class DraftDesk:
    """Lives as long as the engine, which asks it for what to decode."""

    def __init__(self, model: Model, sequence: int, dispositions: Sequence[str]) -> None:
        """Takes PLACES + 1 sequences from `sequence` on."""
        self._model = model
        self._shared = sequence
        self._dispositions = {prompt.in_words(one): one for one in dispositions}
        self._grammar = Grammar(prompt.form(dispositions), model)
        self._prefix = encode(model, prompt.prefix(dispositions))
        self._read = 0  # of the prefix, in the shared sequence
        self._prior = Prior(self._grammar)
        # Behind the prefix, until the prior is known.
        self._nothing = encode(model, prompt.nothing()) + self._prior.begin()
        self._tried = 0  # tokens of it
        self._places = [Place(sequence + 1 + number) for number in range(PLACES)]
        # Not bounded here: the parent has at most one such job of each call out.
        self._waiting: OrderedDict[int, WriteDraft] = OrderedDict()
        self._out: list[Reply] = []
        self._jobs = 0
        self._wanted: tuple[Place, int] | None = None  # whose logits come next
        self._asked: int | None = None  # entry after which the prior is told

    @property
    def idle(self) -> bool:
        return not self._waiting and not self._out and not any(p.busy for p in self._places)

    @property
    def writing(self) -> bool:
        """Somebody waits for a draft."""
        return any(not job.ahead for job in self._waiting.values()) or any(
            place.writer is not None for place in self._places
        )

    def submit(self, job_id: int, job: WriteDraft) -> None:
        self._waiting[job_id] = job

    def cancel(self, job_id: int) -> None:
        self._waiting.pop(job_id, None)
        for place in self._places:
            if place.job == job_id:
                self._stop(place)

    def forget(self, call_id: str) -> None:
        for place in self._places:
            if place.call_id == call_id and not place.busy:
                self._model.cut(place.sequence, 0)
                place.call_id, place.held = "", []

    # ------------------------------------------------------------------ decoding

    def feed(self, room: int) -> list[Entry]:
        """The next tokens, at most `room`, of the draft that was asked for first; without
        any, of a call that is read ahead."""
        self._admit()
        busy = [place for place in self._places if place.busy]
        place = min(busy, key=lambda p: (p.writer is None, p.touched), default=None)
        if place is None:
            return []
        if self._read < len(self._prefix):
            return self._read_prefix(room)
        if self._nothing:
            return self._read_nothing(room)
        entries = self._next(place, room)
        if entries and entries[-1].wanted:
            self._wanted = (place, len(entries) - 1)
        return entries

    def decoded(self, first: int) -> list[Reply]:
        """The model has decoded what was fed, as entry `first` and those behind it of its
        batch. What is to be answered."""
        if self._asked is not None:
            self._nothing = self._prior.take(self._model.logits(first + self._asked))
            self._asked = None
            if not self._nothing:
                self._model.cut(self._shared, len(self._prefix))
        if self._wanted is not None:
            place, index = self._wanted
            self._wanted = None
            if place.writer is not None and place.job is not None:
                self._write(place, place.writer, self._model.logits(first + index))
        out, self._out = self._out, []
        return out

    def _write(self, place: Place, writer: DraftWriter, logits: Logits) -> None:
        place.form = writer.take(logits)
        fields, sure = writer.fields, writer.sure
        delta = DraftDelta(
            situation=fields[prompt.SITUATION],
            action=fields[prompt.ACTION],
            resolved=fields[prompt.RESOLVED],
            resolved_sure=sure.get(prompt.RESOLVED, 0.0),
            disposition=self._dispositions.get(fields[prompt.DISPOSITION], ""),
            disposition_sure=sure.get(prompt.DISPOSITION, 0.0),
            done=writer.done,
        )
        if delta != place.shown and place.job is not None:
            place.shown = delta
            self._out.append(Reply(place.job, pack(delta), last=delta.done))
        if writer.done:
            self._stop(place)

    # ------------------------------------------------------------------ places

    def _admit(self) -> None:
        """Drafts before reading ahead, which never takes a place that was in use."""
        for ahead in (False, True):
            for job_id, job in list(self._waiting.items()):
                if job.ahead is not ahead:
                    continue
                place = self._place_for(job)
                if place is not None:
                    del self._waiting[job_id]
                    self._begin(place, job_id, job)
                elif ahead:
                    del self._waiting[job_id]
                    self._out.append(Reply(job_id, b"", last=True))

    def _place_for(self, job: WriteDraft) -> Place | None:
        own = next((p for p in self._places if p.call_id == job.call_id), None)
        if own is not None:
            if own.busy and not job.ahead and own.writer is None:
                self._end_reading(own)
            return None if own.busy else own
        free = [p for p in self._places if not p.busy and (not p.call_id or not job.ahead)]
        return min(free, key=lambda p: (bool(p.call_id), p.touched), default=None)

    def _end_reading(self, place: Place) -> None:
        if place.job is not None:
            self._out.append(Reply(place.job, b"", last=True))
        self._stop(place)

    def _begin(self, place: Place, job_id: int, job: WriteDraft) -> None:
        self._jobs += 1
        place.job, place.touched = job_id, self._jobs
        if place.call_id != job.call_id:
            self._model.cut(place.sequence, 0)
            place.call_id, place.held = job.call_id, []
        wanted = _shortened(encode(self._model, prompt.call(job.said)))
        same = common(place.held, wanted)
        del place.held[same:]
        self._model.cut(place.sequence, len(self._prefix) + same)
        place.missing = wanted[same:]
        place.shown, place.fed = DraftDelta(), 0
        if not job.ahead:
            place.writer = DraftWriter(self._grammar, job.said, self._prior.bias)
            place.form = encode(self._model, prompt.task()) + place.writer.begin()

    def _stop(self, place: Place) -> None:
        """The call stays read, for the next time."""
        place.job = place.writer = None
        place.form, place.missing = [], []
        if place.fed:
            self._model.cut(place.sequence, len(self._prefix) + len(place.held))
            place.fed = 0

    def _read_prefix(self, room: int) -> list[Entry]:
        start = self._read
        tokens = self._prefix[start : start + room]
        self._read += len(tokens)
        return [Entry(t, start + i, self._shared, False) for i, t in enumerate(tokens)]

    def _read_nothing(self, room: int) -> list[Entry]:
        start = len(self._prefix) + self._tried
        tokens = self._nothing[:room]
        self._nothing = self._nothing[room:]
        self._tried += len(tokens)
        if not self._nothing:
            self._asked = len(tokens) - 1
        return [
            Entry(t, start + i, self._shared, i == self._asked)
            for i, t in enumerate(tokens)
        ]

    def _next(self, place: Place, room: int) -> list[Entry]:
        if not place.held and not place.fed:
            self._model.cut(place.sequence, 0)
            self._model.share(self._shared, place.sequence)
        reading = place.missing[:room]
        filling = place.form[: room - len(reading)]
        ready = bool(filling) and len(filling) == len(place.form)
        start = len(self._prefix) + len(place.held) + place.fed
        place.held += reading
        place.fed += len(filling)
        del place.missing[: len(reading)]
        del place.form[: len(filling)]
        if place.writer is None and not place.missing:
            self._end_reading(place)
        last = len(reading) + len(filling) - 1
        return [
            Entry(token, start + i, place.sequence, ready and i == last)
            for i, token in enumerate(reading + filling)
        ]


def _shortened(tokens: list[int]) -> list[int]:
    if len(tokens) <= MOST:
        return tokens
    return tokens[:KEPT_BEGINNING] + tokens[KEPT_BEGINNING - MOST :]


def room(dispositions: Sequence[str]) -> int:
    """Cells for the prefix and every place, at three characters a token."""
    characters = sum(len(span.text) for span in prompt.prefix(dispositions))
    return characters // 3 + PLACES * (MOST + FORM_ROOM)
