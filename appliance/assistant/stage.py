"""Advice for all calls: what was said comes in, suggestions for the agents go out.

Joins the turn-taking of each call with the language worker. Nothing here waits while it
is called: `heard`, `ask`, `stop`, `pause` and `end` return at once, and what takes time
runs in the task group of `run`. A call has at most one task that asks and one that reads
ahead; a newer wish replaces an older one, so there is no queue to fill.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import aclosing
from typing import TypeAlias

import anyio
from msgspec import Struct

from appliance.assistant.actions.classifier import Talk
from appliance.assistant.actions.own import Own
from appliance.assistant.background import Background, run_through
from appliance.assistant.port import (
    Ask,
    Extend,
    Forget,
    Likely,
    Line,
    pack,
    unpack_delta,
)
from appliance.assistant.turn import Told, Turns, Wish
from appliance.errors import WorkerError, WorkerLost
from appliance.logged import about
from appliance.messages import AiSuggestion, Grounds, Transcript
from appliance.settings import AdviceSettings
from appliance.workers.port import Port

logger = logging.getLogger(__name__)

# Lines kept for each call, in characters for each token of the engine's context. A token
# is four to five characters of English; the engine drops lines by tokens, and this must
# keep more than it does, or it would read the call anew each time the window moves.
MOST, KEPT = 8, 6


# What advice in this call may rest on now, for this question of the agent if there is one.
GroundsOf: TypeAlias = Callable[[str, str], Awaitable[Grounds]]


class _Call(Struct):
    """What is known of one call."""

    id: str
    turns: Turns
    lines: list[Line] = []
    first: int = 0  # number of lines[0] in the call
    characters: int = 0
    saying: str = ""  # what the customer has said of a line that is not finished
    card: str = ""
    paused: bool = False
    asking: str | None = None  # suggestion whose task runs
    scope: anyio.CancelScope | None = None  # of that task
    reader: anyio.CancelScope | None = None  # of the task that reads ahead
    unread: bool = False  # lines have come since it, or the asking one, began
    talk: Talk | None = None  # as the site's classifier sees the call
    customer_ended_ms: int = 0  # when the customer's last line was over


class Assistant(Background):
    """One for the whole box. Call its methods on the event loop that runs `run`."""

    def __init__(
        self,
        port: Port,
        settings: AdviceSettings,
        publish: Callable[[str, AiSuggestion], None],
        grounds: GroundsOf | None = None,
        own_actions: Own | None = None,
    ) -> None:
        """`publish(call_id, message)` must not block; it gets each message once, in order,
        with `seq` 0. Without `grounds` advice rests on the call alone, where the
        site has no classifier among its `own_actions` the model chooses the action."""
        super().__init__()
        self._own_actions = own_actions
        self._port = port
        self._grounds = grounds
        self._characters = settings.context_tokens * MOST
        self._publish = publish
        self._calls: dict[str, _Call] = {}
        self._available = True

    @property
    def asking(self) -> int:
        """Calls whose advice is being written, or waits for the language model."""
        return sum(call.asking is not None for call in self._calls.values())

    # ------------------------------------------------------------------ what happens

    def heard(self, call_id: str, transcript: Transcript) -> None:
        """A transcript of either speaker; empty ones and the agent's partials change
        nothing."""
        text = transcript.text.strip()
        call = self._call(call_id)
        if not text or call.paused:
            return
        if transcript.is_final:
            self._heard_line(call, transcript, text)
        elif transcript.speaker == "customer":
            call.saying, call.unread = text, True
        self._read_ahead(call)

    def _heard_line(self, call: _Call, transcript: Transcript, text: str) -> None:
        self._keep(call, Line(transcript.speaker, text))
        call.unread = True
        if call.talk is not None:
            call.talk.heard(transcript.speaker, text)
        if transcript.speaker == "customer":
            call.saying, call.customer_ended_ms = "", transcript.end_ms
            told = call.turns.customer_said(transcript.id, text, self._likely(call))
        else:
            answers = transcript.start_ms >= call.customer_ended_ms
            told = call.turns.agent_said(text, answers=answers)
        self._do(call, told)

    def _likely(self, call: _Call) -> Likely | None:
        classifier = self._own_actions.classifier if self._own_actions else None
        if classifier is None or call.talk is None:
            return None
        return classifier.next(call.talk.turns)

    def know(self, call_id: str, card: str) -> None:
        """What is known about the customer, as text; given before anything is said."""
        self._call(call_id).card = card

    def ask(self, call_id: str, text: str) -> None:
        """The agent wants advice now, on `text` if there is any."""
        call = self._call(call_id)
        if not call.paused:
            self._do(call, call.turns.asked(text))

    def stop(self, call_id: str, suggestion_id: str) -> None:
        """Stop writing this one; what is written stays. Others are not touched."""
        call = self._call(call_id)
        self._do(call, call.turns.stop(suggestion_id))

    def pause(self, call_id: str, on: bool) -> None:
        """While paused, what is said is neither kept nor advised on."""
        call = self._call(call_id)
        call.paused = on
        if on:
            call.saying = ""
            self._do(call, call.turns.stop())

    def end(self, call_id: str) -> None:
        """The call is over and forgotten; the last method called for it."""
        call = self._calls.pop(call_id, None)
        if call is None:
            return
        self._do(call, call.turns.stop())
        if call.reader is not None:
            call.reader.cancel()
        # A worker that is down holds nothing to forget.
        if self._running and self._available:
            self._begin(run_through, self._port, Forget(call_id=call_id))

    def set_available(self, available: bool) -> None:
        """The language worker went down or came back."""
        self._available = available
        for call in list(self._calls.values()):
            self._do(call, call.turns.set_available(available))

    # ------------------------------------------------------------------ one call

    def _call(self, call_id: str) -> _Call:
        call = self._calls.get(call_id)
        if call is None:
            own = self._own_actions.classifier if self._own_actions else None
            call = self._calls[call_id] = _Call(
                id=call_id,
                turns=Turns(available=self._available),
                talk=Talk(own.line) if own else None,
            )
        return call

    def _keep(self, call: _Call, line: Line) -> None:
        call.lines.append(line)
        call.characters += len(line.text)
        if call.characters > self._characters:
            gone = 0
            while call.characters > self._characters * KEPT // MOST:
                call.characters -= len(call.lines[gone].text)
                gone += 1
            del call.lines[:gone]
            call.first += gone

    def _tell(self, call: _Call, messages: Iterable[AiSuggestion]) -> None:
        for message in messages:
            self._publish(call.id, message)

    def _do(self, call: _Call, told: Told) -> None:
        """Publish, end the task of a suggestion that is not live any more, start one."""
        self._tell(call, told.messages)
        live = call.turns.live
        if call.scope is not None and (live is None or live.id != call.asking):
            call.scope.cancel()
            call.scope = call.asking = None
        wish = told.wish
        # A task that still runs waits in the port for the next process: not twice.
        if wish is None or wish.suggestion_id == call.asking or not self._running:
            return
        call.asking, call.unread = wish.suggestion_id, False
        call.scope = anyio.CancelScope()
        self._begin(self._advise, call, wish, call.scope)

    async def _advise(self, call: _Call, wish: Wish, scope: anyio.CancelScope) -> None:
        with scope:
            again: Wish | None = wish
            while again is not None:
                again = await self._write(call, again)
        if call.scope is scope:
            call.scope = call.asking = None
            self._read_ahead(call)

    async def _write(self, call: _Call, wish: Wish) -> Wish | None:
        """Ask once. Returns the wish to ask again, if the process was lost."""
        grounds = Grounds()
        if self._grounds is not None:
            grounds = await self._grounds(call.id, wish.question)
            self._tell(call, call.turns.grounded(wish.suggestion_id, grounds).messages)
            if grounds.silent:
                return None
        job = Ask(
            call_id=call.id,
            first=call.first,
            lines=tuple(call.lines),
            card=call.card,
            question=wish.question,
            # Without the title, which the 0.5B takes for something that has happened.
            passages=tuple(source.text for source in grounds.sources),
            action=wish.action,
        )
        try:
            async with aclosing(self._port(pack(job))) as replies:
                async for reply in replies:
                    told = call.turns.wrote(wish.suggestion_id, unpack_delta(reply))
                    self._tell(call, told.messages)
            told = call.turns.failed(wish.suggestion_id)  # if it ended without an end
        except WorkerLost:
            logger.warning("The worker was lost in mid advice.", extra=about(call.id))
            told = call.turns.lost(wish.suggestion_id)
        except WorkerError as error:
            logger.warning("No advice: %s", error.problem, extra=about(call.id))
            told = call.turns.failed(wish.suggestion_id)
        self._tell(call, told.messages)
        return told.wish

    def _read_ahead(self, call: _Call) -> None:
        """Let the worker read what is new: a line costs least before advice on it is asked
        for, so one of the customer's is read while it is being said. What comes while a
        task reads, or while advice is written, is read together afterwards."""
        busy = call.asking is not None or call.reader is not None
        if call.unread and not busy and self._running and self._available:
            call.reader = anyio.CancelScope()
            self._begin(self._read, call, call.reader)

    async def _read(self, call: _Call, scope: anyio.CancelScope) -> None:
        with scope:
            while call.unread:
                call.unread = False
                saying = [Line("customer", call.saying)] if call.saying else []
                await run_through(
                    self._port,
                    Extend(
                        call_id=call.id,
                        first=call.first,
                        lines=(*call.lines, *saying),
                        card=call.card,
                    ),
                )
        call.reader = None
