"""The server's log: one line for each event, whatever somebody put into a name.

Whoever can write a newline into a log can write the line that follows it: "signed in as
admin". And whoever can make the box write a line for each packet fills its disk.
"""

import logging
import time
from collections import Counter
from typing import Any

from appliance.bucket import Bucket, Rate
from appliance.shown import escaped

# Of one kind; a broken client repeats itself many times a second, for days.
SAME = Rate(burst=20, per_s=0.1)


class OneLine(logging.Formatter):
    """Escapes what is unsafe, and sets the lines of a traceback off from other lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = escaped(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:
        told = super().formatException(ei)
        return "\n".join(f"  | {escaped(line)}" for line in told.split("\n"))


class Calm(logging.Filter):
    """Lets the first of a kind through, then one now and then, which says how many were
    left out. A kind is a line of the program that logs."""

    def __init__(self) -> None:
        super().__init__()
        self._kinds: dict[tuple[str, int], Bucket] = {}
        self._left_out: Counter[tuple[str, int]] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        kind, now = (record.pathname, record.lineno), time.monotonic()
        if self._kinds.setdefault(kind, Bucket(SAME, now)).take(1, now):
            self._left_out[kind] += 1
            return False
        if left_out := self._left_out.pop(kind, 0):
            record.msg = f"{record.getMessage()} [{left_out} more were left out]"
            record.args = None
        return True


def log_to_stderr() -> None:
    """From the whole process; systemd adds the time."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine("%(levelname)s %(name)s: %(message)s"))
    handler.addFilter(Calm())
    logging.basicConfig(level="INFO", handlers=[handler])
