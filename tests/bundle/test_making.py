"""The same inputs make the same kit, byte for byte."""

import os
import shutil
from pathlib import Path

import pytest

from appliance.bundle import processors
from appliance.bundle.making import pack
from appliance.bundle.signing import make, read
from appliance.errors import KitError
from appliance.kit.ed25519 import verify
from appliance.kit.listing import sha256
from tests.kit.tiny import MADE, signer, tiny_kit


def test_a_kit_is_packed_into_the_same_bytes_whoever_does_it_and_when(
    tmp_path: Path,
) -> None:
    kit = tiny_kit(tmp_path / "one/kit", signer(tmp_path))
    shutil.copytree(kit, tmp_path / "two/kit")
    for path in (tmp_path / "two/kit").rglob("*"):
        os.utime(path, (1, 1))
    packed = [pack(tmp_path / name / "kit", MADE) for name in ("one", "two")]
    assert sha256(packed[0]) == sha256(packed[1])


def test_a_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    made = make(tmp_path / "keys/kit.pem")
    assert (tmp_path / "keys/kit.pem").stat().st_mode & 0o777 == 0o600
    again = read(tmp_path / "keys/kit.pem")
    assert again.public == made.public
    signature = bytes.fromhex(again.sign(b"kit"))
    assert verify(bytes.fromhex(made.public), b"kit", signature)
    with pytest.raises(KitError, match="File exists"):
        make(tmp_path / "keys/kit.pem")


def test_what_is_no_key_is_not_signed_with(tmp_path: Path) -> None:
    (tmp_path / "kit.pem").write_text("no key\n")
    with pytest.raises(KitError, match="no key that can be read"):
        read(tmp_path / "kit.pem")


def test_a_build_for_the_oldest_processor_asks_for_nothing_newer() -> None:
    arguments = processors.cmake(processors.OLDEST).split()
    assert "-DGGML_NATIVE=OFF" in arguments
    assert "-DGGML_AVX2=ON" in arguments
    assert "-DGGML_AVX512=OFF" in arguments


def test_a_kit_knows_the_processors_that_setup_knows() -> None:
    setup = Path(__file__).parents[2] / "scripts/setup"
    pairs = [line for line in setup.read_text().splitlines() if ":AVX" in line]
    words = " ".join(pairs).replace("\\", "").replace("; do", "").replace("for pair in", "")
    known = dict(pair.split(":") for pair in words.split())
    assert known == processors.KNOWN
    assert list(known) == list(processors.KNOWN)


def test_a_processor_that_nobody_has_heard_of_is_refused() -> None:
    with pytest.raises(KitError, match="no processor 'z80'"):
        processors.needed("z80")
