"""Read CTranslate2 and safetensors files far enough to know that all of them is there."""

import json
import os
import struct
from pathlib import Path
from typing import BinaryIO

from appliance.models.gguf import BadHeader

WHISPER_SPEC = b"WhisperSpec\0"
# Since version 4 a variable says its type and its size in bytes; older converters are gone.
OLDEST_BINARY, NEWEST_BINARY = 4, 6
MAX_VARIABLES = 100_000  # large-v3 has under 2,000
MAX_SAFETENSORS_HEADER = 100 << 20  # the limit of the format's own library


def read_whisper(file: Path) -> int:
    """Bytes a CTranslate2 Whisper `model.bin` must have.

    Steps over every variable without reading it. Raises BadHeader, OSError.
    """
    with file.open("rb") as source:
        try:
            return _whisper_end(source)
        except struct.error as error:
            raise BadHeader("it is cut off or damaged") from error


def _whisper_end(source: BinaryIO) -> int:
    version = _number(source, "<I")
    spec = source.read(_number(source, "<H"))
    if spec != WHISPER_SPEC:
        raise BadHeader("it is not a Whisper model converted for CTranslate2")
    if not OLDEST_BINARY <= version <= NEWEST_BINARY:
        raise BadHeader(f"it has the CTranslate2 format {version}, which is not known here")
    _number(source, "<I")  # revision of the spec
    variables = _number(source, "<I")
    if variables > MAX_VARIABLES:
        raise BadHeader("it is damaged")
    for _ in range(variables):
        _skip(source, "<H")  # name
        dimensions = _number(source, "<B")
        source.seek(4 * dimensions + 1, os.SEEK_CUR)  # sizes, then the type
        _skip(source, "<I")  # weights
    for _ in range(2 * _number(source, "<I")):  # aliases: pairs of names
        _skip(source, "<H")
    return source.tell()


def _number(source: BinaryIO, form: str) -> int:
    (value,) = struct.unpack(form, source.read(struct.calcsize(form)))
    return int(value)


def _skip(source: BinaryIO, form: str) -> None:
    source.seek(_number(source, form), os.SEEK_CUR)


def read_safetensors(file: Path) -> int:
    """Bytes a safetensors file must have. Raises BadHeader, OSError."""
    with file.open("rb") as source:
        try:
            length = _number(source, "<Q")
            if length > MAX_SAFETENSORS_HEADER:
                raise BadHeader("it is not a safetensors file")
            tensors = json.loads(source.read(length))
            ends = [t["data_offsets"][1] for n, t in tensors.items() if n != "__metadata__"]
            return 8 + length + int(max(ends))
        except (struct.error, ValueError, TypeError, KeyError, IndexError) as error:
            raise BadHeader("its header is cut off or damaged") from error
