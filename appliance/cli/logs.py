"""The server's log: one line for each event, whatever somebody put into a name; as text, or
as JSON for a collector.

Whoever can write a newline into a log can write the line that follows it: "signed in as
admin". And whoever can make the box write a line for each packet fills its disk.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from appliance.bucket import Bucket, Rate
from appliance.logged import ATTRIBUTE, Facts
from appliance.pipeline import logbook
from appliance.settings import LogFormat
from appliance.shown import escaped

# Of one kind; a broken client repeats itself many times a second, for days.
SAME = Rate(burst=20, per_s=0.1)


class OneLine(logging.Formatter):
    """Escapes what is unsafe, and sets the lines of a traceback off from other lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        facts = (f"{name}={fact}" for name, fact in _facts(record).items())
        record.message = escaped(" ".join([record.message, *facts]))
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:
        told = super().formatException(ei)
        return "\n".join(f"  | {escaped(line)}" for line in told.split("\n"))


class JsonLine(logging.Formatter):
    """An object with `at` (UTC), `level`, `logger`, `message`, where there is one `trace`,
    and what the line is about: `call`, and more."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return msgspec.json.encode({**_facts(record), **line}).decode()


FORMATTERS: Mapping[LogFormat, Callable[[], logging.Formatter]] = {
    "text": lambda: OneLine("%(levelname)s %(name)s: %(message)s"),  # systemd adds the time
    "json": JsonLine,
}


def _facts(record: logging.LogRecord) -> Facts:
    facts: Facts = getattr(record, ATTRIBUTE, {})
    return facts


class Calm(logging.Filter):
    """Lets the first of a kind through, then one now and then, which says how many were
    left out. A kind is a line of the program that logs. That calls begin and end is told of
    each: who may start how many is limited elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self._kinds: dict[tuple[str, int], Bucket] = {}
        self._left_out: Counter[tuple[str, int]] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == logbook.__name__:
            return True
        kind, now = (record.pathname, record.lineno), time.monotonic()
        if self._kinds.setdefault(kind, Bucket(SAME, now)).take(1, now):
            self._left_out[kind] += 1
            return False
        if left_out := self._left_out.pop(kind, 0):
            record.msg = f"{record.getMessage()} [{left_out} more were left out]"
            record.args = None
        return True


def log_to_stderr(format_: LogFormat) -> None:
    """From the whole process."""
    handler = logging.StreamHandler()
    handler.setFormatter(FORMATTERS[format_]())
    handler.addFilter(Calm())
    logging.basicConfig(level="INFO", handlers=[handler])
