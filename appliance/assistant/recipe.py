"""Which type each weight gets when a model is packed."""

from collections.abc import Iterable

from appliance.models.gguf import Tensor
from appliance.models.manifest import Recipe

# ggml's numbers of its types.
Q5_0, Q8_0, IQ4_NL = 6, 8, 20

WIDE: dict[Recipe, int] = {"iq4_nl": IQ4_NL}

LOOKED_UP = "token_embd.weight"
NARROW = ("attn_k.weight", "attn_v.weight")


def plan(recipe: Recipe, tensors: Iterable[Tensor]) -> dict[str, int]:
    """The type of each matrix in the packed file, by its name.

    llama.cpp lays IQ4_NL and Q4_K out anew for its kernels of many columns, and Q5_0 not.
    """
    matrices = [tensor for tensor in tensors if len(tensor.shape) > 1]
    return {tensor.name: _type(tensor, WIDE[recipe]) for tensor in matrices}


def _type(tensor: Tensor, wide: int) -> int:
    if tensor.type != Q5_0 or tensor.name == LOOKED_UP:
        return tensor.type
    return Q8_0 if tensor.name.endswith(NARROW) else wide
