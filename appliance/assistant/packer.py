"""Pack a model's weights in a child process: what crashes there takes nobody along."""

import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from appliance.errors import ModelError
from appliance.models.manifest import Recipe
from appliance.workers.exits import describe_exit

WAIT_S = 0.5  # between two looks at how much is written


def pack(
    source: Path, target: Path, recipe: Recipe, progress: Callable[[int], None]
) -> str:
    """Write `target` and return what made it, with its version. Raises ModelError."""
    command = ["nice", "-n", "19", sys.executable, "-m", "appliance.assistant.requantise"]
    with subprocess.Popen(
        [*command, str(source), str(target), recipe],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        # A session of its own, so that it can be nice to other sessions too.
        start_new_session=True,
    ) as child:
        try:
            said = _wait(child, target, progress)
        except BaseException:
            child.kill()  # Ctrl-C: it does not reach another session
            raise
    if child.returncode:
        raise _failed(source, child.returncode, said)
    return f"llama-cpp-python {metadata.version('llama-cpp-python')}"


def _wait(
    child: "subprocess.Popen[str]", target: Path, progress: Callable[[int], None]
) -> str:
    while True:
        try:
            return child.communicate(timeout=WAIT_S)[1]
        except subprocess.TimeoutExpired:
            if target.exists():
                progress(target.stat().st_size)


def _failed(source: Path, code: int, said: str) -> ModelError:
    lines = said.strip().splitlines()
    reason = lines[-1] if code > 0 and lines else describe_exit("packing", code)
    return ModelError(
        f"{source} could not be packed: {reason}",
        fix="It can be served as it is, only slower. `appliance models pack` tries again.",
    )
