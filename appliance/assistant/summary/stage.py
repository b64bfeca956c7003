"""Drafts for all calls: what was said comes in, summaries for the agents go out.

Nothing here waits while it is called. A call is read by the language worker while it goes
on, when that has nothing else to do; at the end, or when the agent asks, the draft is
written. If the model has not written it within PATIENCE_S, or is paused, or does not know
the language, the draft is what was said.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress

import anyio
from msgspec import Struct

from appliance.assistant.background import Background, run_through
from appliance.assistant.port import ForgetDraft, WriteDraft, pack, unpack_draft
from appliance.assistant.summary import draft
from appliance.assistant.summary.draft import Draft, Purpose
from appliance.assistant.summary.lines import Lines, Said
from appliance.errors import WorkerError
from appliance.messages import ChatLine, Summary, Transcript
from appliance.settings import AdviceSettings
from appliance.workers.port import Port

PATIENCE_S = 10.0

# Of new text, in characters, before the worker is asked to read on: half a minute of talk.
AHEAD = 300

# What the model was measured in. Told to summarise German it writes English.
LANGUAGES = ("", "en")

# Drafts of calls that are over, for pages that ask for them before they are recorded, or
# while they are written.
KEPT = 200


class _Call(Struct):
    """What is known of one call."""

    id: str
    lines: Lines
    language: str = ""  # the customer's
    unread: int = 0  # characters that the worker has not been asked to read
    reader: anyio.CancelScope | None = None
    drafts: int = 0
    writing: anyio.CancelScope | None = None


class Summaries(Background):
    """One for the whole box. Call its methods on the event loop that runs `run`."""

    def __init__(
        self,
        port: Port | None,
        settings: AdviceSettings,
        publish: Callable[[str, Summary], None],
    ) -> None:
        """Without a `port` to the language worker, every draft is what was said.
        `publish` must not block; it gets messages with `seq` 0."""
        super().__init__()
        self._port = port
        self._model = settings.model  # named in the drafts
        self._publish = publish
        self._calls: dict[str, _Call] = {}
        self._available = port is not None
        self._drafts: OrderedDict[str, Summary] = OrderedDict()
        self._over: dict[str, anyio.Event] = {}  # by call that is being written up
        self._scopes: set[anyio.CancelScope] = set()  # of the drafts that are written

    # ------------------------------------------------------------------ what happens

    def heard(self, call_id: str, line: Transcript | ChatLine) -> None:
        """A line of either person, or one that reads otherwise now; partials change
        nothing."""
        said = said_of(line)
        if said is None:
            return
        call = self._call(call_id)
        if call.lines.replace(said):
            return
        call.lines.add(said)
        call.unread += len(said.text)
        if isinstance(line, Transcript) and line.speaker == "customer" and line.language:
            call.language = line.language
        if call.unread >= AHEAD:
            self._read_ahead(call)

    def ask(self, call_id: str) -> None:
        """The agent wants a summary now, to hand the call over. While one is written,
        nothing more is."""
        call = self._call(call_id)
        if call.writing is None:
            self._write(call, "transfer")

    def end(self, call_id: str) -> None:
        """The call is over: write it up."""
        call = self._calls.pop(call_id, None)
        if call is None:
            return
        if call.reader is not None:
            call.reader.cancel()
        self.write_up(call_id, call.lines.all, call.language, call.lines, call.drafts)

    def write_up(
        self,
        call_id: str,
        said: Sequence[Said],
        language: str = "",
        lines: Lines | None = None,
        drafts: int = 0,
    ) -> None:
        """Draft what is to be recorded of a call that is over, of which there are so many
        drafts already."""
        if call_id in self._over or not said:
            return
        if lines is None:
            lines = Lines()
            for line in said:
                lines.add(line)
        self._over[call_id] = anyio.Event()
        call = _Call(id=call_id, lines=lines, language=language, drafts=drafts)
        self._write(call, "wrap_up")

    def set_available(self, available: bool) -> None:
        """The language worker went down or came back."""
        self._available = available and self._port is not None

    def hurry(self) -> None:
        """The box stops: nobody can wait for the model."""
        self._available = False
        for scope in self._scopes:
            scope.cancel()

    # ------------------------------------------------------------------ what is asked

    def writing(self, call_id: str) -> bool:
        """Whether the call is being written up."""
        return call_id in self._over

    def latest(self, call_id: str) -> Summary | None:
        """Of a call that is over, as far as it is written."""
        return self._drafts.get(call_id)

    def forget(self, call_id: str) -> None:
        """Of a call that is over, what was written."""
        self._drafts.pop(call_id, None)

    async def settled(self, call_id: str) -> None:
        """Return once the call is written up."""
        over = self._over.get(call_id)
        if over is not None:
            await over.wait()

    # ------------------------------------------------------------------ one call

    def _call(self, call_id: str) -> _Call:
        return self._calls.setdefault(call_id, _Call(id=call_id, lines=Lines()))

    def _knows(self, call: _Call) -> bool:
        return self._available and call.language.partition("-")[0] in LANGUAGES

    def _read_ahead(self, call: _Call) -> None:
        if call.reader is None and self._running and self._knows(call):
            call.unread, call.reader = 0, anyio.CancelScope()
            self._begin(self._read, call, call.reader)

    async def _read(self, call: _Call, scope: anyio.CancelScope) -> None:
        job = WriteDraft(call_id=call.id, said=call.lines.to_read(), ahead=True)
        with scope:
            if self._port is not None:
                await run_through(self._port, job)
        call.reader = None

    def _write(self, call: _Call, purpose: Purpose) -> None:
        call.drafts += 1
        id_ = f"{purpose}-{call.drafts}"
        said = list(call.lines.all)
        if self._port is None or not self._running or not self._knows(call):
            self._tell(call, draft.quoted(id_, purpose, said))
            self._finish(call, purpose)
            return
        own = Draft(id_, purpose, said, self._model)
        call.writing = anyio.CancelScope()
        self._scopes.add(call.writing)
        self._begin(self._draft, self._port, call, own, call.writing)

    async def _draft(
        self, port: Port, call: _Call, own: Draft, scope: anyio.CancelScope
    ) -> None:
        self._tell(call, own.begun)
        last = own.quoted
        job = WriteDraft(call_id=call.id, said=call.lines.to_read())
        scope.deadline = anyio.current_time() + PATIENCE_S
        with scope, suppress(WorkerError):
            async with aclosing(port(pack(job))) as replies:
                async for payload in replies:
                    shown = own.written(unpack_draft(payload))
                    if shown.is_final:
                        last = shown
                    else:
                        self._tell(call, shown)
        self._scopes.discard(scope)
        self._tell(call, last)
        self._finish(call, last.purpose)
        if last.purpose == "wrap_up" and self._available:
            await run_through(port, ForgetDraft(call_id=call.id))

    def _tell(self, call: _Call, summary: Summary) -> None:
        """Show a draft; of a call that is over to who asks, until it is finished."""
        if summary.purpose == "wrap_up":
            self._drafts[call.id] = summary
            self._drafts.move_to_end(call.id)
            if len(self._drafts) > KEPT:
                self._drafts.popitem(last=False)
        if summary.purpose == "transfer" or summary.is_final:
            self._publish(call.id, summary)

    def _finish(self, call: _Call, purpose: Purpose) -> None:
        call.writing = None
        over = self._over.pop(call.id, None) if purpose == "wrap_up" else None
        if over is not None:
            over.set()


def said_of(line: Transcript | ChatLine) -> Said | None:
    """None if nothing settled was said."""
    if isinstance(line, Transcript) and not line.is_final:
        return None
    text = " ".join(line.text.split())
    return Said(id=line.id, speaker=line.speaker, text=text) if text else None
