"""`/metrics`: what a monitoring system reads, of a real server and of made-up figures."""

from pathlib import Path
from typing import get_args

import pytest
from prometheus_client.parser import text_string_to_metric_families

from appliance.received import Chat
from appliance.transcriber.port import Purpose
from tests.server.live import OFF, client, get, said, serving, silence, tone, two_people

pytestmark = pytest.mark.anyio

Values = dict[tuple[str, ...], float]


async def read(url: str) -> tuple[str, Values]:
    """The text, and each sample by its name and the values of its labels."""
    async with client(url) as http:
        answer = await http.get(f"{url}/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    return answer.text, samples


async def test_a_call_is_counted_and_nobody_is_named(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, _), two_people(url) as (agent, customer):
        await customer.send(Chat(text="my card is gone"))
        await customer.speak(tone(6) + silence(5))
        assert await agent.final("customer") == said(6)
        text, values = await read(url)

        assert values["appliance_calls", "active"] == 1
        assert values["appliance_calls_transcribed",] == 1
        assert values["appliance_calls_waiting_for_room",] == 0
        assert values["appliance_calls_capacity",] >= 1
        assert values["appliance_sockets",] == 2
        assert values["appliance_texts_total", "final"] == 1
        assert values["appliance_final_delay_seconds_count",] == 1
        assert values["appliance_final_delay_seconds_bucket", "+Inf"] == 1
        assert values["appliance_load_state", "live"] == 1
        assert values["appliance_load_state", "overloaded"] == 0
        assert values["appliance_process_state", "speech", "live"] == 1
        assert values["appliance_process_state", "language", "off"] == 1
        assert values["appliance_process_restarts_total", "speech"] == 0
        passes = [values["appliance_engine_passes_total", p] for p in get_args(Purpose)]
        assert sum(passes) >= 1
        assert ("appliance_lag_seconds",) in values
        call_id = agent.told[0]["call_id"]
        for secret in (call_id, "w0", "my card is gone"):
            assert secret not in text


async def test_its_figures_are_those_of_healthz(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, box):
        box.tally.advice["done"] = 3
        health = await get(url, "/healthz")
        _, values = await read(url)

        assert values["appliance_ok",] == health["ok"]
        assert values["appliance_advice_total", "done"] == health["tally"]["advice"]["done"]
        assert values["appliance_advice_total", "stopped"] == 0
        assert values["appliance_calls_capacity",] == health["reading"]["capacity"]
        assert values["appliance_info", health["appliance"]] == 1


async def test_the_loop_s_delay_is_a_histogram_that_adds_up(tmp_path: Path) -> None:
    async with serving(tmp_path) as (url, box):
        while not sum((await get(url, "/healthz"))["loop"]["counts"]):
            pass  # each round goes through the loop that is measured
        _, values = await read(url)
        buckets = [
            value
            for key, value in values.items()
            if key[0] == "appliance_loop_delay_seconds_bucket"
        ]
        assert buckets == sorted(buckets)
        assert buckets[-1] == values["appliance_loop_delay_seconds_count",] > 0
        assert box.sockets == 0


async def test_with_speech_off_its_figures_are_absent_rather_than_zero(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path, models=OFF) as (url, _):
        _, values = await read(url)

        assert values["appliance_speech_state", "off"] == 1
        assert ("appliance_calls_capacity",) not in values
        assert ("appliance_engine_lanes",) not in values
