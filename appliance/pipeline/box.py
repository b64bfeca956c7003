"""Everything that serves calls: the people, the stages and the model processes."""

import time

import anyio
from anyio import to_thread

from appliance.calls.outbox import Outbox
from appliance.calls.registry import Call, Registry
from appliance.calls.room import Room
from appliance.customers.directory import Directory
from appliance.errors import CallError
from appliance.messages import Customer, Partner, Role, Sent, Status
from appliance.pipeline.archive import Archive
from appliance.pipeline.board import Board
from appliance.pipeline.call import LiveCall
from appliance.pipeline.drafts import Drafts
from appliance.pipeline.endings import Endings
from appliance.pipeline.floor import Floor
from appliance.pipeline.gallery import Gallery
from appliance.pipeline.parts import Models, Parts
from appliance.pipeline.shifts import Shifts
from appliance.pipeline.stages import Outlets, Stages, office
from appliance.pipeline.welcome import welcome
from appliance.received import ClientHello, Resume
from appliance.reporting.desk import Reporting
from appliance.reporting.lookout import Lookout
from appliance.settings import Settings
from appliance.store.event import CallStarted, Joined, Left
from appliance.store.writer import Store
from appliance.transcriber.language import Languages

TICK_S = 0.5


class Box:
    def __init__(
        self, settings: Settings, store: Store, models: Models, customers: Directory
    ) -> None:
        self.settings = settings
        self.customers = customers
        self.articles = office(settings, models, customers)
        self.store = store
        self.models = models
        self.reporting = Reporting(settings.reporting, store)
        self.lookout = Lookout(settings.reporting, self.reporting)
        self.registry = Registry(settings.calls)
        self.shifts = Shifts(store)
        self.floor = Floor(settings.calls, self.registry, self._customer_of, self.shifts)
        self._live: dict[str, LiveCall] = {}
        outlets = Outlets(
            publish=self._publish,
            on_customer=self._on_customer,
            on_load=self._tell_states,
            hang_up=lambda call: self.endings.later(call, "hangup"),
            pay=self._pay,
        )
        self._stages = Stages.build(settings, store, models, customers, outlets)
        self.publisher = self._stages.publisher
        self.tally = self._stages.tally
        self.drafts = Drafts(self._stages.summaries, store)
        self.rules = self._stages.rules
        self.redacted = self._stages.redacted
        self.parts = Parts(models, self._stages.hearing)
        self.gallery = Gallery(settings.listening, self.publisher, self.parts, self._live)
        recorder = self._stages.recorder
        self.archive = Archive(recorder, store, reads=self._stages.hearing is not None)
        self.board = Board(
            self._live.values,
            self.floor.agents,
            self.parts,
            lambda: self.store.failing,
            lambda: recorder.state,
            lambda: self.lookout.raised,
        )
        self.endings = Endings(
            self._live, self.registry, self._stages, self.floor, self.archive
        )
        for worker in models.all():
            worker.on_state = lambda _: self._tell_states()

    # ------------------------------------------------------------------ running

    async def run(self) -> None:
        """Serve until cancelled; then end every call in order."""
        async with anyio.create_task_group() as work:
            for worker in self.models.all():
                work.start_soon(worker.run)
            work.start_soon(self._stages.run)
            work.start_soon(self._tick)
            work.start_soon(self.lookout.run)
            work.start_soon(self.archive.run)
            work.start_soon(self.endings.run)

    async def ready(self) -> None:
        """Return once each model process has started, or failed to."""
        for worker in self.models.all():
            await worker.settled()

    async def close(self) -> None:
        """The server stops: settle what was said as far as it goes quickly."""
        await self.endings.close()
        self.shifts.close()
        await to_thread.run_sync(self.archive.recorder.close)

    async def _tick(self) -> None:
        while True:
            await anyio.sleep(TICK_S)
            self._look()
            self._tell_states()
            self._give_room()
            self.floor.tick()
            self.board.tick()

    def _look(self) -> None:
        # Not in `_tick`, whose names would keep the last call of a day until the next.
        for live in list(self._live.values()):
            live.tick()
        for call in self.registry.overdue(time.monotonic()):
            self.endings.later(call, "timeout")

    def _give_room(self) -> None:
        """Let calls be read that have waited for it, while what is said is read, and in
        time: they are told that they are transcribed from here on."""
        hearing = self._stages.hearing
        if hearing is None or self.parts.speech != "live":
            return
        while call_id := hearing.transcriber.admission.next(time.monotonic()):
            self._live[call_id].voices.listen()

    # ------------------------------------------------------------------ calls

    def start(
        self,
        role: Role,
        name: str,
        call_id: str | None,
        reason: str = "",
        phone: str = "",
        by: str = "",
        queue: str = "",
    ) -> Call:
        """`phone` is the number they call from, where known. Raises CallError."""
        reason = self.redacted(reason)
        call = self.registry.start(role, name, call_id, time.monotonic(), reason, by)
        call.queue = call.queue or queue
        live = self._live.get(call.id)
        if live is None:
            live = LiveCall(call, Room(call.id, epoch=call.id), self._stages)
            self._live[call.id] = live
            begun = CallStarted(language=Languages(self.settings.speech).told(queue))
            self.publisher.note(live.room, begun, 0)
            live.recorded.tick()
        joined = Joined(role=role, name=name, reason=reason, person=by, queue=queue)
        self.publisher.note(live.room, joined, live.now_ms())
        if role == "customer":
            self._stages.desk.arrived(call.id, name, phone)
        if call.state == "active" and not live.paused:
            live.publish(Status(part="call", state="live", text="both people are here"))
        self.floor.deal()
        return call

    def hold(self, on: bool) -> None:
        """While on, no call begins: those that go on do so, and whoever comes waits."""
        self.registry.held = on
        self.floor.deal()

    def end(self, call_id: str) -> Call:
        """Raises CallError if there is no such call."""
        call = self.registry.get(call_id)
        self.endings.later(call, "hangup")
        return call

    def is_live(self, call_id: str) -> bool:
        """It goes on, or its end is not in the record yet."""
        return call_id in self._live

    # ------------------------------------------------------------------ people

    @property
    def sockets(self) -> int:
        """People who are connected."""
        return sum(len(live.room.outboxes()) for live in self._live.values())

    @property
    def recording(self) -> int:
        """Calls whose sound is kept."""
        return sum(live.recorded.state == "on" for live in self._live.values())

    @property
    def advising(self) -> int:
        """Calls whose advice is being written, or waits for the language model."""
        assistant = self._stages.assistant
        return assistant.asking if assistant else 0

    def enter(
        self, call_id: str, hello: ClientHello | Resume, outbox: Outbox, by: str = ""
    ) -> LiveCall:
        """A socket opens. Its outbox starts with `hello` and what it has missed.

        Raises CallError if there is no such call or place, or if it is not `by` whom it
        was taken; ProtocolError if the audio format changes in mid leg.
        """
        call = self.registry.get(call_id)
        live = self._live.get(call_id)
        if live is None or call.state == "ended":
            raise CallError(
                f"Call {call_id} has ended ({call.reason}).", fix="Start a new one."
            )
        role = hello.role
        if not self.registry.sits(call, role, by):
            name = hello.name if isinstance(hello, ClientHello) else ""
            self.start(role, name, call_id, by=by)
        before = live.room.outbox(role)
        if before is not None and isinstance(hello, ClientHello):
            raise CallError(
                f"The {role} of call {call_id} is connected already.",
                fix="Close the other page, or resume in place of it.",
            )
        live.voices.announce(role, hello.audio)
        live.room.attach(role, outbox)
        if before is not None:
            before.close(4409, "Resumed from another socket.")
        resumed = isinstance(hello, Resume)
        seen = (hello.epoch, hello.last_seq) if isinstance(hello, Resume) else ("", 0)
        next_seq = live.voices.next_seq(role)
        welcome(live, role, outbox, self.parts, seen=seen, next_audio_seq=next_seq)
        self.registry.connected(call, role)
        self.floor.deal()
        live.publish(
            Partner(
                role=role,
                event="back" if resumed else "joined",
                name=call.people[role].name,
            )
        )
        live.arrived(role)
        return live

    def leave(self, live: LiveCall, role: Role, outbox: Outbox) -> None:
        """A socket has closed."""
        if not live.room.detach(role, outbox) or live.call.state == "ended":
            return
        self.registry.dropped(live.call, role, time.monotonic())
        self.floor.deal()
        self.publisher.note(live.room, Left(role=role), live.now_ms())
        live.publish(Partner(role=role, event="away", name=live.call.people[role].name))

    def _publish(self, call_id: str, message: Sent) -> None:
        live = self._live.get(call_id)
        if live is not None:
            live.on_advice(message)
        else:
            self.drafts.record(call_id, message)

    def _pay(self, call_id: str, rule: str) -> None:
        if (live := self._live.get(call_id)) is not None:
            live.payment(on=True, by="rule", reason=rule)

    def _on_customer(self, call_id: str, customer: Customer) -> None:
        live = self._live.get(call_id)
        if live is None:
            return
        live.know(customer)
        self._stages.know(call_id, customer, live.now_ms())
        self.floor.customer_found(call_id)

    def _customer_of(self, call_id: str) -> Customer | None:
        live = self._live.get(call_id)
        return live.customer if live is not None else None

    def _tell_states(self) -> None:
        """Tell every screen which part of the box has stopped or is back."""
        self._stages.advise(on=self.parts.suggestions == "live")
        for status in self.parts.news():
            for live in self._live.values():
                if not (status.part == "speech" and live.voices.waiting):
                    live.publish(status)
