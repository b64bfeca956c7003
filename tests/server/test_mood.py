"""Who is told how the customer reads, and where it is kept."""

from pathlib import Path

import msgspec
import pytest

from appliance.received import Chat, Feedback, Hangup
from appliance.settings import AdviceSettings
from tests.server.live import SETTINGS, Talker, get, messages_of, serving, two_people

pytestmark = pytest.mark.anyio

ANGRY = ("This is terrible, I am angry.", "I hate waiting, it is awful.")


async def complain(customer: Talker) -> None:
    for line in ANGRY:
        await customer.send(Chat(text=line))


async def test_the_agent_sees_each_reading_and_the_alert_and_the_customer_neither(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path) as (url, _):
        async with two_people(url) as (agent, customer):
            await agent.send(Chat(text="I hate this, it is terrible."))
            await complain(customer)
            alert = await agent.until("alert")
            assert alert["lines"] == ["chat-2", "chat-3"]
            call_id = agent.told[0]["call_id"]
            await agent.send(Feedback(id=alert["id"], verdict="dismissed"))
            await agent.send(Hangup())
            await customer.until("status", part="call", state="ended")
            assert not {"sentiment", "alert"} & {told["type"] for told in customer.told}
        detail = await get(url, f"/api/sessions/{call_id}")
        read = messages_of(detail, "sentiment")
        assert [(one["id"], one["label"], one["source"]) for one in read] == [
            ("chat-2", "negative", "lexicon"),
            ("chat-3", "negative", "lexicon"),
        ]
        assert [one["state"] for one in messages_of(detail, "alert")] == ["raised"]
        assert [one["id"] for one in messages_of(detail, "feedback")] == [alert["id"]]


async def test_switched_off_nothing_is_read(tmp_path: Path) -> None:
    settings = msgspec.structs.replace(SETTINGS, advice=AdviceSettings(mood=False))
    async with serving(tmp_path, settings) as (url, _):
        async with two_people(url) as (agent, customer):
            await complain(customer)
            await agent.send(Hangup())
            await agent.until("status", part="call", state="ended")
            call_id = agent.told[0]["call_id"]
        detail = await get(url, f"/api/sessions/{call_id}")
        assert not messages_of(detail, "sentiment")
        assert not messages_of(detail, "alert")
