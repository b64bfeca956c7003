"""EBML, the tagged binary tree that WebM is written in: ids, sizes, children."""

from collections.abc import Iterator
from typing import NamedTuple

from appliance.errors import ProtocolError

FIX = "Record with mimeType audio/webm;codecs=opus and send each chunk unchanged."


class Head(NamedTuple):
    """The first bytes of an element."""

    id: int
    size: int | None  # bytes of content, None where the writer did not know
    length: int  # bytes of id and size themselves


def garbage(what: str) -> ProtocolError:
    return ProtocolError(f"The webm audio is broken: {what}.", fix=FIX)


def _width(first: int, most: int) -> int:
    """Bytes of a variable-length number, from the leading zeros of its first byte."""
    width = 9 - first.bit_length()
    if width > most:
        raise garbage(f"a number starts with byte {first:#04x}")
    return width


def read_size(data: bytes | bytearray, at: int = 0) -> tuple[int | None, int] | None:
    """A size or track number and its width; None if more bytes are needed.

    The number itself is None if all its bits are one: unknown.
    """
    if at >= len(data):
        return None
    width = _width(data[at], most=8)
    if at + width > len(data):
        return None
    number = int.from_bytes(data[at : at + width], "big") & ((1 << 7 * width) - 1)
    return (None if number == (1 << 7 * width) - 1 else number), width


def read_head(data: bytes | bytearray, at: int = 0) -> Head | None:
    """Id and size of the element that starts at `at`; None if more bytes are needed.

    Raises ProtocolError if no element can start with these bytes.
    """
    if at >= len(data):
        return None
    width = _width(data[at], most=4)
    size = read_size(data, at + width)
    if size is None:
        return None
    name = int.from_bytes(data[at : at + width], "big")  # ids keep their marker bit
    return Head(name, size[0], width + size[1])


def children(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Id and content of each element in the content of a small, complete parent."""
    at = 0
    while at < len(data):
        head = read_head(data, at)
        if head is None or head.size is None or at + head.length + head.size > len(data):
            raise garbage("an element is longer than the one around it")
        at += head.length
        yield head.id, data[at : at + head.size]
        at += head.size


def unsigned(content: bytes) -> int:
    """Raises ProtocolError for more than the 8 bytes a number may have."""
    if len(content) > 8:
        raise garbage(f"a number has {len(content)} bytes")
    return int.from_bytes(content, "big")


def signed(content: bytes | bytearray) -> int:
    """Raises ProtocolError for more than the 8 bytes a number may have."""
    if len(content) > 8:
        raise garbage(f"a number has {len(content)} bytes")
    return int.from_bytes(content, "big", signed=True)
