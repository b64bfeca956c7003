"""Is this signature of that key? RFC 8032, section 5.1.7, in integers.

Written out because nothing is installed yet when it is asked: the machine has Python, and
the library that could answer is a part of what is to be checked. One answer takes some
20 ms. It only ever reads what is public, so it need not take the same time for all of it.
"""

import hashlib
from typing import TypeAlias

Point: TypeAlias = tuple[int, int, int, int]  # extended coordinates: x, y, z, x*y/z

KEY_BYTES, SIGNATURE_BYTES = 32, 64

# Section 5.1: the field, the curve's constant, the order of its base point.
P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P
Q = 2**252 + 27742317777372353535851937790883648493
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the owner of the public `key` has signed `message`."""
    if len(key) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    owner, mark = _point(key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    # A scalar beyond the order would make a second signature of the same message.
    if owner is None or mark is None or scalar >= Q:
        return False
    challenge = hashlib.sha512(signature[:32] + key + message).digest()
    said = _times(int.from_bytes(challenge, "little") % Q, owner)
    return _same(_times(scalar, BASE), _sum(mark, said))


def _sum(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = _sum(result, point)
        point = _sum(point, point)
        number >>= 1
    return result


def _same(one: Point, other: Point) -> bool:
    return (
        one[0] * other[2] % P == other[0] * one[2] % P
        and one[1] * other[2] % P == other[1] * one[2] % P
    )


def _point(packed: bytes) -> Point | None:
    """None for bytes that are no point of the curve (section 5.1.3)."""
    number = int.from_bytes(packed, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    x = _x_of(y, sign) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


def _x_of(y: int, sign: int) -> int | None:
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def _base() -> Point:
    y = 4 * pow(5, P - 2, P) % P
    x = _x_of(y, 0)
    if x is None:
        raise AssertionError("the base point is on the curve, by RFC 8032")
    return x, y, 1, x * y % P


BASE = _base()
