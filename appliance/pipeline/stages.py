"""The stages that all calls share: those that hear, advise, know customers, read moods."""

from collections.abc import Callable
from dataclasses import dataclass, field

import anyio
import msgspec

from appliance.assistant.actions.own import Own
from appliance.assistant.mood.stage import Moods
from appliance.assistant.prompt import customer_facts
from appliance.assistant.stage import Assistant
from appliance.assistant.summary.stage import Summaries
from appliance.calls.registry import Call
from appliance.customers.desk import Desk
from appliance.customers.directory import Directory
from appliance.knowledge.office import Office
from appliance.knowledge.stage import Knowledge
from appliance.messages import ChatLine, Customer, Gap, Sent, Transcript
from appliance.pipeline.ears import Hearing
from appliance.pipeline.parts import Models
from appliance.pipeline.publisher import Publisher
from appliance.pipeline.tally import Tally
from appliance.privacy.redactor import Redactor
from appliance.recordings.recorder import Recorder
from appliance.rules.stage import Rules
from appliance.settings import Settings
from appliance.store.writer import Store
from appliance.transcriber.language import Languages
from appliance.transcriber.stage import Transcriber
from appliance.vad.detector import Detector


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlets:
    """Where the stages' results go."""

    publish: Callable[[str, Sent], None]  # to the call of this id
    on_customer: Callable[[str, Customer], None]  # who the call's customer is
    on_load: Callable[[], None]  # a part of the box does better, or worse
    hang_up: Callable[[Call], None]
    pay: Callable[[str, str], None]  # a rule starts payment mode in the call of this id


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    settings: Settings
    publisher: Publisher
    hearing: Hearing | None  # None: speech is switched off
    assistant: Assistant | None  # None: advice is switched off
    own_actions: Own | None
    desk: Desk
    moods: Moods
    summaries: Summaries
    rules: Rules
    knowledge: Knowledge
    recorder: Recorder
    hang_up: Callable[[Call], None]
    tally: Tally = field(default_factory=Tally)

    @classmethod
    def build(
        cls,
        settings: Settings,
        store: Store,
        models: Models,
        customers: Directory,
        outlets: Outlets,
    ) -> "Stages":
        language, advice = models.language, settings.advice
        knowledge = Knowledge(models.knowledge, settings.knowledge)
        grounds = knowledge.grounds if models.knowledge else None
        return cls(
            settings=settings,
            publisher=Publisher(store),
            hearing=_hearing(settings, models, outlets.on_load),
            own_actions=models.actions,
            assistant=Assistant(language, advice, outlets.publish, grounds, models.actions)
            if language
            else None,
            knowledge=knowledge,
            desk=Desk(customers, outlets.on_customer),
            moods=Moods(language, advice, outlets.publish),
            summaries=Summaries(
                language if settings.wrap_up.draft else None, advice, outlets.publish
            ),
            rules=Rules(settings.rules, outlets.publish, outlets.pay),
            recorder=Recorder(settings.recording, customers.path.parent),
            hang_up=outlets.hang_up,
        )

    async def run(self) -> None:
        """Until cancelled."""
        async with anyio.create_task_group() as work:
            work.start_soon(self.publisher.run)
            work.start_soon(self.desk.run)
            work.start_soon(self.moods.run)
            work.start_soon(self.summaries.run)
            if self.hearing is not None:
                work.start_soon(self.hearing.detector.run)
                work.start_soon(self.hearing.transcriber.run)
            if self.assistant is not None:
                work.start_soon(self.assistant.run)
            if self.own_actions is not None:
                work.start_soon(self.own_actions.run)

    def heard(self, call_id: str, message: Transcript | Gap) -> None:
        """Somebody said something, or it could not be read."""
        self.rules.hear(call_id, message)
        if isinstance(message, Gap):
            return
        self.moods.heard(call_id, message)
        self.summaries.heard(call_id, message)
        self.knowledge.heard(call_id, message)
        if self.assistant is not None:
            self.assistant.heard(call_id, message)

    def typed(self, call_id: str, line: ChatLine, *, paused: bool) -> None:
        self.rules.read(call_id, line)
        self.moods.heard(call_id, line)
        if not paused:
            self.summaries.heard(call_id, line)

    def advise(self, *, on: bool) -> None:
        """Let the language model be asked, or not."""
        if self.assistant is not None:
            self.assistant.set_available(on)
        self.moods.set_available(on)
        self.summaries.set_available(on)

    def redacted(self, text: str) -> str:
        """What somebody wrote beside a call, without what is personal."""
        return Redactor(self.settings.privacy.redact).text(text)

    def know(self, call_id: str, customer: Customer, now_ms: int) -> None:
        """Advice may rest on this customer's card from now on, and rules on who it is."""
        facts = customer_facts(customer.card) if customer.card else ""
        self.knowledge.know(call_id, facts)
        if self.assistant is not None:
            self.assistant.know(call_id, facts)
        self.rules.know(call_id, customer, now_ms)

    def give_up_room(self, call_id: str, now_s: float) -> None:
        """Another call may be read in place of this one."""
        if self.hearing is not None:
            self.hearing.transcriber.admission.leave(call_id, now_s)

    def end(self, call_id: str, now_ms: int) -> None:
        """Nobody will say anything more. `now_ms` is call time."""
        if self.assistant is not None:
            self.assistant.end(call_id)
        self.desk.end(call_id)
        self.moods.end(call_id)
        self.summaries.end(call_id)
        self.rules.end(call_id, now_ms)
        self.knowledge.end(call_id)


def office(settings: Settings, models: Models, customers: Directory) -> Office:
    """Who looks after the articles, which lie beside the customers."""
    folder = customers.path.parent
    return Office(folder, models.knowledge, models.sentence_model, settings.knowledge)


def _hearing(
    settings: Settings, models: Models, on_load: Callable[[], None]
) -> Hearing | None:
    if models.vad is None or models.speech is None:
        return None
    return Hearing(
        detector=Detector(models.vad),
        transcriber=Transcriber(
            models.speech,
            msgspec.structs.replace(settings.speech, max_batch=models.batch),
            lambda _: on_load(),
            lanes=models.speech.size,
        ),
        languages=Languages(settings.speech),
        floor_frames=models.floor_frames,
    )
