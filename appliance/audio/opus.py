"""How long an Opus packet sounds, from its first two bytes (RFC 6716, 3.1). No decoding."""

MOST_MS = 120.0  # what a packet may hold, by the standard

# Length of a frame by the number of the configuration, in ms.
_SILK = (10.0, 20.0, 40.0, 60.0)
_HYBRID = (10.0, 20.0)
_CELT = (2.5, 5.0, 10.0, 20.0)


def packet_ms(packet: bytes) -> float:
    """What a decoder would make of it, at most; 0 of a packet without bytes."""
    if not packet:
        return 0.0
    number, code = packet[0] >> 3, packet[0] & 3
    if number < 12:
        frame_ms = _SILK[number % 4]
    elif number < 16:
        frame_ms = _HYBRID[number % 2]
    else:
        frame_ms = _CELT[number % 4]
    if code == 3:
        frames = packet[1] & 63 if len(packet) > 1 else 0
    else:
        frames = 1 if code == 0 else 2
    return min(MOST_MS, frames * frame_ms)
