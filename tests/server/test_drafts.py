"""What a call was about, drafted on a real server, for the agent alone."""

import re
from pathlib import Path
from typing import Any

import anyio
import httpx
import msgspec
import pytest

from appliance.assistant.summary import stage
from appliance.cli.building import build_models
from appliance.pipeline.parts import Models
from appliance.received import Chat, Hangup, Summarise
from appliance.settings import Settings, read_settings
from tests.server.live import client, messages_of, serving, two_people

pytestmark = pytest.mark.anyio


async def drafted(browser: httpx.AsyncClient, call_id: str) -> dict[str, Any]:
    """The draft of a call that has ended, once it is finished."""
    with anyio.fail_after(100):
        while True:
            state = (await browser.get(f"/api/sessions/{call_id}/draft")).json()
            if not state["writing"] and state["summary"] is not None:
                return dict(state)
            await anyio.sleep(0.05)


async def recorded(browser: httpx.AsyncClient, call_id: str, draft: str) -> dict[str, Any]:
    """The record, once this draft is in it."""
    while True:
        detail = dict((await browser.get(f"/api/sessions/{call_id}")).json())
        if any(summary["id"] == draft for summary in messages_of(detail, "summary")):
            return detail
        await anyio.sleep(0.05)


async def test_without_a_model_a_call_ends_in_a_draft_of_quotes(tmp_path: Path) -> None:
    async with (
        serving(tmp_path) as (url, _),
        two_people(url) as (agent, customer),
        client(url) as browser,
    ):
        await customer.send(Chat(text="I have lost my bank card on the train.", ref="1"))
        await agent.until("chat")
        hello = next(m for m in agent.told if m["type"] == "hello")
        call_id = hello["call_id"]
        await agent.send(Chat(text="I have blocked it, you will get a new one.", ref="2"))
        await customer.until("chat", speaker="agent")
        await agent.send(Summarise())
        transfer = await agent.until("summary")
        assert transfer["purpose"] == "transfer"
        await agent.send(Hangup())
        await agent.until("status", part="call", state="ended")
        await customer.until("status", part="call", state="ended")
        assert not [m for m in customer.told if m["type"] == "summary"]
        state = await drafted(browser, call_id)
        summary = state["summary"]
        assert summary["source"] == "quotes"
        assert summary["situation"][0]["text"] == "I have lost my bank card on the train."
        assert summary["action"][0]["lines"] == ["chat-2"]
        assert state["dispositions"][0] == "resolved"
        wish = {"outcome": "resolved", "summary": "Mine.", "draft": summary["id"]}
        saved = await browser.post(
            f"/api/sessions/{call_id}/wrap-up", json=wish | {"drafted": "As drafted: mine."}
        )
        assert saved.json()["after_s"] >= 0
        assert saved.json()["changed"] == 0.6667
        again = await browser.post(f"/api/sessions/{call_id}/draft", json={})
        assert again.status_code == 202
        await drafted(browser, call_id)
        with anyio.fail_after(10):
            detail = await recorded(browser, call_id, "wrap_up-3")
        kept = [one["id"] for one in messages_of(detail, "summary")]
        assert kept == ["transfer-1", "wrap_up-2", "wrap_up-3"]
        assert [note["draft"] for note in messages_of(detail, "wrap_up")] == ["wrap_up-2"]
        assert "As drafted" not in str(detail)
        assert detail["session"]["summary"] == "Mine."
        # Somebody corrects it, and says nothing of the draft.
        del wish["draft"]
        saved = await browser.post(f"/api/sessions/{call_id}/wrap-up", json=wish)
        assert saved.json()["changed"] is None


@pytest.fixture
def silent() -> Settings:
    """Nothing is transcribed: people type."""
    chosen = read_settings(None)
    return msgspec.structs.replace(
        chosen, speech=msgspec.structs.replace(chosen.speech, enabled=False)
    )


@pytest.fixture
def language(silent: Settings) -> Models:
    return build_models(silent)


@pytest.mark.model
@pytest.mark.timeout(180)
async def test_with_a_model_a_call_ends_in_a_draft_of_its_own_words(
    tmp_path: Path,
    silent: Settings,
    language: Models,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stage, "PATIENCE_S", 90.0)  # however slow this machine is
    async with (
        serving(tmp_path, models=language, settings=silent) as (url, _),
        two_people(url) as (agent, customer),
        client(url) as browser,
    ):
        call_id = next(m for m in agent.told if m["type"] == "hello")["call_id"]
        for ref, (person, text) in enumerate(
            [
                (
                    customer,
                    "My parcel 470295 was delivered on Tuesday, but it is not here.",
                ),
                (agent, "I am sorry. I have sent a new one, it will arrive on Friday."),
                (customer, "Great, thank you, that solves it."),
            ]
        ):
            await person.send(Chat(text=text, ref=str(ref)))
            await agent.until("chat", ref=str(ref))
        await agent.send(Hangup())
        await agent.until("status", part="call", state="ended")
        summary = (await drafted(browser, call_id))["summary"]
        written = [*summary["situation"], *summary["action"]]
        words = " ".join(line["text"] for line in written)
        assert summary["source"] == silent.advice.model
        assert words.startswith("Customer is ")
        assert set(re.findall(r"\d+", words)) <= {"470295"}
        assert summary["resolution_confidence"] > 0
        assert summary["disposition"] in silent.wrap_up.choices
        assert [fact["text"] for fact in summary["facts"]] == ["470295"]
