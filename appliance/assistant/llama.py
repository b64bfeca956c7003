"""llama.cpp through its low-level API. The only module that imports llama_cpp."""

import ctypes
import logging
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from numpy.typing import NDArray

from appliance.assistant.recipe import gains_by_layout
from appliance.assistant.seat import Entry
from appliance.errors import ModelError
from appliance.models.gguf import BadHeader, read_gguf

logger = logging.getLogger(__name__)

# ggml numbers them 1 debug, 2 info, 3 warning, 4 error; 5 continues the line before.
LEVELS = {2: logging.DEBUG, 3: logging.INFO, 4: logging.ERROR}

MAGIC = b"GGUF"

EVERY_LAYER = 999  # more than any model has

# With flash attention a token costs what its own call costs and not what every warm call
# costs, because cells that a sequence may not see are skipped: beside 12 other calls of
# 512 tokens 28 ms a token on 2 cores, without it 44 ms, alone 26 ms either way.
FLASH_ATTENTION = llama_cpp.LLAMA_FLASH_ATTN_TYPE_ENABLED


def _log(level: int, text: bytes, _data: object) -> None:
    line = text.decode(errors="replace").strip()
    if line and level in LEVELS:
        logger.log(LEVELS[level], "llama.cpp: %s", line)


# Kept for ever: llama.cpp calls it until the process ends.
_CALLBACK = llama_cpp.llama_log_callback(_log)


class Llama:
    """One model and one context that many sequences share. One thread at a time."""

    def __init__(
        self,
        path: Path,
        *,
        threads: int,
        sequences: int,
        cells: int,
        batch: int,
        gpu_layers: int = 0,
    ) -> None:
        """`cells` tokens of KV cache for all `sequences` together; `batch` tokens at most
        in one decode; 0 `threads` means every core; -1 `gpu_layers` all that can be had.
        Raises ModelError."""
        llama_cpp.llama_log_set(_CALLBACK, ctypes.c_void_p(0))
        _check(path)
        llama_cpp.llama_backend_init()
        layers = on_gpu(gpu_layers, offered=llama_cpp.llama_supports_gpu_offload())
        self._model = llama_cpp.llama_model_load_from_file(
            str(path).encode(), _model_params(path, layers)
        )
        if not self._model:
            raise ModelError(
                f"llama.cpp cannot load {path}.",
                fix="Run `appliance models verify`; the log above says what it disliked.",
            )
        self._vocab = llama_cpp.llama_model_get_vocab(self._model)
        self._context = llama_cpp.llama_init_from_model(
            self._model,
            _context_params(
                threads=threads or len(os.sched_getaffinity(0)),
                sequences=sequences,
                cells=cells,
                batch=batch,
            ),
        )
        if not self._context:
            llama_cpp.llama_model_free(self._model)
            raise ModelError(
                f"No memory for {cells} tokens of context of {path}.",
                fix="Lower [advice] max_calls or context_tokens, or take a smaller model.",
            )
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._batch = llama_cpp.llama_batch_init(batch, 0, 1)
        self._path = path
        self._pieces: dict[int, bytes] = {}
        self.cells = cells
        self.batch = batch
        self.vocabulary: int = llama_cpp.llama_vocab_n_tokens(self._vocab)

    def close(self) -> None:
        llama_cpp.llama_batch_free(self._batch)
        llama_cpp.llama_free(self._context)
        llama_cpp.llama_model_free(self._model)

    def prove(self) -> None:
        """Decode one token and forget it. Raises ModelError if that gives no numbers."""
        (probe, *_) = self.tokens("Hello")
        self.decode([Entry(probe, 0, 0, True)])
        if not np.isfinite(self.logits(0)).all():
            raise ModelError(
                f"The language model {self._path} computes no numbers.",
                fix="Run `appliance models verify`; if it is whole, choose another model.",
            )
        self.cut(0, 0)

    def tokens(self, text: str, *, special: bool = False) -> list[int]:
        """`special` reads <|im_start|> and its like as control tokens; never set it for
        what people said."""
        data = text.encode()
        room = len(data) + 8
        found = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(
            self._vocab, data, len(data), found, room, False, special
        )
        return list(found[: max(count, 0)])

    def piece(self, token: int) -> bytes:
        """The bytes of a token, empty for control tokens; may be half a character."""
        known = self._pieces.get(token)
        if known is None:
            buffer = ctypes.create_string_buffer(256)
            size = llama_cpp.llama_token_to_piece(self._vocab, token, buffer, 256, 0, False)
            known = self._pieces[token] = buffer.raw[: max(size, 0)]
        return known

    def decode(self, entries: Sequence[Entry]) -> None:
        """Run one batch. Raises ModelError if the library gives up."""
        batch = self._batch
        batch.n_tokens = len(entries)
        for i, entry in enumerate(entries):
            batch.token[i] = entry.token
            batch.pos[i] = entry.position
            batch.n_seq_id[i] = 1
            batch.seq_id[i][0] = entry.sequence
            batch.logits[i] = entry.wanted
        result = llama_cpp.llama_decode(self._context, batch)
        if result:
            why = "the KV cache is full" if result == 1 else f"code {result}"
            raise ModelError(
                f"llama.cpp could not decode a batch of {len(entries)} tokens: {why}.",
                fix="The worker starts again by itself; if it repeats, verify the model.",
            )

    def logits(self, index: int) -> NDArray[np.float32]:
        """Scores of the next token after entry `index` of the last batch, which wanted
        them. Shape (vocabulary,); valid until the next decode."""
        pointer = llama_cpp.llama_get_logits_ith(self._context, index)
        return np.ctypeslib.as_array(pointer, shape=(self.vocabulary,))

    def share(self, source: int, target: int) -> None:
        """Let `target` see everything of `source`, without a copy."""
        llama_cpp.llama_memory_seq_cp(self._memory, source, target, -1, -1)

    def cut(self, sequence: int, start: int, end: int = -1) -> None:
        """Forget positions [start, end) of a sequence; -1 means to its end."""
        llama_cpp.llama_memory_seq_rm(self._memory, sequence, start, end)

    def slide(self, sequence: int, start: int, by: int) -> None:
        """Move positions from `start` to the end; no other sequence may share them."""
        llama_cpp.llama_memory_seq_add(self._memory, sequence, start, -1, by)


def on_gpu(wanted: int, *, offered: bool) -> int:
    """How many layers go to the GPU; -1 wants as many as can be. Raises ModelError if some
    are demanded of a llama.cpp that is built for the CPU alone."""
    if wanted < 0:
        return EVERY_LAYER if offered else 0
    if wanted and not offered:
        raise ModelError(
            f"[advice] gpu_layers is {wanted}, but llama.cpp is built without a GPU.",
            fix="Set it to -1 or 0, or build llama-cpp-python with -DGGML_CUDA=ON.",
        )
    return wanted


def _check(path: Path) -> None:
    """llama.cpp's own message for a wrong file is a page; ours is a sentence."""
    try:
        with path.open("rb") as file:
            magic = file.read(len(MAGIC))
    except OSError as error:
        raise ModelError(
            f"Cannot read the language model {path}: {error.strerror}.",
            fix="Run `appliance models fetch`, or correct [advice] model.",
        ) from error
    if magic != MAGIC:
        raise ModelError(
            f"{path} is not a GGUF file.",
            fix="Run `appliance models verify`, or correct [advice] model.",
        )


def requantise(source: Path, target: Path, types: Mapping[str, int]) -> None:
    """Write a copy of a GGUF file in which each tensor named in `types` has that type, by
    ggml's number. Raises ModelError."""
    llama_cpp.llama_log_set(_CALLBACK, ctypes.c_void_p(0))
    _check(source)
    overrides = (llama_cpp.llama_model_tensor_override * (len(types) + 1))()
    for override, (name, kind) in zip(overrides, types.items(), strict=False):
        override.pattern = f"^{re.escape(name)}$".encode()
        override.type = kind
    params = llama_cpp.llama_model_quantize_default_params()
    params.allow_requantize = True
    params.ftype = llama_cpp.LLAMA_FTYPE_MOSTLY_IQ4_NL
    params.tt_overrides = overrides  # ends with one that has no pattern
    if llama_cpp.llama_model_quantize(
        str(source).encode(), str(target).encode(), ctypes.byref(params)
    ):
        raise ModelError(
            f"llama.cpp could not write {target}.",
            fix="See to the disk; the log above says what it disliked.",
        )


def extra_buffers_are_safe(cpuinfo: str) -> bool:
    """Whether llama.cpp may lay out weights anew for this processor's kernels.

    On virtual machines that offer AMX and do not have it, it dies of that with a general
    protection fault at `ldtilecfg` (llama.cpp issue 20824). A processor that says nothing
    of itself is not trusted.
    """
    return bool(cpuinfo) and "amx_tile" not in cpuinfo.split()


def _cpuinfo() -> str:
    try:
        return Path("/proc/cpuinfo").read_text()
    except OSError:  # not Linux
        return ""


def _gains_by_layout(path: Path) -> bool:
    try:
        return gains_by_layout(read_gguf(path).tensors)
    except BadHeader:  # llama.cpp says better what it dislikes
        return False


def _model_params(path: Path, gpu_layers: int) -> Any:
    params = llama_cpp.llama_model_default_params()
    params.use_extra_bufts = extra_buffers_are_safe(_cpuinfo()) and _gains_by_layout(path)
    params.n_gpu_layers = gpu_layers
    return params


def _context_params(*, threads: int, sequences: int, cells: int, batch: int) -> Any:
    params = llama_cpp.llama_context_default_params()
    params.n_ctx = cells
    params.n_batch = params.n_ubatch = batch
    params.n_seq_max = sequences
    params.kv_unified = True
    params.n_threads = params.n_threads_batch = threads
    params.flash_attn_type = FLASH_ATTENTION
    params.no_perf = True
    return params
