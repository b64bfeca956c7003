"""The process that packs weights: `-m appliance.assistant.requantise FROM TO RECIPE`.

Proves the result by one decoded token, as every start of the engine does.
"""

import sys
from pathlib import Path
from typing import cast

from appliance.assistant.llama import Llama, requantise
from appliance.assistant.recipe import plan
from appliance.errors import ApplianceError, ModelError
from appliance.models.gguf import read_gguf
from appliance.models.manifest import Recipe
from appliance.workers.child import yield_to_other_sessions


def run(source: Path, target: Path, recipe: Recipe) -> None:
    """Raises ModelError, BadHeader, OSError."""
    wanted = plan(recipe, read_gguf(source).tensors)
    requantise(source, target, wanted)
    found = {tensor.name: tensor.type for tensor in read_gguf(target).tensors}
    other = [name for name, kind in wanted.items() if found.get(name) != kind]
    if other:
        raise ModelError(
            f"llama.cpp chose another type for {len(other)} tensors, first {other[0]}.",
            fix="This release wants another version of it: run scripts/setup.",
        )
    model = Llama(target, threads=0, sequences=1, cells=64, batch=32)
    model.prove()
    model.close()


def main(source: str, target: str, recipe: Recipe) -> None:
    yield_to_other_sessions()
    try:
        run(Path(source), Path(target), recipe)
    except ApplianceError as error:
        sys.exit(error.problem)
    except (OSError, ValueError) as error:
        sys.exit(f"{error}.")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], cast(Recipe, sys.argv[3]))
