"""However the bytes of a call are cut on their way, and wherever the line breaks, what
is understood stays the same."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import anyio
import numpy as np
import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.messages import ROLES, Gap, Transcript
from appliance.replay.client import Drop, Outcome, Plan, play
from appliance.replay.recording import Recording
from tests.server.cutting_proxy import Break, cutting
from tests.server.live import RATE, said, serving, silence, telephone, tone

pytestmark = pytest.mark.timeout(120)

# Tenths of a second that each person speaks, with silences between.
SPOKEN = {"agent": [5, 3], "customer": [7]}

PLAN = Plan(speed=20, quiet_s=0.3, patience_s=30)

# About what one person sends in such a call, the handshake included.
CALL_BYTES = 140_000

# A large one at the end: with single bytes alone an example would take minutes.
pieces = st.lists(st.integers(1, 1500), min_size=1, max_size=6).map(lambda p: [*p, 4096])

breaks = st.lists(
    st.builds(
        Break,
        socket=st.integers(0, 1),
        direction=st.sampled_from(["up", "down"]),
        after=st.one_of(st.integers(1, 1500), st.integers(1, CALL_BYTES)),
    ),
    min_size=1,
    max_size=2,
)


def recording() -> Recording:
    voices = [
        b"".join(tone(tenths) + silence(5) for tenths in SPOKEN[role]) for role in ROLES
    ]
    length = 2 * RATE * 2
    channels = [np.frombuffer(v.ljust(length, b"\0")[:length], "<i2") for v in voices]
    return Recording(np.stack(channels, axis=1), RATE)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server with quick, foreseeable models."""
    folder = tmp_path_factory.mktemp("cut")
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(serving(folder)) as (url, _),
    ):
        yield url


async def call(url: str, sizes: Sequence[int], broken: Sequence[Break]) -> Outcome:
    async with cutting(url, sizes, broken) as address:
        token = telephone(url)["authorization"].removeprefix("Bearer ")
        return await play(address, recording(), PLAN, token=token)


def assert_understood(outcome: Outcome) -> None:
    assert outcome.settled
    assert outcome.ended
    for screen in ROLES:
        messages = [told.message for told in outcome.told[screen]]
        assert not any(isinstance(message, Gap) for message in messages)
        finals = [m for m in messages if isinstance(m, Transcript) and m.is_final]
        assert len({final.id for final in finals}) == len(finals)
        for role in ROLES:
            mine = [final for final in finals if final.speaker == role]
            texts = [final.text for final in sorted(mine, key=lambda f: f.start_ms)]
            assert texts == [said(tenths) for tenths in SPOKEN[role]]


@settings(max_examples=10)
@given(sizes=pieces)
def test_cut_into_any_pieces_a_call_is_understood_the_same(
    box: str, sizes: list[int]
) -> None:
    outcome = anyio.run(call, box, sizes, ())
    assert_understood(outcome)
    assert outcome.connections == {"agent": 1, "customer": 1}


@pytest.mark.fault("network flapping")
@settings(max_examples=25)
@given(sizes=pieces, broken=breaks)
def test_broken_off_at_any_byte_a_call_goes_on_where_it_was(
    box: str, sizes: list[int], broken: list[Break]
) -> None:
    outcome = anyio.run(call, box, sizes, broken)
    assert_understood(outcome)


async def flapping(url: str, drops: Sequence[Drop]) -> Outcome:
    token = telephone(url)["authorization"].removeprefix("Bearer ")
    plan = replace(PLAN, speed=2, drops=drops)
    return await play(url, recording(), plan, token=token)


@pytest.mark.fault("network flapping")
def test_a_line_that_comes_and_goes_all_the_time_costs_no_word(
    box: str,
) -> None:
    drops = [
        Drop(role, at_ms=at_ms, away_s=0.02)
        for role in ROLES
        for at_ms in range(150, 1900, 350)
    ]
    outcome = anyio.run(flapping, box, drops)
    assert_understood(outcome)
    # Those that fall into the wait before the next try are one.
    assert min(outcome.connections.values()) > 2
