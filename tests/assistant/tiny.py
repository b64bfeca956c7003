"""A language model of 100 kB with random weights that llama.cpp loads and runs."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

WIDTH, INNER, HEADS, HEAD = 64, 256, 2, 32
Q5_0, F32 = 6, 0

# How GPT-2 writes the 256 bytes as letters, which llama.cpp expects of its vocabulary.
PRINTED = [*range(33, 127), *range(161, 173), *range(174, 256)]
OTHERS = [byte for byte in range(256) if byte not in PRINTED]
LETTERS = [chr(b) for b in PRINTED] + [chr(256 + i) for i in range(len(OTHERS))]
TOKENS = [*LETTERS, "He", "<|im_start|>", "<|im_end|>"]

MATRICES = {
    "token_embd.weight": (WIDTH, len(TOKENS)),
    "output.weight": (WIDTH, len(TOKENS)),
    "blk.0.attn_q.weight": (WIDTH, WIDTH),
    "blk.0.attn_k.weight": (WIDTH, HEAD),
    "blk.0.attn_v.weight": (WIDTH, HEAD),
    "blk.0.attn_output.weight": (WIDTH, WIDTH),
    "blk.0.ffn_gate.weight": (WIDTH, INNER),
    "blk.0.ffn_up.weight": (WIDTH, INNER),
    "blk.0.ffn_down.weight": (INNER, WIDTH),
}
VECTORS = {
    "output_norm.weight": WIDTH,
    "blk.0.attn_norm.weight": WIDTH,
    "blk.0.ffn_norm.weight": WIDTH,
    "blk.0.attn_q.bias": WIDTH,
    "blk.0.attn_k.bias": HEAD,
    "blk.0.attn_v.bias": HEAD,
}


def write_tiny(file: Path) -> Path:
    """A Qwen2 of one layer whose matrices are all Q5_0."""
    random = np.random.default_rng(7)
    weights = {
        name: (shape, Q5_0, _q5_0(random, shape[0] * shape[1] // 32))
        for name, shape in MATRICES.items()
    } | {
        name: ((size,), F32, np.ones(size, "<f4").tobytes())
        for name, size in VECTORS.items()
    }
    file.write_bytes(_gguf(_keys(), weights))
    return file


def _q5_0(random: np.random.Generator, blocks: int) -> bytes:
    raw = random.integers(0, 256, (blocks, 22), dtype=np.uint8)
    raw[:, :2] = np.frombuffer(np.float16(0.01).tobytes(), np.uint8)  # the block's scale
    return raw.tobytes()


def _keys() -> dict[str, bytes]:
    kinds = [1] * (len(TOKENS) - 2) + [3, 3]  # ordinary, and control
    return {
        "general.architecture": _text("qwen2"),
        "qwen2.block_count": _u32(1),
        "qwen2.context_length": _u32(256),
        "qwen2.embedding_length": _u32(WIDTH),
        "qwen2.feed_forward_length": _u32(INNER),
        "qwen2.attention.head_count": _u32(HEADS),
        "qwen2.attention.head_count_kv": _u32(1),
        "qwen2.attention.layer_norm_rms_epsilon": struct.pack("<If", 6, 1e-6),
        "tokenizer.ggml.model": _text("gpt2"),
        "tokenizer.ggml.pre": _text("qwen2"),
        "tokenizer.ggml.tokens": _texts(TOKENS),
        "tokenizer.ggml.token_type": struct.pack(
            f"<IIQ{len(kinds)}i", 9, 5, len(kinds), *kinds
        ),
        "tokenizer.ggml.merges": _texts(["H e"]),
        "tokenizer.ggml.eos_token_id": _u32(len(TOKENS) - 1),
    }


def _gguf(
    keys: Mapping[str, bytes], weights: Mapping[str, tuple[tuple[int, ...], int, bytes]]
) -> bytes:
    head = b"GGUF" + struct.pack("<IQQ", 3, len(weights), len(keys))
    head += b"".join(_string(name) + value for name, value in keys.items())
    data = b""
    for name, (shape, kind, content) in weights.items():
        head += _string(name)
        head += struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, len(data))
        data += content.ljust(-(-len(content) // 32) * 32, b"\0")
    return head.ljust(-(-len(head) // 32) * 32, b"\0") + data


def _string(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _text(text: str) -> bytes:
    return struct.pack("<I", 8) + _string(text)


def _texts(texts: Sequence[str]) -> bytes:
    return struct.pack("<IIQ", 9, 8, len(texts)) + b"".join(map(_string, texts))


def _u32(value: int) -> bytes:
    return struct.pack("<II", 4, value)
