"""How busy the speech engine is, and with what."""

from collections.abc import Sequence

from msgspec import Struct, field

from appliance.transcriber.scheduler import Request


class Usage(Struct):
    """Counts since the start; part of `/healthz`."""

    lanes: int = 1  # processes of the engine
    busy_s: float = 0.0  # batches were with them, added up over the lanes
    passes: dict[str, int] = field(default_factory=dict)  # by purpose
    items: dict[str, int] = field(default_factory=dict)  # utterances in them

    def took(self, batch: Sequence[Request], engine_s: float) -> None:
        """One batch is back; failed ones count too."""
        self.busy_s += engine_s
        _count(self.passes, batch[0])
        for request in batch:
            _count(self.items, request)


def _count(counts: dict[str, int], request: Request) -> None:
    kind = "second" if request.second else request.purpose
    counts[kind] = counts.get(kind, 0) + 1
