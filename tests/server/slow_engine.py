"""The foreseeable speech model, but it takes its time, as real ones do."""

import time
from collections.abc import Sequence

from appliance.workers.port import Engine, Refusal, Reply
from tests.pipeline.engines import spelled_length

STEP_S = 0.3


class Slow:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.submit, self.cancel, self.idle = engine.submit, engine.cancel, engine.idle

    def step(self) -> Sequence[Reply | Refusal]:
        time.sleep(STEP_S)
        return self.engine.step()


def build(config: bytes) -> Slow:
    return Slow(spelled_length(config))
