"""Moods for all calls: lines of customers come in, readings and alerts go out.

Nothing here waits while it is called: `heard` and `end` return at once. The lines of a call
are read one after the other in a task of their own, so that what is shown has the order of
what was said. The language model gets PATIENCE_S for a line, counted from when it was said;
then the word list reads it, so a call has at most the lines of PATIENCE_S waiting.
"""

from collections import deque
from collections.abc import Callable
from contextlib import suppress

import anyio
from msgspec import Struct

from appliance.assistant.background import Background
from appliance.assistant.mood import lexicon
from appliance.assistant.mood.course import Course, Reading
from appliance.assistant.mood.judge import Verdict, by_lexicon, by_model, log_shares, mean
from appliance.assistant.mood.prompt import CONTENT_FREE
from appliance.assistant.port import ReadMood, pack, unpack_mood
from appliance.errors import WorkerError
from appliance.messages import Alert, ChatLine, Sentiment, Transcript
from appliance.settings import AdviceSettings
from appliance.workers.port import Port, ask

# A mood that comes later than this is about something else by now.
PATIENCE_S = 6.0


class Said(Struct, frozen=True, kw_only=True):
    """A line of a customer."""

    id: str
    text: str
    start_ms: int
    end_ms: int
    language: str  # "" if not known
    until: float  # monotonic s; the word list reads it then


class _Call(Struct):
    """What is known of one call."""

    id: str
    course: Course
    waiting: deque[Said]
    scope: anyio.CancelScope | None = None  # of the task that reads


class Moods(Background):
    """One for the whole box. Call its methods on the event loop that runs `run`."""

    def __init__(
        self,
        port: Port | None,
        settings: AdviceSettings,
        publish: Callable[[str, Sentiment | Alert], None],
    ) -> None:
        """Without a `port` to the language worker, the word list reads everything.
        `publish` must not block; it gets messages with `seq` 0."""
        super().__init__()
        self._port = port
        self._enabled = settings.mood
        self._model = settings.model  # named in the readings
        self._publish = publish
        self._calls: dict[str, _Call] = {}
        self._available = port is not None
        self._content_free: dict[str, list[float]] = {}  # measured so far

    # ------------------------------------------------------------------ what happens

    def heard(self, call_id: str, line: Transcript | ChatLine) -> None:
        """A line of either person; only a customer's settled words are ever read."""
        if not self._enabled or line.speaker != "customer" or not line.text.strip():
            return
        if isinstance(line, Transcript) and not line.is_final:
            return
        call = self._calls.get(call_id)
        if call is None:
            call = self._calls[call_id] = _Call(
                id=call_id, course=Course(), waiting=deque()
            )
        call.waiting.append(_said(line, anyio.current_time() + PATIENCE_S))
        if call.scope is None and self._running:
            call.scope = anyio.CancelScope()
            self._begin(self._read, call, call.scope)

    def set_available(self, available: bool) -> None:
        """The language worker went down or came back."""
        self._available = available and self._port is not None

    def end(self, call_id: str) -> None:
        """The call is over: what still waits is read from the word list, at once."""
        call = self._calls.pop(call_id, None)
        if call is None:
            return
        if call.scope is not None:
            call.scope.cancel()
        while call.waiting:
            self._settle(call, None)

    # ------------------------------------------------------------------ one call

    async def _read(self, call: _Call, scope: anyio.CancelScope) -> None:
        with scope:
            while call.waiting:
                self._settle(call, await self._ask_model(call, call.waiting[0]))
            call.scope = None

    async def _ask_model(self, call: _Call, said: Said) -> Verdict | None:
        """None if the model is paused, busy or refuses."""
        if self._port is None or not self._available:
            return None
        with anyio.move_on_at(said.until), suppress(WorkerError):
            for text in CONTENT_FREE:
                if text not in self._content_free:
                    logits = await _logits(self._port, call.id, text)
                    self._content_free[text] = log_shares(logits)
            logits = await _logits(self._port, call.id, said.text)
            return by_model(said.text, logits, mean(self._content_free.values()))
        return None

    def _settle(self, call: _Call, verdict: Verdict | None) -> None:
        """Show how the oldest waiting line reads, if anything can tell: by the word list
        where the model did not, and only if that is of the line's language."""
        said = call.waiting.popleft()
        source = self._model
        if verdict is None:
            if said.language not in ("", lexicon.LANGUAGE):
                return
            verdict, source = by_lexicon(said.text), lexicon.NAME
        reading = Reading(
            line=said.id,
            start_ms=said.start_ms,
            end_ms=said.end_ms,
            label=verdict.label,
            score=verdict.score,
            confidence=verdict.confidence,
            source=source,
        )
        for message in call.course.add(reading):
            self._publish(call.id, message)


async def _logits(port: Port, call_id: str, text: str) -> tuple[float, ...]:
    job = ReadMood(call_id=call_id, text=text)
    return unpack_mood(await ask(port, pack(job))).logits


def _said(line: Transcript | ChatLine, until: float) -> Said:
    if isinstance(line, ChatLine):
        start_ms = end_ms = line.at_ms
        language = ""
    else:
        start_ms, end_ms, language = line.start_ms, line.end_ms, line.language
    return Said(
        id=line.id,
        text=line.text,
        start_ms=start_ms,
        end_ms=end_ms,
        language=language,
        until=until,
    )
