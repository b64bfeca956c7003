"""What a person's page, or a telephone gateway, tells the box over the socket of a call.

The same rules as for `appliance.messages`, which has what the box tells them.
"""

from typing import Literal, TypeAlias

import msgspec

from appliance.messages import (
    AudioFormat,
    GivenId,
    GivenNumber,
    GivenText,
    Received,
    Role,
    decoded,
)


class ClientHello(Received, frozen=True, kw_only=True, tag="hello"):
    role: Role
    name: str = ""
    audio: AudioFormat = AudioFormat()


class Resume(Received, frozen=True, kw_only=True, tag="resume"):
    """First message of a socket that replaces a dropped one."""

    role: Role
    epoch: GivenId
    last_seq: GivenNumber  # newest message seen
    audio: AudioFormat = AudioFormat()


class Chat(Received, frozen=True, kw_only=True, tag="chat"):
    """A typed line. A page that does not know whether its line arrived sends it again with
    the same `ref`; it is shown once."""

    text: str
    ref: str = ""


class Stop(Received, frozen=True, kw_only=True, tag="stop"):
    """Stop writing this advice; what is written stays."""

    id: GivenId


class Ask(Received, frozen=True, kw_only=True, tag="ask"):
    """The agent wants advice now, on `text` if given."""

    text: GivenText = ""


class Summarise(Received, frozen=True, kw_only=True, tag="summarise"):
    """The agent wants to know what the call has come to, to hand it over."""


class Feedback(Received, frozen=True, kw_only=True, tag="feedback"):
    id: GivenId
    verdict: Literal["used", "copied", "dismissed", "good", "bad"]
    reason: GivenText = ""  # in the agent's words, why it was dismissed


class ChooseCustomer(Received, frozen=True, kw_only=True, tag="choose_customer"):
    """The agent says who the customer is; without an id: not the one who is shown."""

    id: GivenId = ""


class Tick(Received, frozen=True, kw_only=True, tag="tick"):
    """The agent says whether an item of the checklist is done; it stays as they say."""

    item: GivenId
    on: bool


class Mute(Received, frozen=True, kw_only=True, tag="mute"):
    on: bool


class Hold(Received, frozen=True, kw_only=True, tag="hold"):
    """The person will not hear the other one, nor be heard, for a while. Their page does
    it; the box tells the other one, who is still transcribed."""

    on: bool


class Pause(Received, frozen=True, kw_only=True, tag="pause"):
    """Payment mode: of both sides nothing is kept, recognised or advised on; people still
    hear each other."""

    on: bool


# How somebody agreed: said so, was told and stayed, pressed a key, signed, or clicked.
ConsentMethod: TypeAlias = Literal["verbal", "announced", "keypress", "written", "clicked"]


class RecordWish(Received, frozen=True, kw_only=True, tag="record"):
    """The customer agrees to be recorded, as they or their agent say, or does not any
    more."""

    on: bool
    consent: ConsentMethod = "verbal"


class Hangup(Received, frozen=True, kw_only=True, tag="hangup"):
    pass


ClientMessage: TypeAlias = (
    ClientHello
    | Resume
    | Chat
    | Stop
    | Ask
    | Summarise
    | Feedback
    | ChooseCustomer
    | Tick
    | Mute
    | Hold
    | Pause
    | RecordWish
    | Hangup
)

_decoder: msgspec.json.Decoder[ClientMessage] = msgspec.json.Decoder(ClientMessage)


def decode_from_client(text: bytes | str) -> ClientMessage:
    """Raises msgspec.ValidationError or msgspec.DecodeError."""
    return decoded(_decoder, text)
