"""A customer and an agent in two browsers: they meet, hear each other, read along."""

import re
import ssl
from pathlib import Path

import anyio
import anyio.to_thread
import msgspec
import pytest
from playwright.async_api import Locator, expect

from appliance.pipeline.parts import Models
from appliance.server.pages import Pages
from appliance.tls.context import client_context
from appliance.workers.supervisor import Spec, Worker
from tests.browser.conftest import elsewhere, keeper_of, person, trusting
from tests.browser.line import Line
from tests.browser.people import Person
from tests.server.live import fake_models, get, messages_of, serving

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]

NAME = "Ada <b>Example</b>"
CUT_S = 10


def models_with_a_writer() -> Models:
    writer = Spec(
        name="language", target="tests.browser.writer:build", config=b"", stall_s=30
    )
    return msgspec.structs.replace(fake_models(), language=Worker(writer))


async def test_a_call_from_the_first_click_to_the_replay(
    tmp_path: Path, pages: Pages, voices: dict[str, Path]
) -> None:
    """Over https, by a name of the network, by browsers that trust the box's authority."""
    keeper = await anyio.to_thread.run_sync(keeper_of, tmp_path / "tls")
    trust = client_context(keeper.authority_pem)
    home = await trusting(tmp_path / "home", keeper.authority_pem)
    async with (
        serving(tmp_path, models=models_with_a_writer(), pages=pages, keeper=keeper) as (
            url,
            _,
        ),
        person(elsewhere(url), voices["agent"], home=home) as agent,
        person(
            elsewhere(url), voices["customer"], width=390, height=844, home=home
        ) as customer,
    ):
        await agent.start_shift()
        assert await agent.page.evaluate("isSecureContext")
        await customer.call_in(NAME, "My card is lost")
        await expect(customer.page.get_by_text("You are next.")).to_be_visible()

        # Seen as text: a name is never markup.
        await expect(agent.page.get_by_role("heading", name=NAME)).to_be_visible()
        await expect(agent.page.get_by_text("My card is lost").first).to_be_visible()
        await agent.answer()
        await expect(customer.page.get_by_text("You are talking to Helen")).to_be_visible()

        # Each hears the other: samples at the loudspeaker, not events.
        await agent.hears_something()
        await customer.hears_something()
        for someone in (agent, customer):
            await expect(someone.page.locator(".au-line__text").first).to_be_visible()

        # Only the agent is advised, on the screen and on the wire.
        await expect(agent.page.get_by_test_id("advice")).to_be_visible(timeout=30_000)
        assert "ai_suggestion" in agent.kinds()

        await customer.page.get_by_role("button", name="Mute").click()
        await expect(agent.page.get_by_text("Muted")).to_be_visible()
        await _call_goes_on_elsewhere(agent)
        await _stopped_advice_stays(agent)
        await _both_write(agent, customer)
        await _anger_is_noticed(agent, customer)
        await customer.write("Write a message", "Please block the card that I lost")
        await _reload_brings_all_back(agent)
        await expect(_unhappy(agent)).to_have_count(0)

        call_id = str(agent.told[-1].get("call_id") or _call_id(agent.told))
        await agent.end_call()
        await expect(customer.page.get_by_text("The call has ended")).to_be_visible()
        assert not {"ai_suggestion", "sentiment", "alert", "summary"} & customer.kinds()

        await _draft_stays_the_agents(agent)
        await agent.page.get_by_label("Summary").fill("Card blocked, a new one is sent.")
        save = agent.page.get_by_role("button", name="Save and become available")
        await save.click()  # nobody has said how it came out
        await expect(agent.page.get_by_label("Resolved")).to_be_focused()
        await agent.page.get_by_label("Resolved").check()
        await save.click()
        await expect(agent.page.get_by_text("Nobody is waiting.")).to_be_visible()
        await _record_has_it(url, call_id, trust)
        await _replay_plays_it(agent, call_id)


async def _draft_stays_the_agents(agent: Person) -> None:
    summary = agent.page.get_by_label("Summary")
    draft = re.compile(
        r"Customer is asking to block the card that is lost\.\nAgent blocked"
    )
    await expect(summary).to_have_value(draft, timeout=15_000)
    suggested = agent.page.locator("label", has_text="suggested")
    await expect(suggested.get_by_role("radio")).not_to_be_checked()
    await expect(suggested).to_contain_text("Resolved")
    await agent.page.get_by_text("Where it comes from").click()
    await agent.page.get_by_label("Show in the transcript").first.click()
    await expect(agent.page.locator("[data-shown]")).to_have_count(1)
    await summary.press_sequentially("Checked.")
    await agent.page.reload()
    await expect(summary).to_have_value(re.compile("Checked"))


def _call_id(told: list[dict[str, str]]) -> str:
    return next(message["call_id"] for message in told if message["type"] == "hello")


async def _call_goes_on_elsewhere(agent: Person) -> None:
    await agent.page.get_by_role("link", name="Dashboard").click()
    await expect(agent.page.get_by_role("heading", name="Dashboard")).to_be_visible()
    await agent.page.get_by_role("link", name="On a call").click()
    await expect(agent.page.get_by_text("Muted")).to_be_visible()


async def _stopped_advice_stays(agent: Person) -> None:
    await agent.page.get_by_label("Ask for advice").fill("How do I block it?")
    await agent.page.get_by_role("button", name="Ask", exact=True).click()
    await expect(agent.page.get_by_test_id("advice")).to_contain_text("You block it")
    await agent.page.get_by_role("button", name="Stop").click()
    await expect(agent.page.get_by_text("Stopped. What was written stays.")).to_be_visible()
    written = await agent.page.get_by_test_id("advice").inner_text()
    assert written.startswith("You block it")
    card = agent.page.get_by_role("region", name="Advice")
    await card.get_by_role("button", name="Dismiss").click()
    await agent.page.get_by_role("button", name="I knew that").click()
    await expect(agent.page.get_by_test_id("advice")).to_have_count(0)


async def _both_write(agent: Person, customer: Person) -> None:
    for someone, label, text in (
        (agent, "Write to the customer", "Please look at your letter <script>1</script>"),
        (customer, "Write a message", "It says 4711"),
    ):
        await someone.write(label, text)
        for reader in (agent, customer):
            await expect(reader.page.locator(".au-chat", has_text=text)).to_have_count(1)
        await expect(someone.page.get_by_text("Sending …")).to_have_count(0)


def _unhappy(agent: Person) -> Locator:
    return agent.page.get_by_role("region", name="The customer reads as unhappy.")


async def _anger_is_noticed(agent: Person, customer: Person) -> None:
    """Calm lines first: whatever was heard before them, a warning of it is over."""
    for text in (
        "Thank you, you are very kind.",
        "That is great, thanks.",
        "This is terrible, I am angry.",
        "I hate waiting, it is awful.",
    ):
        await customer.page.get_by_label("Write a message").fill(text)
        await customer.page.get_by_label("Write a message").press("Enter")
    await _unhappy(agent).get_by_text("I hate waiting").click()
    await expect(agent.page.locator("[data-shown]")).to_contain_text("I hate waiting")
    await _unhappy(agent).get_by_role("button", name="Dismiss").click()
    await expect(_unhappy(agent)).to_have_count(0)


async def _reload_brings_all_back(agent: Person) -> None:
    before = [text for text in await agent.lines() if "(still being spoken)" not in text]
    await agent.page.reload()
    await expect(agent.page.locator(".au-chat", has_text="It says 4711")).to_be_visible()
    after = await agent.lines()
    assert after[: len(before)] == before
    # A click is not needed: whoever has the microphone may be heard.
    await expect(agent.page.get_by_text("Connected")).to_be_visible()
    await expect(agent.page.get_by_role("button", name="Mute")).to_be_enabled()


async def _record_has_it(url: str, call_id: str, trust: ssl.SSLContext) -> None:
    detail = await get(url, f"/api/sessions/{call_id}", trust)
    assert detail["session"]["status"] == "ended"
    assert detail["session"]["customer"] == NAME
    assert [line["text"] for line in messages_of(detail, "chat")][1] == "It says 4711"
    assert messages_of(detail, "wrap_up")[0]["outcome"] == "resolved"
    assert {f["verdict"] for f in messages_of(detail, "feedback")} == {"dismissed"}


async def _replay_plays_it(agent: Person, call_id: str) -> None:
    await agent.page.goto("/calls/history")
    await agent.page.get_by_role("cell", name=NAME).wait_for()
    await agent.page.goto(f"/calls/history/{call_id}")
    assert await agent.lines() == []
    await agent.page.get_by_label("Speed").select_option("8")
    await agent.page.get_by_role("button", name="Play").click()
    await expect(agent.page.locator(".au-chat", has_text="It says 4711")).to_be_visible(
        timeout=20_000
    )
    await expect(agent.page.get_by_text("Card blocked, a new one is sent.")).to_be_visible()
    await agent.page.get_by_text("As drafted").click()
    await expect(agent.page.get_by_text("Agent blocked the card")).to_be_visible()
    mood = agent.page.get_by_role("region", name="Mood of the customer")
    await expect(mood).to_contain_text("Unhappy", timeout=20_000)


@pytest.mark.fault("network flapping")
async def test_ten_seconds_without_the_network_lose_nothing(
    tmp_path: Path, pages: Pages, voices: dict[str, Path]
) -> None:
    async with (
        serving(tmp_path, pages=pages) as (url, _),
        person(url, voices["agent"]) as agent,
        person(url, voices["customer"]) as customer,
    ):
        line = Line()
        await customer.page.context.route_web_socket("**/ws/call/**", line.join)
        await agent.start_shift()
        await customer.call_in("Ada", "")
        await agent.answer()
        await customer.hears_something()
        await line.cut()
        await expect(customer.page.get_by_text("Connection lost")).to_be_visible()
        await expect(agent.page.get_by_text("may come back")).to_be_visible()
        await customer.write("Write a message", "typed meanwhile")
        await expect(customer.page.get_by_text("Sending …")).to_be_visible()
        await anyio.sleep(CUT_S)
        line.mend()
        await expect(customer.page.get_by_text("Connected")).to_be_visible(timeout=15_000)
        await expect(agent.page.locator(".au-chat")).to_have_text(["typed meanwhile"])
        await expect(customer.page.get_by_text("Sending …")).to_have_count(0)
        await agent.hears_something()
        detail = await get(url, f"/api/sessions/{_call_id(agent.told)}")
        # What was spoken meanwhile has come. (A browser on a busy machine may itself hear
        # nothing for a moment, and says so; that is short.)
        assert line.lost == []
        holes = [gap["end_ms"] - gap["start_ms"] for gap in messages_of(detail, "gap")]
        assert max(holes, default=0) < CUT_S * 1000 / 2


async def test_the_pages_speak_german_to_whoever_asks_for_it(
    tmp_path: Path, pages: Pages, voices: dict[str, Path]
) -> None:
    async with (
        serving(tmp_path, pages=pages) as (url, _),
        person(url, voices["agent"], locale="de-AT") as agent,
    ):
        await agent.sign_in()
        await agent.page.goto("/calls")
        await expect(agent.page.get_by_role("heading", name="Schicht")).to_be_visible()
        assert await agent.page.locator("html").get_attribute("lang") == "de"
        await agent.page.get_by_role("button", name="Einstellungen").click()
        await agent.page.get_by_label("Sprache").select_option("en")
        await expect(agent.page.get_by_label("Language")).to_be_visible()


async def test_a_box_that_is_gone_is_said_to_be_gone(
    tmp_path: Path, pages: Pages, voices: dict[str, Path]
) -> None:
    async with person("http://127.0.0.1", voices["agent"]) as agent:
        async with serving(tmp_path, pages=pages) as (url, _):
            await agent.sign_in(at=url)
            await agent.page.goto(url + "/sound-check")
            await agent.page.get_by_role("button", name="Start the check").click()
            await expect(agent.page.get_by_label("Your voice")).to_be_visible()
            await expect(agent.page.get_by_label("Microphone")).to_be_visible()
            await agent.page.goto(url + "/dashboard")
            await expect(agent.page.get_by_text("Transcription")).to_be_visible()
        await expect(agent.page.get_by_text("No connection to the box.")).to_be_visible(
            timeout=60_000
        )
