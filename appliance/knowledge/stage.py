"""What advice may rest on, for all calls: lines come in, passages with their line go out.

`heard`, `know` and `end` return at once. Looking up is done when advice is wanted, in the
knowledge worker: each line of the customer once, in the order in which they were said.
"""

import logging

from msgspec import Struct

from appliance.errors import WorkerError
from appliance.knowledge.index import Entry, Hit
from appliance.knowledge.port import Find, pack, unpack_found
from appliance.knowledge.topic import Topic
from appliance.logged import about
from appliance.messages import Grounds, Role, Source, Transcript
from appliance.settings import KnowledgeSettings
from appliance.workers.port import Port, ask

logger = logging.getLogger(__name__)

# Lines whose names count: those of some minutes.
LINES = 40

# What a customer says in pieces, up to this many characters, is asked as one.
TURN_CHARACTERS = 300

# "My checking account" says nothing without the question it answers.
ANSWER_WORDS = 5

# Passages looked at for a line: enough for several articles to be among them.
HITS = 12


class Said(Struct, frozen=True):
    id: str
    speaker: Role
    text: str


class _Call(Struct):
    """What is known of one call."""

    topic: Topic
    lines: list[Said] = []
    looked: int = 0  # lines that have been looked up, or need not be
    card: str = ""
    articles: int = 0  # that there were at the last look


class Knowledge:
    """One for the whole box. Call its methods on the event loop."""

    def __init__(self, port: Port | None, settings: KnowledgeSettings) -> None:
        """Without a `port` to the knowledge worker nothing is found."""
        self._port = port
        self._settings = settings
        self._calls: dict[str, _Call] = {}

    def heard(self, call_id: str, transcript: Transcript) -> None:
        """A transcript of either speaker; only finals with text change anything."""
        text = transcript.text.strip()
        if not transcript.is_final or not text or self._port is None:
            return
        call = self._call(call_id)
        call.lines.append(Said(transcript.id, transcript.speaker, text))
        gone = max(0, len(call.lines) - LINES)
        del call.lines[:gone]
        call.looked = max(0, call.looked - gone)

    def know(self, call_id: str, card: str) -> None:
        """What is known about the customer, as text: names in it count, too."""
        self._call(call_id).card = card

    def end(self, call_id: str) -> None:
        """The call is over; the last method called for it."""
        self._calls.pop(call_id, None)

    async def grounds(self, call_id: str, question: str) -> Grounds:
        """What advice may rest on now; for `question` if the agent has one."""
        call = self._call(call_id)
        try:
            if question:
                return await self._for_question(call, question)
            await self._look_up(call)
        except WorkerError as error:
            facts = about(call_id)
            logger.warning("Nothing could be looked up: %s", error.problem, extra=facts)
            return self._nothing(call)
        lead = call.topic.best(self._settings.threshold)
        if lead is None:
            return self._nothing(call)
        source = source_of(lead.hit.entry, lead.probability)
        return Grounds(sources=(source,), trigger=lead.line)

    # ------------------------------------------------------------------ one call

    def _call(self, call_id: str) -> _Call:
        if call_id not in self._calls:
            self._calls[call_id] = _Call(topic=Topic())
        return self._calls[call_id]

    def _nothing(self, call: _Call) -> Grounds:
        allowed = self._settings.ungrounded
        return Grounds(
            silent=allowed == "never" or (allowed == "auto" and call.articles > 0)
        )

    async def _for_question(self, call: _Call, question: str) -> Grounds:
        hits = await self._find(call, question, len(call.lines))
        if not hits or hits[0].probability < self._settings.threshold:
            return self._nothing(call)
        return Grounds(sources=(source_of(hits[0].entry, hits[0].probability),))

    async def _look_up(self, call: _Call) -> None:
        """The lines of the customer that have not been looked up yet."""
        while call.looked < len(call.lines):
            place = call.looked
            line = call.lines[place]
            if line.speaker == "customer":
                asked, start = _turn(call.lines[: place + 1])
                hits = await self._find(call, asked, start)
                call.topic.heard(line.id, hits, new_turn=start == place)
            call.looked += 1  # counted anew meanwhile if old lines were let go

    async def _find(self, call: _Call, asked: str, before: int) -> tuple[Hit, ...]:
        if self._port is None:
            return ()
        said = [call.card] if call.card else []
        said += [line.text for line in call.lines[:before]]
        job = Find(asked=asked, before=tuple(said), most=HITS)
        found = unpack_found(await ask(self._port, pack(job)))
        call.articles = found.articles
        return found.hits


def source_of(entry: Entry, probability: float) -> Source:
    passage = entry.passage
    return Source(
        article=entry.article,
        version=entry.version,
        title=entry.title,
        section=passage.section,
        text=passage.text,
        steps=passage.steps,
        first_step=passage.first_step,
        probability=probability,
    )


def _turn(lines: list[Said]) -> tuple[str, int]:
    """What the last speaker has said without a break, as far as it fits, behind what was
    asked of them if that is an answer of a word or two; and the place where their turn
    begins."""
    start = len(lines) - 1
    asked = lines[start].text
    while start > 0 and lines[start - 1].speaker == lines[-1].speaker:
        longer = f"{lines[start - 1].text} {asked}"
        if len(longer) > TURN_CHARACTERS:
            break
        start, asked = start - 1, longer
    if start > 0 and len(asked.split()) <= ANSWER_WORDS:
        asked = f"{lines[start - 1].text} {asked}"
    return asked, start
