"""Before an upgrade calls that go on do so to their end; a stop cuts them off in order."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import anyio
import httpx
import pytest

from appliance.access.access import FOLDER
from appliance.cli.rehearse import share_heard
from appliance.control.line import ask, asking
from appliance.messages import Transcript
from appliance.replay.client import Outcome
from appliance.replay.samples import find_sample
from appliance.upgrade.commands import Calls, CountCalls, HoldCalls
from tests.faults.calls import (
    PLAN,
    SAMPLE,
    Once,
    assert_nothing_lost,
    call,
    finals,
    short_call,
)
from tests.faults.process import NO_MODELS, Serving, serving
from tests.faults.wrong import replayed

pytestmark = [pytest.mark.model, pytest.mark.timeout(180)]


# Half of the words of the fifth of the call that is played.
A_SIXTH = 1 / 6

# The start of the shared server's models, and the customer's first turn.
HEARD_S = 90.0


def wish(server: Serving, role: str, call_id: str | None = None) -> httpx.Response:
    said = {"role": role, "name": role.capitalize(), "call_id": call_id}
    url = f"{server.url}/api/calls/start"
    return httpx.post(url, json=said, headers=server.keys, timeout=20)


def customer_was_heard(message: object) -> bool:
    """A final: whatever the load, and unlike partials, they come."""
    return (
        isinstance(message, Transcript)
        and message.is_final
        and message.speaker == "customer"
    )


def test_while_a_box_drains_a_call_is_heard_to_its_end_and_no_other_begins(
    server: Serving, undisturbed: Outcome
) -> None:
    folder = server.folder / "data" / FOLDER
    heard = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        going_on = pool.submit(call, server, on_message=Once(customer_was_heard, heard.set))
        assert heard.wait(HEARD_S)
        with asking(folder, HoldCalls(), Calls) as counted:
            waiting = wish(server, "customer").json()
            refused = wish(server, "agent", waiting["call_id"])
            outcome = going_on.result()
            # What the upgrade waits for.
            drained = ask(folder, CountCalls(), Calls)
    assert counted == Calls(active=1, waiting=0)
    assert refused.status_code == 503
    assert "about to be restarted" in refused.text
    assert drained == Calls(active=0, waiting=1)
    assert_nothing_lost(outcome, undisturbed)
    # The line was closed: the one who waited is answered.
    answered = wish(server, "agent").json()
    assert answered["call_id"] == waiting["call_id"]
    httpx.post(
        f"{server.url}/api/calls/end/{answered['call_id']}", headers=server.keys, timeout=20
    ).raise_for_status()


def test_a_release_that_rehearses_hears_the_words_of_a_call(server: Serving) -> None:
    # Of the 85 s only the first 17, twice as fast as life.
    share = partial(share_heard, server.url, find_sample(SAMPLE), short_call(), PLAN)
    assert anyio.run(share, server.token) > A_SIXTH


def test_a_stop_in_mid_call_ends_it_in_order_and_nothing_that_was_said_is_lost(
    tmp_path: Path,
    models: None,  # noqa: ARG001
) -> None:
    with serving(tmp_path, {"APPLIANCE_ADVICE_ENABLED": "false"}) as server:
        stop = Once(customer_was_heard, server.process.terminate)
        outcome = call(server, on_message=stop)
        assert server.process.wait(30) == 0, server.log.read_text()
    assert outcome.ended
    heard = finals(outcome)
    assert {(f.id, f.text) for f in finals(outcome, "customer")} == {
        (f.id, f.text) for f in heard
    }
    with serving(tmp_path, NO_MODELS) as server:
        session = server.get(f"/api/sessions/{outcome.call_id}")["session"]
        kept = replayed(server, outcome.call_id)
    assert (session["status"], session["reason"]) == ("ended", "shutdown")
    for final in heard:
        assert any(f'"{final.id}"' in one and final.text in one for one in kept)
