"""Signatures as RFC 8032 and the library that makes them have them."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis.strategies import binary, integers

from appliance.kit.ed25519 import Q, verify

# RFC 8032, section 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
        "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
        "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_vectors_of_the_standard_are_right(
    key: str, message: str, signature: str
) -> None:
    given_ = [bytes.fromhex(text) for text in (key, message, signature)]
    assert verify(*given_)
    assert not verify(given_[0], given_[1] + b"x", given_[2])


@settings(max_examples=10, deadline=None)
@given(
    seed=binary(min_size=32, max_size=32), message=binary(max_size=200), at=integers(0, 511)
)
def test_what_the_library_signs_is_right_and_one_bit_makes_it_wrong(
    seed: bytes, message: bytes, at: int
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verify(public, message, signature)
    flipped = bytearray(signature)
    flipped[at // 8] ^= 1 << at % 8
    assert not verify(public, message, bytes(flipped))


def test_a_signature_cannot_be_written_in_a_second_way() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    signature = key.sign(b"kit")
    scalar = int.from_bytes(signature[32:], "little") + Q
    again = signature[:32] + scalar.to_bytes(32, "little")
    assert not verify(key.public_key().public_bytes_raw(), b"kit", again)


@pytest.mark.parametrize("key", [b"", b"\xff" * 32, bytes(31)])
def test_what_is_no_key_signs_nothing(key: bytes) -> None:
    assert not verify(key, b"kit", bytes(64))
