"""The binary frame of the call socket, without the socket.

One frame is a little-endian header followed by audio in the announced format:

    u32 seq | u32 t_ms | payload
"""

import struct
from typing import NamedTuple

from appliance.errors import ProtocolError
from appliance.messages import AudioFormat

HEADER = struct.Struct("<II")
U32_MAX = 0xFFFF_FFFF

PCM_RATES = (8000, 16_000, 24_000, 48_000)
# G.711 is 8000 Hz by definition; some gateways call their wide-band lines mu-law too.
G711_RATES = (8000, 16_000)

# A second of Opus at its highest rate, 510 kbit/s, is 64 KiB; browsers record at a
# quarter of that. A longer frame would let one page stall every other call.
MAX_WEBM_BYTES = 128 * 1024


class Frame(NamedTuple):
    """One frame of one leg."""

    seq: int
    t_ms: int  # of the first sample, on the client's clock
    payload: bytes


def bytes_per_sample(audio: AudioFormat) -> int:
    """1 for G.711, 2 for PCM, 0 for webm, whose frames hold no whole samples.

    Raises ProtocolError for a codec and rate that do not go together.
    """
    if audio.codec == "webm_opus":
        return 0
    rates = PCM_RATES if audio.codec == "pcm_s16le" else G711_RATES
    if audio.rate not in rates:
        raise ProtocolError(
            f"Audio is announced as {audio.codec} at {audio.rate} Hz.",
            fix=f"Announce and send one of {', '.join(map(str, rates))} Hz.",
        )
    return 2 if audio.codec == "pcm_s16le" else 1


def largest_payload(audio: AudioFormat) -> int:
    """Bytes of audio one frame may carry: a second, or MAX_WEBM_BYTES."""
    return audio.rate * bytes_per_sample(audio) or MAX_WEBM_BYTES


def encode_frame(seq: int, t_ms: int, payload: bytes) -> bytes:
    """The bytes of a frame; `seq` and `t_ms` must fit in 32 bits."""
    return HEADER.pack(seq, t_ms) + payload


def parse_frame(data: bytes, audio: AudioFormat) -> Frame:
    """Take a binary message apart.

    20 to 100 ms of audio are expected, up to a second is accepted. Raises ProtocolError
    if there is no header, no audio, half a sample or too much.
    """
    sample, limit = bytes_per_sample(audio), largest_payload(audio)
    size = len(data) - HEADER.size
    if size < 0:
        raise ProtocolError(
            f"An audio frame has {len(data)} bytes; its header alone has {HEADER.size}.",
            fix="Send u32 seq and u32 t_ms, little-endian, before the audio.",
        )
    if size == 0:
        raise ProtocolError(
            "An audio frame has a header and no audio.",
            fix="Send 20 to 100 ms of audio in each frame.",
        )
    if size > limit:
        raise ProtocolError(
            f"An audio frame carries {size} bytes; the limit for {audio.codec} is {limit}.",
            fix="Send 20 to 100 ms of audio in each frame, never more than a second.",
        )
    if sample == 2 and size % 2:
        raise ProtocolError(
            f"An audio frame carries {size} bytes, an odd number, as 16-bit samples.",
            fix="Send whole samples, and check that the client encodes s16le.",
        )
    seq, t_ms = HEADER.unpack_from(data)
    return Frame(seq, t_ms, bytes(data[HEADER.size :]))
