"""`/metrics` in Prometheus' text format: the figures of `/healthz`, told to a program.

Numbers only, and labels that name parts of the box: no person, no call, no word that was
said. Times are in seconds and sizes in bytes, as Prometheus wants them.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import accumulate
from typing import get_args

from anyio import to_thread
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response

from appliance.messages import AdviceStatus
from appliance.pipeline.box import Box
from appliance.pipeline.parts import PartState
from appliance.server.families import counter, gauge, histogram, labelled, state
from appliance.server.floor_metrics import floor_metrics
from appliance.server.health import Health, PartHealth, RecordingsHealth, look
from appliance.server.limits import Gate
from appliance.server.loop import FIRST_MS, STEP, LoopProbe
from appliance.server.machine import Machine, machine_metrics, measure
from appliance.store.writer import Store
from appliance.supervision import SpaceState
from appliance.tls.keeper import Keeper
from appliance.transcriber.port import Purpose
from appliance.transcriber.scheduler import Load
from appliance.workers.supervisor import WorkerState

# The loop's 60 buckets are for percentiles; a time series each is more than anybody plots.
LOOP_EVERY = 5

MODELS = ("vad", "speech", "language")


async def metrics(
    box: Box, probe: LoopProbe, keeper: Keeper | None, gate: Gate, _request: Request
) -> Response:
    """200 with every figure, whether the box is well or not."""
    health = look(box, probe, keeper)
    pids = {name: part.pid for name, part in health.parts.items() if part.pid}
    pids["server"] = health.pid
    machine = await to_thread.run_sync(measure, box.store.path, pids)
    registry = CollectorRegistry()
    registry.register(_Once(box, health, machine, gate, keeper))
    return Response(
        generate_latest(registry), headers={"content-type": CONTENT_TYPE_PLAIN_0_0_4}
    )


class _Once(Collector):
    """The library's side of it: asked for its metrics at each scrape."""

    def __init__(
        self,
        box: Box,
        health: Health,
        machine: Machine,
        gate: Gate,
        keeper: Keeper | None,
    ) -> None:
        self._box = box
        self._health = health
        self._machine = machine
        self._gate = gate
        self._keeper = keeper

    def describe(self) -> Iterable[Metric]:
        """Nothing: the registry is made for one scrape, in which no name can clash."""
        return ()

    def collect(self) -> Iterable[Metric]:
        health = self._health
        yield InfoMetricFamily("appliance", "The box.", {"version": health.appliance})
        yield from _states(health)
        yield from _calls(health)
        yield from floor_metrics(self._box.board, datetime.now(UTC))
        yield from _record(self._box.store)
        yield labelled(
            GaugeMetricFamily,
            "unusual",
            "1 where a measure of the last hour is out of the ordinary.",
            "measure",
            self._box.lookout.watched(),
        )
        yield from machine_metrics(self._machine)
        yield from _processes(health.parts)
        yield from _words(health)
        yield from _recordings(health.recordings)
        yield _loop(health)
        yield gauge("connections", "Open, sockets included.", self._gate.connections)
        yield labelled(
            CounterMetricFamily,
            "refused",
            "Requests, messages and connections that a limit stopped, by which.",
            "limit",
            {str(reason): count for reason, count in self._gate.refused.items()},
        )
        if self._keeper is not None:
            yield gauge(
                "certificate_end_seconds",
                "When the certificate that is served ends, in seconds since 1970.",
                self._keeper.served.dates.end.timestamp(),
            )


def _states(health: Health) -> Iterable[Metric]:
    yield gauge("ok", "1 if calls are served in full.", health.ok)
    yield state(
        "load",
        "What is given up so that finals are on time: degraded stops partials, "
        "overloaded advice too.",
        health.load,
        get_args(Load),
    )
    yield state("speech", "Transcription.", health.speech, get_args(PartState))
    yield state("suggestions", "Advice.", health.suggestions, get_args(PartState))
    yield state("record", "The record of calls.", health.record, ("live", "failing"))
    yield counter(
        "outbound_attempts",
        "Tries to reach anything outside of this machine, all refused.",
        health.outbound,
    )
    yield gauge("lag_seconds", "Age of the oldest final that waits.", health.lag_ms / 1000)


def _record(store: Store) -> Iterable[Metric]:
    yield gauge("record_queue_events", "Events that are not durable yet.", store.queued)
    yield counter("record_commits", "Transactions of the record.", store.transactions)
    yield counter(
        "record_shed_events", "Partials left out: the disk did not keep up.", store.shed
    )
    yield counter(
        "record_lost_events", "Events that mattered and are not in the record.", store.lost
    )


def _calls(health: Health) -> Iterable[Metric]:
    live = {state: n for state, n in health.calls.items() if state != "ended"}
    yield labelled(GaugeMetricFamily, "calls", "Calls now.", "state", live)
    yield counter("calls_ended", "Calls that have ended.", health.calls["ended"])
    if health.reading is not None:
        reading = health.reading
        yield gauge("calls_transcribed", "Calls that are read.", reading.calls)
        yield gauge(
            "calls_waiting_for_room",
            "Calls that are relayed, and transcribed once there is room.",
            reading.waiting,
        )
        yield gauge("calls_capacity", "Calls that there is room for.", reading.capacity)
    yield gauge("sockets", "People who are connected.", health.sockets)
    yield gauge(
        "advice_queue", "Calls whose advice is being written or waits.", health.advising
    )


def _processes(parts: Mapping[str, PartHealth]) -> Iterable[Metric]:
    models = {name: p for name, p in parts.items() if name.split("-")[0] in MODELS}
    states = GaugeMetricFamily(
        "appliance_process_state",
        "1 for the state that a model process is in.",
        labels=["process", "state"],
    )
    for name, part in models.items():
        for one in (*get_args(WorkerState), "off"):
            states.add_metric([name, one], part.state == one)
    yield states
    yield labelled(
        CounterMetricFamily,
        "process_restarts",
        "Starts of a model process after its first.",
        "process",
        {name: part.restarts for name, part in models.items()},
    )
    yield labelled(
        GaugeMetricFamily,
        "process_jobs",
        "Jobs that a model process has, or that wait for it.",
        "process",
        {name: part.jobs for name, part in models.items()},
    )


def _words(health: Health) -> Iterable[Metric]:
    tally = health.tally
    texts = {"partial": tally.partials, "final": tally.finals, "failed": tally.failed}
    yield labelled(CounterMetricFamily, "texts", "Texts told to screens.", "kind", texts)
    ends = [status for status in get_args(AdviceStatus) if status != "streaming"]
    yield labelled(
        CounterMetricFamily,
        "advice",
        "Advice that has ended, by how.",
        "status",
        {status: tally.advice.get(status, 0) for status in ends},
    )
    yield histogram(
        "final_delay_seconds",
        "From the end of what was said to its final text.",
        tally.final_s,
    )
    yield histogram(
        "first_advice_seconds",
        "From a final of the customer to the first words of advice on it.",
        tally.first_advice_s,
    )
    if health.engine is not None:
        engine = health.engine
        unused = dict.fromkeys(get_args(Purpose), 0)
        yield gauge("engine_lanes", "Processes of the speech engine.", engine.lanes)
        yield counter(
            "engine_busy_seconds",
            "Time that batches were with the speech engine, added up over its lanes.",
            engine.busy_s,
        )
        yield labelled(
            CounterMetricFamily,
            "engine_passes",
            "Passes of the speech engine, by what for.",
            "purpose",
            unused | engine.passes,
        )
        yield labelled(
            CounterMetricFamily,
            "engine_items",
            "Utterances in these passes.",
            "purpose",
            unused | engine.items,
        )


def _recordings(health: RecordingsHealth) -> Iterable[Metric]:
    yield gauge("calls_recorded", "Calls whose sound is kept.", health.calls)
    yield labelled(
        CounterMetricFamily,
        "recordings",
        "Recordings that were put together, by how good they are.",
        "verdict",
        health.verdicts,
    )
    room = health.room
    if room is None:
        return
    yield state("recordings_room", "Room for recordings.", room.state, get_args(SpaceState))
    yield gauge("recordings_bytes", "All recordings.", room.used)
    yield gauge("recordings_left_bytes", "What they may still take.", room.left)
    yield CounterMetricFamily(
        "appliance_recordings_lost_seconds",
        "Sound that was to be kept and could not be written.",
        room.lost_s,
    )


def _loop(health: Health) -> Metric:
    """Each edge of the few buckets is one of the many, so that no count is guessed."""
    reached = list(accumulate(health.loop.counts))
    places = range(0, len(reached) - 1, LOOP_EVERY)
    buckets = [(f"{FIRST_MS * STEP**n / 1000:.3g}", reached[n]) for n in places]
    return HistogramMetricFamily(
        "appliance_loop_delay_seconds",
        "How late the server's event loop fires a timer of 50 ms.",
        [*buckets, ("+Inf", reached[-1])],
        health.loop.total_ms / 1000,
    )
