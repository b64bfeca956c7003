"""The vocabulary of the appliance: every fact one stage tells the next, or a screen.

Rules for this file: frozen structs only, no behaviour beyond encoding, no import from the
project. What goes over the call socket is a struct with a `type`; the same struct, as JSON,
is the payload of the event in the record, and the browser's types are generated from it.

Unless said otherwise, times (`start_ms`, `end_ms`, `at_ms`) are milliseconds of call time:
0 is the first audio frame of the call. They come from counting samples, never from a clock,
so that a recorded call replays to the same messages.
"""

from typing import Annotated, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Meta, Struct

T = TypeVar("T")

Role: TypeAlias = Literal["agent", "customer"]
ROLES: tuple[Role, Role] = ("agent", "customer")

Codec: TypeAlias = Literal["pcm_s16le", "mulaw", "alaw", "webm_opus"]


def partner_of(role: Role) -> Role:
    """Who the person in this role talks to."""
    return "customer" if role == "agent" else "agent"


class AudioFormat(Struct, frozen=True, kw_only=True):
    """How one leg's binary frames are encoded; announced in the client's `hello`."""

    codec: Codec = "pcm_s16le"
    # Hz; 8000, 16000, 24000 or 48000; ignored for webm_opus
    rate: Annotated[int, Meta(ge=0, le=1_000_000)] = 16_000


class Word(Struct, frozen=True, kw_only=True):
    text: str
    start_ms: int
    end_ms: int
    probability: float


# ---------------------------------------------------------------- endpointer to transcriber


class Started(Struct, frozen=True):
    """Somebody began to speak. Here and below, times are ms of the leg's own audio."""

    at_ms: int  # first voiced window


class Paused(Struct, frozen=True):
    """Quiet for `vad.speculate_ms`: the speaker may have finished."""

    at_ms: int  # end of the last voiced window


class Resumed(Struct, frozen=True):
    """The pause was only a breath."""


class Ended(Struct, frozen=True):
    at_ms: int  # end of the last voiced window, or the place of the cut
    cut: bool = False  # too long: the next utterance starts here at once


SpeechEvent: TypeAlias = Started | Paused | Resumed | Ended

# ---------------------------------------------------------------- server to client


class Sent(Struct, frozen=True, kw_only=True, tag_field="type"):
    """What the box tells a screen. `seq` counts up within a call, the same for everyone;
    a screen that may not see a message sees a hole. 0 means outside the record."""

    seq: int = 0


class Hello(Sent, frozen=True, kw_only=True, tag="hello"):
    """First message on a socket, new or resumed."""

    call_id: str
    role: Role
    epoch: str  # one life of the server's memory of this call; a resume must name it
    last_seq: int  # newest message of the call; those after the client's own follow
    next_audio_seq: int  # first audio frame the box does not have from this person
    partner: str | None = None  # name of the other person, if there
    speech: str = "live"  # state of `Status(part="speech")`
    suggestions: str = "live"
    version: str = ""


class Partner(Sent, frozen=True, kw_only=True, tag="partner"):
    """The other person came, dropped off, came back or left for good."""

    role: Role  # whom it is about
    event: Literal[
        "joined", "away", "back", "left", "muted", "unmuted", "holding", "unholding"
    ]
    name: str = ""


class Transcript(Sent, frozen=True, kw_only=True, tag="transcript"):
    """What one person said, without what is personal. A newer one with the same id replaces
    the older; after the final (`is_final`) comes at most another final, when what is said
    later tells what a number is. A final with empty text withdraws its partials."""

    id: str
    speaker: Role
    text: str
    is_final: bool
    start_ms: int
    end_ms: int
    language: str = ""
    confidence: float = 0.0  # mean token probability, 0..1
    words: tuple[Word, ...] = ()  # finals only
    failed: bool = False  # the engine gave up on this utterance; the text is missing


class Source(Struct, frozen=True, kw_only=True):
    """A passage of one of the site's articles, as it was when it was cited."""

    article: str  # its id
    version: int
    title: str
    section: str  # the heading above the passage, "" where there is none
    text: str
    steps: tuple[str, ...] = ()  # where the passage is a procedure
    first_step: int = 1  # number of the first of them
    probability: float = 0.0  # that it answers what was said, 0..1


class Grounds(Struct, frozen=True, kw_only=True):
    """What advice on the newest line may rest on."""

    sources: tuple[Source, ...] = ()
    trigger: str = ""  # id of the line that led to them
    silent: bool = False  # there is nothing, and without it nothing is to be shown


AdviceStatus: TypeAlias = Literal[
    "streaming", "done", "stopped", "superseded", "unavailable"
]


class AiSuggestion(Sent, frozen=True, kw_only=True, tag="ai_suggestion"):
    """Advice for the agent while it is written. Each message carries the whole text so
    far and replaces the one before with the same id."""

    id: str
    answers: str  # id of the customer's final, "" when the agent asked by hand
    action: str
    suggestion: str
    reasoning: str
    confidence: float  # probability of `action` among the allowed actions, 0..1
    is_final: bool
    status: AdviceStatus
    sources: tuple[Source, ...] = ()  # none: it rests on the call alone
    trigger: str = ""  # id of the line that led to them


class ChatLine(Sent, frozen=True, kw_only=True, tag="chat"):
    """What somebody typed, as `Transcript`: the same id again replaces it."""

    id: str
    speaker: Role
    text: str
    at_ms: int
    ref: str = ""  # as the sender chose it, so that the sender's page knows its own line


GapReason: TypeAlias = Literal["lost", "paused", "busy"]


class Gap(Sent, frozen=True, kw_only=True, tag="gap"):
    """Audio that never came or could not be kept (`lost`), or that was not listened to: by
    wish (`paused`), or because the box had as many calls as it can read (`busy`)."""

    speaker: Role
    start_ms: int
    end_ms: int
    reason: GapReason


MoodLabel: TypeAlias = Literal["negative", "neutral", "positive"]


class Sentiment(Sent, frozen=True, kw_only=True, tag="sentiment"):
    """How one line of the customer reads, and the call so far; the words, no voice."""

    id: str  # of the customer's final or typed line
    label: MoodLabel
    score: float  # -1 negative to 1 positive
    confidence: float  # probability of `label`, 0..1
    source: str  # the model, or "lexicon"
    quarters: tuple[float | None, ...]  # mean score in each quarter of the call
    trend: Literal["up", "down", "flat"]  # the last of them against those before
    call_score: int  # -100 to 100, weighted towards the end


Severity: TypeAlias = Literal["info", "warning", "critical"]


class Alert(Sent, frozen=True, kw_only=True, tag="alert"):
    """Something in the call wants attention. A newer one with the same id replaces it.
    `unchecked`: nobody can tell, because what was said could not be read."""

    id: str
    kind: Literal["mood", "rule"]
    state: Literal["raised", "over", "unchecked"]
    lines: tuple[str, ...]  # ids of the lines it rests on
    text: str  # for people
    severity: Severity = "warning"
    to: tuple[Literal["agent", "supervisor"], ...] = ("agent", "supervisor")
    rule: str = ""  # name of the rule that says so


ItemState: TypeAlias = Literal["open", "done", "late", "missed", "unchecked"]


class ChecklistItem(Struct, frozen=True, kw_only=True):
    """`late`: done after its deadline. `unchecked`: what was said could not be read."""

    id: str
    text: str
    weight: float
    state: ItemState
    by: Literal["rule", "hand"] | None = None  # who says so; None while it is open
    at_ms: int = 0  # when it came to be so
    line: str = ""  # id of the line that ticked it
    rule: str = ""


class Checklist(Sent, frozen=True, kw_only=True, tag="checklist"):
    """What is to be done in this call and what has been, for the agent: all of it, each
    time. `score` is 100 times the weight done in time over the weight of what applies and
    could be checked; None where that is nothing."""

    items: tuple[ChecklistItem, ...]
    score: int | None


class Status(Sent, frozen=True, kw_only=True, tag="status"):
    """How a part of the box, or the call itself, is doing. `text` is for people."""

    part: Literal["call", "speech", "suggestions"]
    state: Literal["waiting", "live", "degraded", "paused", "off", "ended"]
    text: str
    lag_ms: int = 0


class CustomerOrder(Struct, frozen=True, kw_only=True):
    """Days, here and below, are ISO dates, "" where the site does not say."""

    number: str
    placed: str
    status: str
    total: float | None
    currency: str
    item: str


class CustomerTicket(Struct, frozen=True, kw_only=True):
    number: str
    opened: str
    status: str
    subject: str


class CustomerNote(Struct, frozen=True, kw_only=True):
    written: str
    author: str
    text: str


class CustomerCard(Struct, frozen=True, kw_only=True):
    """What the site knows about a customer; "" or None is what it does not. Newest first:
    orders, tickets that are open, notes."""

    id: str
    name: str
    email: str
    phone: str
    status: str
    lifetime_value: float | None
    currency: str
    since: str
    orders: tuple[CustomerOrder, ...] = ()
    tickets: tuple[CustomerTicket, ...] = ()
    notes: tuple[CustomerNote, ...] = ()


CustomerClue: TypeAlias = Literal["name", "phone", "email", "order", "id"]


class CustomerCandidate(Struct, frozen=True, kw_only=True):
    """Somebody it could be. `value` is what the site has on file where `matched` fits."""

    id: str
    name: str
    matched: CustomerClue
    value: str
    exact: bool


class Customer(Sent, frozen=True, kw_only=True, tag="customer"):
    """Who the customer is, as far as the box can tell; for agents. A newer one replaces
    the older. `source` says what told: what was given at the start, what the customer said
    or typed, an agent who chose, or changed data."""

    source: Literal["start", "said", "agent", "data"]
    card: CustomerCard | None = None  # None: not known, or "not this customer"
    matched: CustomerClue | None = None  # None where an agent chose
    candidates: tuple[CustomerCandidate, ...] = ()


class SummaryLine(Struct, frozen=True, kw_only=True):
    """A sentence of a summary, and the ids of the lines it rests on, if that is known."""

    text: str
    lines: tuple[str, ...] = ()
    quoted: bool = False  # as somebody said it; else written by the model


FactKind: TypeAlias = Literal["name", "amount", "date", "number", "email"]


class SummaryFact(Struct, frozen=True, kw_only=True):
    """Something to be written down exactly, as it stands in a line."""

    kind: FactKind
    text: str
    line: str


Resolution: TypeAlias = Literal["yes", "partly", "no", ""]


class Summary(Sent, frozen=True, kw_only=True, tag="summary"):
    """A draft of what the call was about, for the agent. Each message is the whole draft
    so far and replaces the one before with the same id. Every number and name in it was
    said. Probabilities are the model's own among the choices, 0 where it chose nothing."""

    id: str
    purpose: Literal["wrap_up", "transfer"]
    source: str  # the model, or "quotes": what was said, where no model wrote
    situation: tuple[SummaryLine, ...] = ()
    action: tuple[SummaryLine, ...] = ()
    follow_ups: tuple[SummaryLine, ...] = ()
    facts: tuple[SummaryFact, ...] = ()
    resolution: Resolution = ""
    resolution_confidence: float = 0.0
    disposition: str = ""
    disposition_confidence: float = 0.0
    removed: int = 0  # sentences left out because something in them was not said
    is_final: bool = True


class Supervised(Sent, frozen=True, kw_only=True, tag="supervised"):
    """Supervisors follow the call, as far as the site tells its people: all of it each
    time. All zero: nobody any more."""

    to: Role  # whom this is told
    following: int  # who read along
    hearing: int  # of them, those who hear it too
    names: tuple[str, ...] = ()  # for the agent alone


class Ack(Sent, frozen=True, kw_only=True, tag="ack"):
    """Every audio frame up to `audio_seq` is taken in; the client may forget those."""

    audio_seq: int


class ErrorSent(Sent, frozen=True, kw_only=True, tag="error"):
    problem: str
    fix: str


Content: TypeAlias = (
    Transcript
    | AiSuggestion
    | ChatLine
    | Gap
    | Sentiment
    | Alert
    | Checklist
    | Customer
    | Summary
)
ServerMessage: TypeAlias = Hello | Partner | Content | Status | Supervised | Ack | ErrorSent

# ---------------------------------------------------------------- to the box

# What a page or a person writes at most. All of it goes into the record and to other
# screens.
GivenId: TypeAlias = Annotated[str, Meta(max_length=200)]
GivenText: TypeAlias = Annotated[str, Meta(max_length=4000)]
GivenNumber: TypeAlias = Annotated[int, Meta(ge=0, le=2**53)]  # as far as a page counts


class Received(
    Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True
):
    """What a page or a telephone gateway tells the box: `appliance.received` over the
    socket of a call, `appliance.duty` over an agent's."""


_encoder = msgspec.json.Encoder()
_server_decoder: msgspec.json.Decoder[ServerMessage] = msgspec.json.Decoder(ServerMessage)


def encode(message: Sent | Received) -> bytes:
    """The JSON text frame of a message, as UTF-8."""
    return _encoder.encode(message)


def decode_from_server(text: bytes | str) -> ServerMessage:
    """Raises msgspec.ValidationError or msgspec.DecodeError."""
    return decoded(_server_decoder, text)


def decoded(decoder: msgspec.json.Decoder[T], text: bytes | str) -> T:
    """Raises msgspec.ValidationError or msgspec.DecodeError, and nothing else: thousands of
    brackets in each other come out of msgspec as another error."""
    try:
        return decoder.decode(text)
    except RecursionError as error:
        raise msgspec.DecodeError("it is nested too deeply") from error
