"""Finds out who calls: names and numbers come in, the customer's card goes out.

Nothing here waits while it is called. Look-ups run one after the other in the task of
`run`, each some 20 ms in a thread.
"""

import logging
from collections.abc import Callable

import anyio
from msgspec import Struct

from appliance.customers.directory import Directory
from appliance.customers.link import Link, Source
from appliance.customers.rank import Hit
from appliance.customers.spoken import Clue, clues, ends_in_number
from appliance.errors import CustomersError
from appliance.logged import about
from appliance.messages import Customer, CustomerCard, Role

logger = logging.getLogger(__name__)

# Look-ups that wait: 100 calls in which somebody says their name at once. What does not fit
# is not looked up; the agent can still search.
WAITING = 200

# How often the file of customers is looked at for a new import. A glance at a folder.
LOOK_S = 1.0

# Clues kept for each call, to be looked up again when the data change.
MOST_CLUES = 20

# A name that only nearly fits is offered when it is at least so much like it.
ALIKE = 0.75
NEAR_OFFERED = 3
HITS = 10


class _Call(Struct):
    id: str
    link: Link
    clues: list[Clue] = []
    asked: str = ""  # what the agent said last
    before: str = ""  # what the customer said last, where a number may go on
    card: CustomerCard | None = None


class _Job(Struct):
    """A clue to look up, or with none what an agent chose."""

    call: _Call
    source: Source
    clue: Clue | None = None
    chosen: str = ""


class Desk:
    """One for the whole box. Call its methods on the event loop that runs `run`."""

    def __init__(
        self, directory: Directory, publish: Callable[[str, Customer], None]
    ) -> None:
        """`publish(call_id, message)` must not block; the message has `seq` 0."""
        self._directory = directory
        self._publish = publish
        self._calls: dict[str, _Call] = {}
        self._told = False  # that the customers cannot be read
        self._send, self._jobs = anyio.create_memory_object_stream[_Job](WAITING)

    async def run(self) -> None:
        """Until cancelled."""
        async with anyio.create_task_group() as work, self._send, self._jobs:
            work.start_soon(self._watch)
            async for job in self._jobs:
                try:
                    await self._do(job)
                except CustomersError as error:
                    facts = about(job.call.id)
                    logger.warning(
                        "A customer could not be looked up: %s", error, extra=facts
                    )
                del job  # or its call is kept until the next is looked up

    # ------------------------------------------------------------------ what happens

    def arrived(self, call_id: str, name: str, phone: str) -> None:
        """The customer of the call gave a name, or their number is known."""
        call = self._call(call_id)
        given = [Clue("number", phone)] if phone.strip() else []
        given += [Clue("name", name)] if len(name.split()) > 1 else []
        for clue in given:
            self._look_up(call, "start", clue)

    def heard(self, call_id: str, speaker: Role, text: str) -> None:
        """Somebody said or typed this."""
        call = self._call(call_id)
        if speaker == "agent":
            call.asked, call.before = text, ""
            return
        found = clues(text, call.asked, call.before)
        call.before = f"{call.before} {text}" if ends_in_number(text) else ""
        for clue in found:
            if clue not in call.clues:
                self._look_up(call, "said", clue)

    def choose(self, call_id: str, customer_id: str) -> None:
        """An agent says who it is; with "", that it is not the one shown."""
        self._put(_Job(self._call(call_id), "agent", chosen=customer_id))

    def end(self, call_id: str) -> None:
        """The call is over; the last method called for it."""
        self._calls.pop(call_id, None)

    # ------------------------------------------------------------------ one look-up

    def _call(self, call_id: str) -> _Call:
        if call_id not in self._calls:
            self._calls[call_id] = _Call(id=call_id, link=Link())
        return self._calls[call_id]

    def _look_up(self, call: _Call, source: Source, clue: Clue) -> None:
        call.clues = [*call.clues, clue][-MOST_CLUES:]
        if not call.link.settled:
            self._put(_Job(call, source, clue=clue))

    def _put(self, job: _Job) -> None:
        try:
            self._send.send_nowait(job)
        except anyio.WouldBlock:
            logger.warning("Too many customers to look up", extra=about(job.call.id))

    async def _do(self, job: _Job) -> None:
        call = job.call
        if job.clue is not None:
            hits = await self._directory_hits(job.clue)
            changed = call.link.found(job.source, hits)
        else:
            changed = await self._chosen(call, job.chosen)
        if changed and call.id in self._calls:
            await self._show(call)

    async def _chosen(self, call: _Call, customer_id: str) -> bool:
        if customer_id and await self._directory.card(customer_id) is None:
            return False
        return call.link.choose(customer_id)

    async def _directory_hits(self, clue: Clue) -> list[Hit]:
        if clue.kind == "name":
            return await self._named(clue.text.split())
        hits = await self._directory.search(clue.text, HITS, begun=False)
        wanted = ("email",) if clue.kind == "email" else ("id", "order", "phone")
        return [h for h in hits if h.matched in wanted and (h.exact or h.score >= ALIKE)]

    async def _named(self, words: list[str]) -> list[Hit]:
        """The customers of that name; of the words, the first two or more are it."""
        near: list[Hit] = []
        for count in range(len(words), 1, -1):
            hits = await self._directory.search(" ".join(words[:count]), HITS, begun=False)
            named = [hit for hit in hits if hit.matched == "name"]
            exact = [hit for hit in named if hit.exact]
            if exact:
                return exact
            near = [hit for hit in named if hit.score >= ALIKE] or near
        return near[:NEAR_OFFERED]

    async def _show(self, call: _Call) -> None:
        link = call.link
        call.card = (
            await self._directory.card(link.customer_id) if link.customer_id else None
        )
        if link.customer_id and call.card is None:
            link.gone()
        if call.id in self._calls:
            self._publish(
                call.id,
                Customer(
                    source=link.source,
                    card=call.card,
                    matched=link.matched,
                    candidates=link.candidates,
                ),
            )

    # ------------------------------------------------------------------ new data

    async def _watch(self) -> None:
        while True:
            if await self._directory.refresh():
                await self._look_at_all_again()
            if self._directory.problem is not None and not self._told:
                logger.error("the customers: %s", self._directory.problem)
            self._told = self._directory.problem is not None
            await anyio.sleep(LOOK_S)

    async def _look_at_all_again(self) -> None:
        # Not in `_watch`, whose names would keep a call that is over.
        for call in list(self._calls.values()):
            await self._look_again(call)

    async def _look_again(self, call: _Call) -> None:
        if not call.link.customer_id:
            for clue in call.clues:
                self._put(_Job(call, "data", clue=clue))
            return
        try:
            card = await self._directory.card(call.link.customer_id)
        except CustomersError:
            return
        if card != call.card:
            call.link.source = "data"
            await self._show(call)
