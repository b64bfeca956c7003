"""What the assistant asks of the language worker, and what it gets back.

Every job carries the lines of its call, numbered, so that a worker that has just been
started, or has given the call's place away, can do it like any other: it reads only what
it does not have.
"""

from typing import TypeAlias

import msgspec
from msgspec import Struct

from appliance.messages import Role


class Line(Struct, frozen=True, array_like=True):
    """One final transcript. Lines of a call are only ever added at the end."""

    speaker: Role
    text: str


class Job(Struct, frozen=True, kw_only=True, tag=True):
    call_id: str


class Extend(Job, frozen=True, kw_only=True):
    """Read these lines while people speak, so that the next Ask finds them read."""

    first: int  # number of lines[0] in the call
    lines: tuple[Line, ...]
    card: str = ""  # what is known about the customer; does not change during a call


class Likely(Struct, frozen=True, kw_only=True):
    """A label, and how sure one can be of it."""

    label: str
    confidence: float  # probability of `label`, 0..1


class Ask(Extend, frozen=True, kw_only=True):
    """Advise the agent on the newest line, or on `question` if there is one."""

    question: str = ""
    passages: tuple[str, ...] = ()  # of the site's articles, for the answer to rest on
    action: Likely | None = None  # what the site's own classifier says; else the model does


class Forget(Job, frozen=True, kw_only=True):
    """The call has ended."""


class ReadMood(Job, frozen=True, kw_only=True):
    """Tell how this line of the customer reads, when nobody waits for advice."""

    text: str


class WriteDraft(Job, frozen=True, kw_only=True):
    """Write up the call in these lines, or with `ahead` only read them, so that it can be
    written up soon."""

    said: tuple[Line, ...]
    ahead: bool = False


class ForgetDraft(Job, frozen=True, kw_only=True):
    """The call has been written up."""


AnyJob: TypeAlias = Extend | Ask | Forget | ReadMood | WriteDraft | ForgetDraft


class AdviceDelta(Struct, frozen=True, kw_only=True):
    """The advice so far; each replaces the one before."""

    action: str = ""
    confidence: float = 0.0  # probability of `action` among the labels, 0..1
    suggestion: str = ""
    reasoning: str = ""
    done: bool = False


class MoodScores(Struct, frozen=True, kw_only=True):
    """The model's log odds of the words it could call the mood of a line, and of others."""

    logits: tuple[float, ...]  # in the order of `mood.prompt.ASKED`


class DraftDelta(Struct, frozen=True, kw_only=True):
    """The draft so far; each replaces the one before. Probabilities are among the labels,
    0..1."""

    situation: str = ""
    action: str = ""
    resolved: str = ""
    resolved_sure: float = 0.0
    disposition: str = ""
    disposition_sure: float = 0.0
    done: bool = False


class EngineConfig(Struct, frozen=True, kw_only=True):
    """What the worker is started with."""

    model: str  # path of a GGUF file
    threads: int = 0  # 0: every core
    max_calls: int = 16
    context_tokens: int = 1024  # of one call's lines
    gpu_layers: int = 0  # -1: all, if the library is built for a GPU
    mood: bool = False  # whether it will be asked to ReadMood
    dispositions: tuple[str, ...] = ()  # of a WriteDraft; none: it will not be asked to
    actions: tuple[str, ...] = ()  # the site's own list; empty: the one it knows


_packer = msgspec.msgpack.Encoder()
_jobs: msgspec.msgpack.Decoder[AnyJob] = msgspec.msgpack.Decoder(AnyJob)
_deltas = msgspec.msgpack.Decoder(AdviceDelta)
_drafts = msgspec.msgpack.Decoder(DraftDelta)
_moods = msgspec.msgpack.Decoder(MoodScores)
_configs = msgspec.msgpack.Decoder(EngineConfig)


def pack(message: AnyJob | AdviceDelta | MoodScores | DraftDelta | EngineConfig) -> bytes:
    return _packer.encode(message)


def unpack_job(payload: bytes) -> AnyJob:
    """Raises msgspec.DecodeError, of which ValidationError is a kind."""
    return _jobs.decode(payload)


def unpack_delta(payload: bytes) -> AdviceDelta:
    """Raises msgspec.DecodeError, of which ValidationError is a kind."""
    return _deltas.decode(payload)


def unpack_mood(payload: bytes) -> MoodScores:
    """Raises msgspec.DecodeError, of which ValidationError is a kind."""
    return _moods.decode(payload)


def unpack_draft(payload: bytes) -> DraftDelta:
    """Raises msgspec.DecodeError, of which ValidationError is a kind."""
    return _drafts.decode(payload)


def unpack_config(payload: bytes) -> EngineConfig:
    """Raises msgspec.DecodeError, of which ValidationError is a kind."""
    return _configs.decode(payload)
