from pathlib import Path

import pytest

from appliance.assistant.llama import extra_buffers_are_safe
from appliance.assistant.packer import pack
from appliance.assistant.recipe import IQ4_NL, Q5_0, Q8_0, gains_by_layout, plan
from appliance.errors import ModelError
from appliance.models.gguf import Tensor, read_gguf
from tests.assistant.tiny import MATRICES, write_tiny

XEON = "processor\t: 0\nmodel name\t: Xeon\nflags\t\t: fpu avx2 avx512f amx_bf16 amx_tile"
EPYC = "processor\t: 0\nmodel name\t: EPYC\nflags\t\t: fpu avx2 avx512f avx512_vnni"
NEON = "processor\t: 0\nFeatures\t: fp asimd asimddp i8mm"
Q4_K = 12


def test_a_small_model_is_packed_in_a_child_and_proved_there(tmp_path: Path) -> None:
    source = write_tiny(tmp_path / "model.gguf")
    target = tmp_path / "packed.gguf"

    made_by = pack(source, target, "iq4_nl", lambda _done: None)

    assert made_by.startswith("llama-cpp-python ")
    types = {tensor.name: tensor.type for tensor in read_gguf(target).tensors}
    assert {name: types[name] for name in MATRICES} == plan(
        "iq4_nl", read_gguf(source).tensors
    )
    assert types["blk.0.ffn_up.weight"] == IQ4_NL


def test_a_file_that_is_no_model_is_refused_with_the_reason(tmp_path: Path) -> None:
    source = tmp_path / "model.gguf"
    source.write_bytes(b"<html>a page of thirty bytes</html>")
    with pytest.raises(ModelError, match="packed: it does not begin with GGUF"):
        pack(source, tmp_path / "packed.gguf", "iq4_nl", lambda _done: None)


def tensor(name: str, kind: int, *shape: int) -> Tensor:
    return Tensor(name=name, shape=shape, type=kind, end=0)


def test_large_matrices_without_a_kernel_of_many_columns_change() -> None:
    planned = plan(
        "iq4_nl",
        [
            tensor("token_embd.weight", Q5_0, 896, 151_936),
            tensor("output.weight", Q8_0, 896, 151_936),
            tensor("blk.0.attn_norm.weight", 0, 896),
            tensor("blk.0.attn_v.weight", Q5_0, 896, 128),
            tensor("blk.0.ffn_up.weight", Q5_0, 896, 4864),
            tensor("blk.0.ffn_down.weight", Q4_K, 4864, 896),
        ],
    )
    assert planned == {
        "token_embd.weight": Q5_0,
        "output.weight": IQ4_NL,
        "blk.0.attn_v.weight": Q8_0,
        "blk.0.ffn_up.weight": IQ4_NL,
        "blk.0.ffn_down.weight": Q4_K,
    }


def test_only_packed_weights_are_laid_out_anew() -> None:
    fetched = [tensor("output.weight", Q8_0, 896, 99), tensor("a", Q4_K, 4864, 896)]
    assert not gains_by_layout(fetched)
    assert gains_by_layout([*fetched, tensor("b", IQ4_NL, 896, 4864)])


@pytest.mark.parametrize(
    ("cpuinfo", "safe"), [(XEON, False), (EPYC, True), (NEON, True), ("", False)]
)
def test_weights_are_laid_out_anew_only_where_no_amx_is_claimed(
    cpuinfo: str, safe: bool
) -> None:
    assert extra_buffers_are_safe(cpuinfo) is safe
