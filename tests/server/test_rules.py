"""Rules in calls of a real server: who is told, what is kept, and what a reload changes."""

import os
import signal
from pathlib import Path

import anyio
import msgspec
import pytest
from anyio import from_thread, to_thread

from appliance.cli.serve import read_rules_when_told
from appliance.received import Chat, Hangup, Pause, Tick
from appliance.settings import RuleSettings, Settings, SpeechSettings
from tests.server.live import (
    SETTINGS,
    Talker,
    get,
    hello,
    messages_of,
    said,
    serving,
    silence,
    start,
    talker,
    tone,
    two_people,
)

pytestmark = pytest.mark.anyio

RULES = """
[[item]]
id = "notice"
text = "Say that the call is recorded"
weight = 3
[[item]]
id = "words"
text = "Say w3 and w4"
[[item]]
id = "sale"
text = "Explain the right to cancel"
when = { queue = ["sales"] }
[[rule]]
name = "notice"
any = ["call NEAR/3 recorded"]
deadline_s = 1
tick = "notice"
alert = ["agent"]
severity = "critical"
text = "Say that the call is recorded."
[[rule]]
name = "words"
any = ["w3 w4"]
tick = "words"
[[rule]]
name = "card"
any = ["card number"]
payment = true
[[rule]]
name = "lawyer"
speaker = "customer"
any = ["lawyer"]
alert = ["supervisor"]
text = "The customer speaks of a lawyer."
"""


async def with_rules(folder: Path, text: str = RULES) -> Settings:
    file = anyio.Path(folder / "rules.toml")
    await file.write_text(text)
    return msgspec.structs.replace(SETTINGS, rules=RuleSettings(file=str(file)))


def states(checklist: dict[str, object]) -> dict[str, str]:
    return {item["id"]: item["state"] for item in checklist["items"]}  # type: ignore[attr-defined]


async def until_state(person: Talker, item: str, state: str) -> dict[str, object]:
    while True:
        told = await person.until("checklist")
        if states(told)[item] == state:
            return told


async def test_what_is_typed_and_said_ticks_and_the_customer_sees_nothing_of_it(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path, await with_rules(tmp_path)) as (url, _):
        async with two_people(url) as (agent, customer):
            await agent.send(Chat(text="This call will be recorded."))
            told = await until_state(agent, "notice", "done")
            assert told["score"] == 75
            await agent.speak(tone(6) + silence(6))
            told = await until_state(agent, "words", "done")
            assert told["score"] == 100
            [ticked] = [item for item in told["items"] if item["id"] == "words"]  # type: ignore[attr-defined]
            assert ticked["line"] == "agent-1"
            assert said(6) in [one.get("text") for one in agent.told]
            await agent.send(Hangup())
            await customer.until("status", part="call", state="ended")
            assert not {"checklist", "alert"} & {told["type"] for told in customer.told}
            call_id = agent.told[0]["call_id"]
        detail = await get(url, f"/api/sessions/{call_id}")
        assert states(messages_of(detail, "checklist")[-1]) == {
            "notice": "done",
            "words": "done",
        }


async def test_a_missed_deadline_alerts_and_is_taken_back_once_it_is_said(
    tmp_path: Path,
) -> None:
    async with (
        serving(tmp_path, await with_rules(tmp_path)) as (url, _),
        two_people(url) as (agent, customer),
    ):
        await agent.speak(silence(30))
        alert = await agent.until("alert", state="raised")
        assert (alert["rule"], alert["severity"]) == ("notice", "critical")
        await until_state(agent, "notice", "missed")
        await agent.send(Chat(text="The call is recorded."))
        assert (await agent.until("alert", state="over"))["id"] == alert["id"]
        await until_state(agent, "notice", "late")
        await customer.send(Hangup())


async def test_in_a_pause_nothing_can_be_checked_and_nobody_is_alarmed(
    tmp_path: Path,
) -> None:
    async with (
        serving(tmp_path, await with_rules(tmp_path)) as (url, _),
        two_people(url) as (agent, _),
    ):
        await agent.send(Pause(on=True))
        await agent.speak(silence(30))
        await until_state(agent, "notice", "unchecked")
        assert "alert" not in {told["type"] for told in agent.told}


async def test_the_agent_ticks_by_hand_and_sees_it_again_after_a_reload(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path, await with_rules(tmp_path)) as (url, _):
        async with two_people(url) as (agent, customer):
            await agent.send(Tick(item="words", on=True))
            told = await until_state(agent, "words", "done")
            [ticked] = [item for item in told["items"] if item["id"] == "words"]  # type: ignore[attr-defined]
            assert ticked["by"] == "hand"
            await agent.send(Tick(item="nothing", on=True))
            assert "no item 'nothing'" in (await agent.until("error"))["problem"]
            await customer.send(Tick(item="words", on=False))
            assert "may not" in (await customer.until("error"))["problem"]
            call_id = agent.told[0]["call_id"]
            await agent.socket.close()
            await customer.until("partner", role="agent", event="away")
            async with talker(url, call_id, hello("agent")) as again:
                assert states(await again.until("checklist"))["words"] == "done"
        detail = await get(url, f"/api/sessions/{call_id}")
        assert states(messages_of(detail, "checklist")[-1])["words"] == "done"


async def test_what_is_for_supervisors_is_kept_and_not_shown_to_the_agent(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path, await with_rules(tmp_path)) as (url, _):
        async with two_people(url) as (agent, customer):
            await customer.send(Chat(text="I will call my lawyer!"))
            await agent.send(Hangup())
            await agent.until("status", part="call", state="ended")
            call_id = agent.told[0]["call_id"]
            assert "alert" not in {told["type"] for told in agent.told}
        detail = await get(url, f"/api/sessions/{call_id}")
        assert [one["rule"] for one in messages_of(detail, "alert")] == ["lawyer"]


async def test_a_rule_starts_payment_mode_and_the_record_names_it(tmp_path: Path) -> None:
    async with serving(tmp_path, await with_rules(tmp_path)) as (url, _):
        async with two_people(url) as (agent, _):
            await agent.send(Chat(text="May I have your card number?"))
            await agent.until("status", part="call", state="paused")
            call_id = agent.told[0]["call_id"]
            await agent.send(Hangup())
            await agent.until("status", part="call", state="ended")
        detail = await get(url, f"/api/sessions/{call_id}")
        begun = messages_of(detail, "payment")[0]
        assert (begun["on"], begun["by"], begun["reason"]) == (True, "rule", "card")


async def test_the_queue_decides_what_is_asked_for_and_in_which_language(
    tmp_path: Path,
) -> None:
    speech = SpeechSettings(language="en", queue_languages="sales=de")
    settings = msgspec.structs.replace(await with_rules(tmp_path), speech=speech)
    async with serving(tmp_path, settings) as (url, box):
        seat = await start(url, "customer", queue="Sales")
        call_id = seat["call_id"]
        [waiter] = (await get(url, "/api/calls/waiting"))["waiting"]
        assert waiter["queue"] == "Sales"
        await start(url, "agent", call_id)
        async with talker(url, call_id, hello("agent")) as agent:
            assert set(states(await agent.until("checklist"))) == {
                "notice",
                "words",
                "sale",
            }
        assert (await get(url, f"/api/calls/status/{call_id}"))["queue"] == "Sales"
        assert box.registry.get(call_id).queue == "Sales"
        detail = await get(url, f"/api/sessions/{call_id}")
        assert [one["language"] for one in messages_of(detail, "call_started")] == ["de"]
        assert [one["queue"] for one in messages_of(detail, "joined")] == ["Sales", ""]


async def test_a_file_read_again_counts_for_new_calls_only(tmp_path: Path) -> None:
    settings = await with_rules(tmp_path)
    async with serving(tmp_path, settings) as (url, box):
        async with two_people(url) as (agent, _):
            await with_rules(tmp_path, RULES.replace('"words"', '"other"'))
            await to_thread.run_sync(box.rules.read_again)
            await agent.send(Tick(item="words", on=True))
            await until_state(agent, "words", "done")
            await agent.send(Hangup())
        async with two_people(url) as (agent, _):
            await agent.send(Tick(item="other", on=True))
            await until_state(agent, "other", "done")
            await with_rules(tmp_path, "[[rule]]")
            await to_thread.run_sync(box.rules.read_again)
            await agent.send(Hangup())
        async with two_people(url) as (agent, _):
            await agent.send(Tick(item="other", on=True))
            await until_state(agent, "other", "done")


async def test_a_signal_has_the_file_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        serving(tmp_path, await with_rules(tmp_path)) as (_, box),
        anyio.create_task_group() as reading,
    ):
        done, read = anyio.Event(), box.rules.read_again

        def read_again() -> None:
            read()
            from_thread.run_sync(done.set)

        monkeypatch.setattr(box.rules, "read_again", read_again)
        await reading.start(read_rules_when_told, box)
        os.kill(os.getpid(), signal.SIGHUP)
        with anyio.fail_after(20):
            await done.wait()
        reading.cancel_scope.cancel()
