"""A spoken card and what else is personal, said to a real server: it is kept nowhere."""

import json
import logging
from pathlib import Path

import anyio
import pytest

from appliance.pipeline.parts import Models
from appliance.received import Ask, Chat, Feedback, Hangup
from appliance.workers.pool import Pool
from appliance.workers.supervisor import Spec, Worker
from tests.privacy.engines import spoken_line
from tests.server.live import Talker, fake, get, messages_of, serving, two_people

pytestmark = pytest.mark.anyio

SCRIPT = [
    "my card is four double two one four eight seven two",
    "one nine oh double three double seven oh",
    "thanks and my order number is four seven oh double two one nine",
]
TYPED = (
    "write to john dot smith at example dot com or 0171 555 0199, GB82WEST12345698765432"
)

# Of what was said, so much as would tell it.
SECRETS = (
    "double two one four", "eight seven two", "oh double three", "smith at", "555 0199",
    "GB82", "WEST1234", "4221", "5550199", "4000056655665556",
)  # fmt: skip
KEPT = "four seven oh double two one nine"


def models(folder: Path) -> Models:
    speech = Spec(
        name="speech",
        target="tests.privacy.engines:dictation",
        config=json.dumps(SCRIPT).encode(),
        stall_s=30,
    )
    language = Spec(
        name="language",
        target="tests.privacy.engines:eavesdropper",
        config=str(folder / "prompts").encode(),
        stall_s=30,
    )
    return Models(
        vad=fake("vad", "loudness"),
        speech=Pool([Worker(speech)]),
        language=Worker(language),
        floor_frames=1000,
    )


def bytes_of_record(folder: Path) -> bytes:
    """With what is still in the write-ahead log."""
    return b"".join(file.read_bytes() for file in folder.glob("record.*"))


async def say_all(agent: Talker, customer: Talker) -> None:
    for number in range(len(SCRIPT)):
        await customer.speak(spoken_line(SCRIPT, number))
        await agent.until("transcript", speaker="customer", is_final=True)
    await customer.send(Chat(text=TYPED, ref="one"))
    await agent.until("chat")
    await agent.send(Ask(text="may I refund 4000 0566 5566 5556?"))
    advice = await agent.until("ai_suggestion", is_final=True)
    reason = "4000 0566 5566 5556 is not mine"
    await agent.send(Feedback(id=advice["id"], verdict="dismissed", reason=reason))


async def test_what_is_personal_is_in_no_message_record_prompt_or_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(tmp_path, models=models(tmp_path)) as (url, box):
        async with two_people(url) as (agent, customer):
            await say_all(agent, customer)
            call_id = agent.told[0]["call_id"]
            await agent.send(Hangup())
            for person in (agent, customer):
                await person.until("status", part="call", state="ended")
        detail = await get(url, f"/api/sessions/{call_id}")
        finals = {one["id"]: one for one in messages_of(detail, "transcript")}
        await box.store.flush()
        during = await anyio.to_thread.run_sync(bytes_of_record, tmp_path)
    after = await anyio.to_thread.run_sync(bytes_of_record, tmp_path)
    prompts = (tmp_path / "prompts").read_bytes()
    told = json.dumps([agent.told, customer.told, detail]).encode()

    for place in (during, after, prompts, told, caplog.text.encode()):
        assert not [s for s in SECRETS if s.encode() in place]
    assert [one["text"] for one in finals.values()] == [
        "my card is [card number]",
        "[card number]",
        f"thanks and my order number is {KEPT}",
    ]
    assert [word["text"] for word in finals["customer-1"]["words"]][-1] == "[card number]"
    # What is looked through has what it should, or nothing would be shown by it.
    assert KEPT.encode() in prompts
    assert KEPT.encode() in told
