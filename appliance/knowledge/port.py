"""What is asked of the knowledge worker, and what it answers."""

from typing import TypeAlias

import msgspec
from msgspec import Struct

from appliance.knowledge.index import Hit


class Find(Struct, frozen=True, kw_only=True, tag=True):
    """Which passages fit best what was `asked`?"""

    asked: str
    before: tuple[str, ...] = ()  # lines of the call until then, newest last
    most: int = 10


class Embed(Struct, frozen=True, kw_only=True, tag=True):
    """The vectors of these texts."""

    texts: tuple[str, ...]


Job: TypeAlias = Find | Embed


class Found(Struct, frozen=True, kw_only=True):
    hits: tuple[Hit, ...]  # the best first
    articles: int  # that there are


class EngineConfig(Struct, frozen=True, kw_only=True):
    """What the worker is started with."""

    folder: str  # of the file of articles
    model: str = ""  # name of the sentence model; "" for the words alone
    path: str = ""  # of its folder
    threads: int = 1


_packer = msgspec.msgpack.Encoder()
_jobs: msgspec.msgpack.Decoder[Job] = msgspec.msgpack.Decoder(Job)
_found = msgspec.msgpack.Decoder(Found)
_configs = msgspec.msgpack.Decoder(EngineConfig)


def pack(message: Job | Found | EngineConfig) -> bytes:
    return _packer.encode(message)


def unpack_job(payload: bytes) -> Job:
    """Raises msgspec.DecodeError."""
    return _jobs.decode(payload)


def unpack_found(payload: bytes) -> Found:
    """Raises msgspec.DecodeError."""
    return _found.decode(payload)


def unpack_config(payload: bytes) -> EngineConfig:
    """Raises msgspec.DecodeError."""
    return _configs.decode(payload)
