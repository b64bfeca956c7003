"""The vocabulary of the appliance: every fact one stage tells the next, or a screen.

Rules for this folder: frozen structs only, no behaviour beyond encoding, no import from
elsewhere in the project. What goes over the call socket is a struct with a `type`; the same
struct, as JSON, is the payload of the event in the record, and the browser's types are
generated from it.

Unless said otherwise, times (`start_ms`, `end_ms`, `at_ms`) are milliseconds of call time:
0 is the first audio frame of the call. They come from counting samples, never from a clock,
so that a recorded call replays to the same messages.
"""

from typing import TypeAlias, TypeVar

import msgspec

from appliance.messages.advice import (
    AdviceStatus,
    AiSuggestion,
    Grounds,
    MoodLabel,
    Sentiment,
    Source,
    Trend,
)
from appliance.messages.base import (
    ROLES,
    GivenId,
    GivenNumber,
    GivenText,
    Received,
    Role,
    Sent,
    partner_of,
)
from appliance.messages.call import (
    Ack,
    ChatLine,
    ErrorSent,
    Hello,
    Partner,
    Status,
    Supervised,
)
from appliance.messages.checks import Alert, Checklist, ChecklistItem, ItemState, Severity
from appliance.messages.customer import (
    Customer,
    CustomerCandidate,
    CustomerCard,
    CustomerClue,
    CustomerNote,
    CustomerOrder,
    CustomerTicket,
)
from appliance.messages.recording import (
    Fault,
    LegHealth,
    Recording,
    RecordingState,
    Verdict,
)
from appliance.messages.speech import (
    AudioFormat,
    Codec,
    Ended,
    Gap,
    GapReason,
    Paused,
    Resumed,
    SpeechEvent,
    Started,
    Transcript,
    Word,
)
from appliance.messages.summary import (
    FactKind,
    Resolution,
    Summary,
    SummaryFact,
    SummaryLine,
)

__all__ = [
    "ROLES",
    "Ack",
    "AdviceStatus",
    "AiSuggestion",
    "Alert",
    "AudioFormat",
    "ChatLine",
    "Checklist",
    "ChecklistItem",
    "Codec",
    "Content",
    "Customer",
    "CustomerCandidate",
    "CustomerCard",
    "CustomerClue",
    "CustomerNote",
    "CustomerOrder",
    "CustomerTicket",
    "Ended",
    "ErrorSent",
    "FactKind",
    "Fault",
    "Gap",
    "GapReason",
    "GivenId",
    "GivenNumber",
    "GivenText",
    "Grounds",
    "Hello",
    "ItemState",
    "LegHealth",
    "MoodLabel",
    "Partner",
    "Paused",
    "Received",
    "Recording",
    "RecordingState",
    "Resolution",
    "Resumed",
    "Role",
    "Sent",
    "Sentiment",
    "ServerMessage",
    "Severity",
    "Source",
    "SpeechEvent",
    "Started",
    "Status",
    "Summary",
    "SummaryFact",
    "SummaryLine",
    "Supervised",
    "Transcript",
    "Trend",
    "Verdict",
    "Word",
    "decode_from_server",
    "decoded",
    "encode",
    "partner_of",
]

T = TypeVar("T")

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
    | Recording
)
ServerMessage: TypeAlias = Hello | Partner | Content | Status | Supervised | Ack | ErrorSent

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
