"""Read the header of a GGUF file far enough to know that all of it is there.

    "GGUF" | u32 version | u64 tensors | u64 keys | keys | tensor infos | padding | data

A copy that was cut off keeps a perfect beginning, so the end of the last tensor is worked
out from the header and compared with the size of the file.
"""

import math
import mmap
import struct
from pathlib import Path

from msgspec import Struct

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MAX_DIMENSIONS = 4  # GGML_MAX_DIMS
DEFAULT_ALIGNMENT = 32

STRING, ARRAY = 8, 9
# Bytes of each scalar type of a key: u8 i8 u16 i16 u32 i32 f32 bool, u64 i64 f64.
SCALARS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}

# ggml tensor type -> (elements in a block, bytes of a block). A type that is not listed is
# only checked to begin inside the file.
BLOCKS = {
    0: (1, 4),  # F32
    1: (1, 2),  # F16
    2: (32, 18),  # Q4_0
    3: (32, 20),  # Q4_1
    6: (32, 22),  # Q5_0
    7: (32, 24),  # Q5_1
    8: (32, 34),  # Q8_0
    10: (256, 84),  # Q2_K
    11: (256, 110),  # Q3_K
    12: (256, 144),  # Q4_K
    13: (256, 176),  # Q5_K
    14: (256, 210),  # Q6_K
    20: (32, 18),  # IQ4_NL
    23: (256, 136),  # IQ4_XS
    30: (1, 2),  # BF16
}


class Tensor(Struct, frozen=True, kw_only=True):
    name: str
    shape: tuple[int, ...]  # the length of a row first
    type: int  # ggml's number of it
    end: int  # in bytes, counted from where all data begins


class GgufHeader(Struct, frozen=True, kw_only=True):
    architecture: str  # "qwen2", "llama"; "" where the file does not say
    needed_bytes: int  # the file must be at least this long
    tensors: tuple[Tensor, ...]


class BadHeader(ValueError):
    """The file does not begin as its format says; the text says why."""


def read_gguf(file: Path) -> GgufHeader:
    """Raises BadHeader for anything that is not a whole GGUF header, and OSError."""
    if file.stat().st_size < 24:
        raise BadHeader("it is shorter than a GGUF header")
    with (
        file.open("rb") as source,
        mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        try:
            return _Reader(data).header()
        except (struct.error, UnicodeDecodeError, IndexError, OverflowError) as error:
            raise BadHeader("its header is cut off or damaged") from error


class _Reader:
    def __init__(self, data: mmap.mmap) -> None:
        self.data = data
        self.at = 0

    def header(self) -> GgufHeader:
        if self.data[:4] != MAGIC:
            raise BadHeader("it does not begin with GGUF")
        self.at = 4
        version = self.u32()
        if version not in VERSIONS:
            raise BadHeader(f"it is GGUF version {version}; versions 2 and 3 are known")
        tensors, keys = self.u64(), self.u64()
        alignment, architecture = DEFAULT_ALIGNMENT, ""
        for _ in range(keys):
            key = self.string()
            kind = self.u32()
            start = self.at
            self.skip(kind)
            if key == b"general.alignment" and kind == 4:
                (alignment,) = struct.unpack_from("<I", self.data, start)
            elif key == b"general.architecture" and kind == STRING:
                architecture = self.data[start + 8 : self.at].decode()
        found = tuple(self.tensor() for _ in range(tensors))
        end = max((tensor.end for tensor in found), default=0)
        if not end or not alignment:
            raise BadHeader("it holds no tensors")
        begin = -(-self.at // alignment) * alignment
        return GgufHeader(
            architecture=architecture, needed_bytes=begin + end, tensors=found
        )

    def u32(self) -> int:
        (value,) = struct.unpack_from("<I", self.data, self.at)
        self.at += 4
        return int(value)

    def u64(self) -> int:
        (value,) = struct.unpack_from("<Q", self.data, self.at)
        self.at += 8
        return int(value)

    def string(self) -> bytes:
        length = self.u64()
        self.at += length
        return self.data[self.at - length : self.at]

    def skip(self, kind: int) -> None:
        """Step over one value."""
        if kind in SCALARS:
            self.at += SCALARS[kind]
        elif kind == STRING:
            self.string()
        elif kind == ARRAY:
            self.skip_array()
        else:
            raise BadHeader(f"a key has the unknown type {kind}")

    def skip_array(self) -> None:
        kind, count = self.u32(), self.u64()
        if kind in SCALARS:
            self.at += SCALARS[kind] * count
            return
        if kind != STRING:  # arrays of arrays are allowed, and nobody writes them
            raise BadHeader(f"a key is a list of the unknown type {kind}")
        # The vocabulary: 300,000 strings, so no method call for each.
        length, at = struct.Struct("<Q"), self.at
        for _ in range(count):
            at += 8 + length.unpack_from(self.data, at)[0]
        self.at = at

    def tensor(self) -> Tensor:
        name = self.string().decode()
        dimensions = self.u32()
        if dimensions > MAX_DIMENSIONS:
            raise BadHeader(f"a tensor has {dimensions} dimensions")
        shape = tuple(self.u64() for _ in range(dimensions))
        kind, offset = self.u32(), self.u64()
        block, size = BLOCKS.get(kind, (1, 0))
        end = offset + math.prod(shape) // block * size
        return Tensor(name=name, shape=shape, type=kind, end=end)
