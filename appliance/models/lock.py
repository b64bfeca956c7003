"""One change to a model at a time, across processes: two setups at once must not fight."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.errors import ModelError
from appliance.models.files import OnStep, Step, unheard


@contextmanager
def exclusive(models_dir: Path, name: str, on_step: OnStep = unheard) -> Iterator[None]:
    """Hold the model's lock; waits for whoever has it. It is freed with the process.

    Raises ModelError if the models folder cannot be written.
    """
    # Never deleted: a lock file that is removed lets two holders in through two inodes.
    path = models_dir / ".locks" / f"{name}.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w")
    except OSError as error:
        raise ModelError(
            f"Cannot write to the models folder {models_dir}: {error.strerror}.",
            fix="Give this user the right to write there, or set `[models] dir` "
            "(APPLIANCE_MODELS_DIR) to another folder.",
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_step(Step(text=f"waiting for another process that works on {name}"))
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
