"""Metrics of Prometheus, as all of ours are named and typed."""

from collections.abc import Mapping, Sequence
from itertools import accumulate

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from appliance.pipeline.tally import Histogram


def gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"appliance_{name}", text, value)


def counter(name: str, text: str, value: float) -> Metric:
    """`name` without `_total`, which the format adds."""
    return CounterMetricFamily(f"appliance_{name}", text, value)


def state(name: str, text: str, now: str, states: Sequence[str]) -> Metric:
    """One sample for each state, of which one is 1."""
    return labelled(
        GaugeMetricFamily,
        f"{name}_state",
        f"{text} 1 for the state that it is in.",
        "state",
        {state: state == now for state in states},
    )


def labelled(
    family: type[GaugeMetricFamily] | type[CounterMetricFamily],
    name: str,
    text: str,
    label: str,
    values: Mapping[str, float],
) -> Metric:
    """One sample for each value of the label."""
    made = family(f"appliance_{name}", text, labels=[label])
    for key, value in values.items():
        made.add_metric([key], value)
    return made


def histogram(name: str, text: str, told: Histogram) -> Metric:
    edges = [*(f"{edge:g}" for edge in told.edges_s), "+Inf"]
    reached = accumulate(told.counts)
    return HistogramMetricFamily(
        f"appliance_{name}",
        text,
        list(zip(edges, reached, strict=True)),
        told.sum_s,
    )
