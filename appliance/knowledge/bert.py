"""Sentences as vectors, by a small BERT on CTranslate2. The only door to it here.

The weights come as safetensors, which CTranslate2 does not read: they are laid out in its
own form once, in int8, a quarter of the size and three times as fast as the original.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import numpy.typing as npt
from ctranslate2.converters import utils
from ctranslate2.specs import common_spec, transformer_spec
from tokenizers import Tokenizer

from appliance.errors import ModelError

Vectors = npt.NDArray[np.float32]

FORM = "ctranslate2-int8"
LONGEST = 128  # tokens; all-MiniLM-L6-v2 was trained on 128, and a passage has fewer
BATCH = 32


class Bert:
    """all-MiniLM-L6-v2, or another BERT of that layout: mean of the tokens, length 1."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Raises ModelError if the files are not those of such a model."""
        if not (folder / "tokenizer.json").is_file():
            raise _unusable(folder, "there is no tokenizer.json in it")
        try:
            self._tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._tokens.enable_truncation(LONGEST)
            self._tokens.no_padding()
            with _converted(folder) as form:
                self._model = ctranslate2.Encoder(
                    str(form), device="cpu", compute_type="int8", intra_threads=threads
                )
        except (OSError, KeyError, ValueError, RuntimeError) as error:
            raise _unusable(folder, str(error)) from error

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 for each text."""
        ids = [encoded.ids for encoded in self._tokens.encode_batch(list(texts))]
        order = sorted(range(len(ids)), key=lambda number: len(ids[number]))
        rows: list[Any] = [None] * len(ids)
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            out = np.asarray(
                self._model.forward_batch(
                    [ids[number] for number in part]
                ).last_hidden_state
            )
            for place, number in enumerate(part):
                mean = out[place, : len(ids[number])].mean(axis=0)
                rows[number] = mean / np.linalg.norm(mean)
        return np.asarray(rows, dtype=np.float32)


def _unusable(folder: Path, why: str) -> ModelError:
    return ModelError(
        f"The sentence model in {folder} cannot be loaded: {why}.",
        fix='Run `appliance models verify`, or set `[knowledge] model` to "".',
    )


@contextmanager
def _converted(folder: Path) -> Iterator[Path]:
    """The folder in CTranslate2's form. Kept beside the original; where that may not be
    written, made anew each time, which takes half a second."""
    target = folder / FORM
    if (target / "model.bin").is_file():
        yield target
        return
    writable = os.access(folder, os.W_OK)
    with tempfile.TemporaryDirectory(dir=folder if writable else None) as name:
        fresh = Path(name) / FORM
        fresh.mkdir()
        _convert(folder, fresh)
        if writable:
            shutil.rmtree(target, ignore_errors=True)
            fresh.replace(target)
        yield target if writable else fresh


def _convert(folder: Path, target: Path) -> None:
    config = json.loads((folder / "config.json").read_bytes())
    weights = _safetensors(folder / "model.safetensors")
    layers = config["num_hidden_layers"]
    encoder = transformer_spec.TransformerEncoderSpec(
        layers,
        config["num_attention_heads"],
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    spec = transformer_spec.TransformerEncoderModelSpec(encoder)
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = weights["embeddings.word_embeddings.weight"]
    encoder.embeddings[1].weight = weights["embeddings.token_type_embeddings.weight"]
    encoder.position_encodings.encodings = weights["embeddings.position_embeddings.weight"]
    _norm(encoder.layernorm_embedding, weights, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        of = f"encoder.layer.{number}"
        split = [common_spec.LinearSpec() for _ in range(3)]
        for part, name in zip(split, ("query", "key", "value"), strict=True):
            _linear(part, weights, f"{of}.attention.self.{name}")
        utils.fuse_linear(layer.self_attention.linear[0], split)
        _linear(layer.self_attention.linear[1], weights, f"{of}.attention.output.dense")
        _norm(layer.self_attention.layer_norm, weights, f"{of}.attention.output.LayerNorm")
        _linear(layer.ffn.linear_0, weights, f"{of}.intermediate.dense")
        _linear(layer.ffn.linear_1, weights, f"{of}.output.dense")
        _norm(layer.ffn.layer_norm, weights, f"{of}.output.LayerNorm")
    spec.config.layer_norm_epsilon = config["layer_norm_eps"]
    spec.config.unk_token = "[UNK]"  # noqa: S105 a token of text
    spec.register_vocabulary((folder / "vocab.txt").read_text().splitlines())
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(target))


def _linear(spec: Any, weights: dict[str, Vectors], name: str) -> None:
    spec.weight = weights[f"{name}.weight"]
    spec.bias = weights[f"{name}.bias"]


def _norm(spec: Any, weights: dict[str, Vectors], name: str) -> None:
    spec.gamma = weights[f"{name}.weight"]
    spec.beta = weights[f"{name}.bias"]


def _safetensors(path: Path) -> dict[str, Vectors]:
    """The float arrays of the file: a length, a JSON head with their places, the data."""
    data = path.read_bytes()
    end = 8 + int.from_bytes(data[:8], "little")
    head = json.loads(data[8:end])
    found = dict[str, Vectors]()
    for name, about in head.items():
        if name == "__metadata__" or about["dtype"] != "F32":
            continue
        first, last = about["data_offsets"]
        values = np.frombuffer(data[end + first : end + last], dtype="<f4")
        found[name.removeprefix("bert.")] = values.reshape(about["shape"]).copy()
    return found
