"""Which type each weight gets when a model is packed."""

from collections.abc import Iterable

from appliance.models.gguf import Tensor
from appliance.models.manifest import Recipe

# ggml's numbers of its types.
Q4_0, Q5_0, Q8_0, IQ4_NL = 2, 6, 8, 20

WIDE: dict[Recipe, int] = {"iq4_nl": IQ4_NL}

LOOKED_UP = "token_embd.weight"  # never multiplied with, so its type costs no time
OUTPUT = "output.weight"
ATTENTION = ".attn_"


def plan(recipe: Recipe, tensors: Iterable[Tensor]) -> dict[str, int]:
    """The type of each matrix in the packed file, by its name.

    llama.cpp has no kernels of many columns for Q5_0 and Q8_0, and for IQ4_NL it has. So
    the large matrices of the first two change. Those of attention are a seventh of what
    would and did two thirds of the harm: they become Q8_0, which loses nothing. Measured
    in scripts/bench/tried.md.
    """
    matrices = [tensor for tensor in tensors if len(tensor.shape) > 1]
    return {tensor.name: _type(tensor, WIDE[recipe]) for tensor in matrices}


def gains_by_layout(tensors: Iterable[Tensor]) -> bool:
    """Whether laying the weights out anew is worth a second copy of them in memory.

    A 1.5B of Q4_K did not gain: 610 MB more, one to four answers 10 to 35 % faster, and
    64 tokens read in 460 ms instead of 330.
    """
    return any(tensor.type in (Q4_0, IQ4_NL) for tensor in tensors)


def _type(tensor: Tensor, wide: int) -> int:
    if tensor.name == LOOKED_UP:
        return tensor.type
    if tensor.name == OUTPUT:
        return wide if tensor.type in (Q5_0, Q8_0) else tensor.type
    if tensor.type != Q5_0:
        return tensor.type
    return Q8_0 if ATTENTION in tensor.name else wide
