"""A data folder with two customers in it: one to be erased, and one to stay."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
from msgspec.json import encode
from msgspec.structs import replace

from appliance.access.access import Access
from appliance.backup.making import RECORD
from appliance.customers.importing import Given, Order, import_files
from appliance.messages import (
    AiSuggestion,
    ChatLine,
    Customer,
    CustomerCandidate,
    CustomerCard,
    CustomerNote,
    Role,
    Sent,
    Sentiment,
    Summary,
    Transcript,
    Word,
)
from appliance.messages.summary import SummaryFact, SummaryLine
from appliance.received import Feedback
from appliance.recordings.shelf import Shelf
from appliance.retention.custodian import Custodian
from appliance.retention.rules import Rules
from appliance.retention.site import Site
from appliance.settings import AccessSettings, RetentionSettings
from appliance.store.event import (
    CallEnded,
    CallStarted,
    Event,
    Fact,
    Joined,
    Step,
    WrapUp,
    Written,
)
from appliance.store.writer import Store

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)

OUTCOMES = ("resolved", "follow_up")


class Person:
    """Somebody with words that nobody else says."""

    def __init__(self, id_: str, name: str, email: str, phone: str, *words: str) -> None:
        self.id, self.name, self.email, self.phone, self.words = (
            id_,
            name,
            email,
            phone,
            words,
        )

    @property
    def traces(self) -> tuple[str, ...]:
        """What tells of them, wherever it stands."""
        return (self.id, *self.name.split(), self.email, self.phone, *self.words)


ZELDA = Person(
    "K-90417",
    "Zeldabine Quarkenbusch",
    "zb.quark@wundermail.example",
    "+4915550917342",
    "xylofonknarzer",
    "brombeermagnet",
    "quittenorakel",
    "zwirbelkasten",
)
OTTO = Person(
    "K-90418",
    "Ottokar Plumperquatsch",
    "otto@plumper.example",
    "+4915550917343",
    "dampfnudelblitz",
    "gurkenharfe",
    "kastanienfunk",
    "murmelsegler",
)


class Script:
    """Writes down one call, event after event."""

    def __init__(self, call_id: str, wall: datetime, queue: str = "") -> None:
        self.call_id, self.wall, self.queue = call_id, wall, queue
        self.events: list[Event] = []

    def note(self, fact: Fact | Feedback) -> None:
        seq = len(self.events) + 1
        wall = self.wall + timedelta(seconds=seq)
        self.events.append(
            Event.note(fact, call_id=self.call_id, seq=seq, at_ms=seq * 1000, wall=wall)
        )

    def tell(self, message: Sent) -> None:
        seq = len(self.events) + 1
        wall = self.wall + timedelta(seconds=seq)
        self.events.append(
            Event(
                call_id=self.call_id,
                seq=seq,
                at_ms=seq * 1000,
                wall=wall,
                kind=str(message.__struct_config__.tag),
                payload=_json(message, seq),
            )
        )

    def say(self, id_: str, speaker: Role, text: str, *, is_final: bool = True) -> None:
        at = len(self.events) * 1000
        words = tuple(
            Word(text=word, start_ms=at, end_ms=at + 300, probability=0.9)
            for word in text.split()
        )
        self.tell(
            Transcript(
                id=id_,
                speaker=speaker,
                text=text,
                is_final=is_final,
                start_ms=at,
                end_ms=at + 900,
                language="de",
                words=words if is_final else (),
            )
        )


def _json(message: Sent, seq: int) -> bytes:
    return encode(replace(message, seq=seq))


def call_with(
    who: Person, call_id: str, wall: datetime = YESTERDAY, queue: str = "sales"
) -> list[Event]:
    """Everything that a call can leave behind."""
    one, two, three, four = who.words
    script = Script(call_id, wall, queue)
    script.note(CallStarted(language="de"))
    script.note(Joined(role="customer", name=who.name, reason=f"about my {one}"))
    script.note(Joined(role="agent", name="Ann", person="p-ann", queue=queue))
    script.tell(Customer(source="start", card=card_of(who), matched="phone"))
    script.say("t1", "customer", f"mein {one}", is_final=False)
    script.say("t1", "customer", f"mein {one} und der {two} sind kaputt")
    script.say("t2", "agent", f"den {two} sehe ich, Frau {who.name.split()[1]}")
    script.tell(ChatLine(id="c1", speaker="customer", text=f"{three} {who.email}", at_ms=8))
    for text, is_final in ((f"Fragen Sie nach dem {three}", False), (f"Der {three}", True)):
        script.tell(
            AiSuggestion(
                id="a1",
                answers="t1",
                action="look_up",
                suggestion=text,
                reasoning=f"wegen {one}",
                confidence=0.7,
                is_final=is_final,
                status="done" if is_final else "streaming",
            )
        )
    grew = {"seq": 9, "suggestion": f"Fragen Sie {three}"}
    script.note(Written(id="a1", steps=(Step(wall=wall, set=grew),)))
    script.note(Feedback(id="a1", verdict="used", reason=f"passt zu {two}"))
    script.tell(
        Sentiment(
            id="t1",
            label="negative",
            score=-0.5,
            confidence=0.8,
            source="lexicon",
            quarters=(-0.5, None, None, None),
            trend="flat",
            call_score=-40,
        )
    )
    script.tell(
        Summary(
            id="wrap_up-1",
            purpose="wrap_up",
            source="quotes",
            situation=(SummaryLine(text=f"{one} ist kaputt", lines=("t1",)),),
            facts=(SummaryFact(kind="email", text=who.email, line="c1"),),
            disposition="resolved",
        )
    )
    script.note(CallEnded(reason="hangup"))
    script.note(WrapUp(outcome="resolved", summary=f"{four} von {who.name}", after_s=3.0))
    return script.events


def card_of(who: Person) -> CustomerCard:
    return CustomerCard(
        id=who.id,
        name=who.name,
        email=who.email,
        phone=who.phone,
        status="gold",
        lifetime_value=12.5,
        currency="EUR",
        since="2020-01-01",
        notes=(CustomerNote(written="2025-01-01", author="Bob", text=who.words[3]),),
    )


def candidate_of(who: Person) -> CustomerCandidate:
    return CustomerCandidate(
        id=who.id, name=who.name, matched="name", value=who.name, exact=False
    )


def import_people(folder: Path, *people: Person) -> None:
    """The file of customers, and nothing else: the files it was read from go."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "customers.csv"
    with source.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "name", "email", "phone"])
        rows.writerows([who.id, who.name, who.email, who.phone] for who in people)
    notes = folder / "notes.csv"
    with notes.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["customer_id", "written", "author", "text"])
        rows.writerows([who.id, "2025-01-01", "Bob", who.words[3]] for who in people)
    given = [Given(path=source, kind="customers"), Given(path=notes, kind="notes")]
    report = import_files(folder, given, Order(), lambda _: None)
    assert report.totals["notes"] == len(people), report
    source.unlink()
    notes.unlink()


def record_audio(folder: Path, call_id: str, content: bytes) -> Path:
    place = Shelf(folder / "recordings").place(call_id, YESTERDAY.date())
    place.mkdir(parents=True)
    (place / "audio").write_bytes(content)
    return place


@contextmanager
def keeping(
    folder: Path, settings: RetentionSettings | None = None, *, live: bool = False
) -> Iterator[tuple[Store, Custodian]]:
    """The record and who keeps it, open on this data folder."""
    site = Site(
        data_dir=folder,
        backups=folder / "backups",
        keep=7,
        rules=Rules.of(settings or RetentionSettings()),
        live=live,
    )
    with (
        Store.open(folder / RECORD) as store,
        Access.open(folder, AccessSettings(hash_kib=8, hash_passes=1)) as access,
    ):
        shelf = Shelf(folder / "recordings")
        yield store, Custodian(store, access, shelf, site, OUTCOMES)


async def write(store: Store, *calls: list[Event]) -> None:
    for events in calls:
        for event in events:
            store.append(event)
    await store.flush()


def found_in(folder: Path, traces: tuple[str, ...]) -> Iterator[str]:
    """Files in which one of these stands, in any case and in UTF-8 or UTF-16, or whose
    names or contents, once decompressed by the database, have it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            for trace in traces:
                for written in {trace, trace.lower(), trace.upper()}:
                    encodings = ("utf-8", "utf-16-le", "utf-16-be")
                    if any(written.encode(one) in content for one in encodings):
                        yield f"{path.relative_to(folder)}: {trace}"
                        break
                else:
                    if trace in path.name:
                        yield f"the name of {path.relative_to(folder)}"


def with_both(folder: Path) -> None:
    """Two calls of hers, one of his, and one of his in which she was shown."""
    import_people(folder, ZELDA, OTTO)
    shown = Script("call-x", YESTERDAY)
    shown.events += call_with(OTTO, "call-x")
    shown.tell(
        Customer(source="said", card=card_of(OTTO), candidates=(candidate_of(ZELDA),))
    )
    with keeping(folder) as (store, _):
        anyio.run(write, store, call_with(ZELDA, "call-z"), call_with(OTTO, "call-o"))
        anyio.run(write, store, call_with(ZELDA, "call-z2"), shown.events)
    record_audio(folder, "call-z", b"quittenorakel" * 100)
    record_audio(folder, "call-o", b"kastanienfunk" * 100)
