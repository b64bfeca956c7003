"""A shift in the browser: who takes calls, two tabs, no microphone, a box that restarts."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from anyio import to_thread
from playwright.async_api import expect

from appliance.access.access import Access
from appliance.server.pages import Pages
from appliance.settings import AccessSettings
from tests.access.site import hire
from tests.browser.axe import violations
from tests.browser.conftest import ELSEWHERE, open_tab, person
from tests.browser.people import Person
from tests.faults.process import NO_MODELS, Serving
from tests.faults.process import serving as serving_process
from tests.server.live import get, messages_of, serving

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

WRITE = "Write to the customer"


async def test_calls_ring_only_with_agents_who_are_available(
    tmp_path: Path, pages: Pages, voices: dict[str, Path]
) -> None:
    async with (
        serving(tmp_path, pages=pages) as (url, _),
        person(url, voices["agent"]) as agent,
        person(url, voices["customer"]) as customer,
    ):
        answer = agent.page.get_by_role("button", name="Answer")
        await agent.start_shift()
        await agent.page.get_by_label("Your state").select_option("away")
        await expect(agent.says("You are on a break.")).to_be_visible()
        await customer.call_in("Ada", "")
        await expect(agent.page.get_by_role("listitem").get_by_text("Ada")).to_be_visible()
        await expect(answer).to_have_count(0)

        # What the agent is doing is the box's to know: a reload changes nothing.
        await agent.page.reload()
        await expect(agent.says("You are on a break.")).to_be_visible()
        await agent.page.get_by_role("button", name="I am back").click()
        await agent.answer()
        await expect(agent.says("Connected")).to_be_visible()

        await agent.end_call()
        await expect(customer.says("The call has ended")).to_be_visible()
        await customer.page.get_by_role("button", name="Call again").click()
        await customer.page.get_by_role("button", name="Start the call").click()
        await expect(customer.says("You are next.")).to_be_visible()
        await agent.page.reload()
        await expect(agent.page.get_by_role("heading", name="Wrap up")).to_be_visible()
        await expect(answer).to_have_count(0)
        assert await _doing(url) == {"wrap_up": 1}
        await agent.page.get_by_label("Resolved").check()
        await agent.page.get_by_label("Summary").fill("Done.")
        await agent.page.keyboard.press("Control+Enter")
        await expect(answer).to_be_visible()
        await agent.page.get_by_label("Your state").select_option("off")
        await expect(
            agent.page.get_by_role("heading", name="Start your shift")
        ).to_be_visible()
        assert await _doing(url) == {}


async def _doing(url: str) -> dict[str, int]:
    agents = (await get(url, "/api/calls/stats"))["agents"]
    return {state: number for state, number in agents.items() if number}


async def test_two_tabs_of_one_agent_do_not_fight(
    tmp_path: Path, pages: Pages, voices: dict[str, Path], axe: str
) -> None:
    async with (
        serving(tmp_path, pages=pages) as (url, _),
        person(url, voices["agent"]) as first,
        person(url, voices["customer"]) as customer,
    ):
        await first.start_shift()
        await customer.call_in("Ada", "")
        await first.answer()
        await expect(first.says("Connected")).to_be_visible()

        # Looking something up takes nothing away.
        second = await open_tab(first)
        await second.page.goto("/calls/history")
        await expect(second.page.get_by_role("cell", name="Ada")).to_be_visible()
        await expect(first.says("Connected")).to_be_visible()

        await second.page.get_by_role("link", name="Calls", exact=True).click()
        await expect(second.says("Connected")).to_be_visible()
        await expect(first.says("You are working in another tab")).to_be_visible()
        await second.write(WRITE, "from the second")

        await first.page.get_by_role("button", name="Continue here").click()
        await expect(second.says("You are working in another tab")).to_be_visible()
        assert await violations(second.page, axe) == []
        await first.write(WRITE, "from the first")
        for reader in (first, customer):
            await expect(reader.page.locator(".au-chat")).to_have_text(
                ["from the second", "from the first"]
            )
        # Each came once for each time it was asked to, and stayed.
        assert [_greetings(tab) for tab in (first, second)] == [2, 1]
        assert await _doing(url) == {"on_call": 1}
        assert second.errors == []


def _greetings(tab: Person) -> int:
    return sum(message["type"] == "hello" for message in tab.told)


@pytest.mark.parametrize(
    ("obstacle", "advice"),
    [
        ("refused", "sign beside the address"),
        ("no microphone", "Plug in a headset"),
        ("not secure", "https://"),
    ],
)
async def test_whoever_has_no_microphone_reads_what_to_do_and_goes_on_without(
    tmp_path: Path, pages: Pages, voices: dict[str, Path], obstacle: str, advice: str
) -> None:
    voice = None if obstacle == "no microphone" else voices["agent"]
    async with serving(tmp_path, pages=pages, names=[ELSEWHERE]) as (url, _):
        if obstacle == "not secure":
            url = url.replace("127.0.0.1", ELSEWHERE)
        async with person(url, voice, allowed=obstacle != "refused") as agent:
            customer = await open_tab(agent)
            await customer.call_in("Ada", "")
            await expect(customer.page.get_by_role("alert")).to_contain_text(advice)
            await agent.sign_in()
            await agent.page.goto("/calls")
            await agent.page.get_by_role("button", name="Start shift").click()
            await expect(agent.page.get_by_role("alert")).to_contain_text(advice)
            await agent.page.get_by_role("button", name="Start without sound").click()
            await agent.answer()
            await agent.write(WRITE, "Can you read this?")
            await expect(customer.says("Can you read this?")).to_be_visible()
            await expect(customer.page.get_by_role("alert")).to_contain_text(advice)
            if obstacle == "refused":
                await agent.page.context.grant_permissions(["microphone"])
                await agent.page.get_by_role("button", name="Try again").click()
                await expect(agent.page.get_by_role("alert")).to_have_count(0)
            assert customer.errors == []


@pytest.mark.fault("server killed")
async def test_after_a_restart_of_the_box_the_pages_say_what_happened_and_go_on(
    tmp_path: Path,
    pages: Pages,  # noqa: ARG001 (the process reads them itself)
    voices: dict[str, Path],
    axe: str,
) -> None:
    async with (
        _process(tmp_path) as box,
        person(box.url, voices["agent"]) as agent,
        person(box.url, voices["customer"]) as customer,
    ):
        await _killed_in_mid_call(box, agent, customer)
        port = int(box.url.rsplit(":", 1)[1])
        async with _process(tmp_path, port) as again:
            await _both_are_told(agent, customer)
            assert await violations(agent.page, axe) == []
            await _record_ends_there(again)
            await _call_again(agent, customer)


async def _killed_in_mid_call(box: Serving, agent: Person, customer: Person) -> None:
    await agent.start_shift()
    await customer.call_in("Ada", "My card is lost")
    await agent.answer()
    await agent.write(WRITE, "before")
    await expect(customer.says("before")).to_be_visible()
    await to_thread.run_sync(box.kill)
    await expect(agent.says("Connection lost")).to_be_visible()
    await agent.write(WRITE, "meanwhile")
    await customer.write("Write a message", "anybody there?")


async def _both_are_told(agent: Person, customer: Person) -> None:
    await expect(agent.says("The box was restarted")).to_be_visible(timeout=20_000)
    await expect(agent.page.locator(".undelivered li")).to_have_text(["meanwhile"])
    await expect(agent.page.locator(".au-chat")).to_contain_text(["before"])
    await expect(customer.says("could not be kept")).to_be_visible(timeout=20_000)
    await expect(customer.page.locator(".undelivered li")).to_have_text(["anybody there?"])
    for someone in (agent, customer):
        # That the new box does not know the call, or the customer's token, is how a page
        # learns what has happened.
        assert all(re.search(r"\b40[134]\b", error) for error in someone.errors)
        someone.errors.clear()


async def _record_ends_there(box: Serving) -> None:
    [session] = (await to_thread.run_sync(box.get, "/api/sessions"))["sessions"]
    assert (session["status"], session["reason"]) == ("interrupted", "interrupted")
    at = f"/api/sessions/{session['call_id']}"
    record = await to_thread.run_sync(box.get, at)
    assert [line["text"] for line in messages_of(record, "chat")] == ["before"]


async def _call_again(agent: Person, customer: Person) -> None:
    await agent.page.get_by_role("button", name="Save and become available").click()
    await customer.page.get_by_role("button", name="Call again").click()
    why = customer.page.get_by_label("What is it about?")
    await expect(why).to_have_value("My card is lost")
    await customer.page.get_by_role("button", name="Start the call").click()
    await agent.answer()
    await agent.write(WRITE, "and after")
    for reader in (agent, customer):
        await expect(reader.page.locator(".au-chat")).to_have_text(["and after"])


async def _hire_helen(folder: Path) -> None:
    access = await to_thread.run_sync(Access.open, folder, AccessSettings())
    try:
        await hire(access, "Helen")
    finally:
        await to_thread.run_sync(access.close)


@asynccontextmanager
async def _process(folder: Path, port: int = 0) -> AsyncIterator[Serving]:
    """The server as a process of its own, with the record and the accounts in `folder`."""
    if not port:
        await _hire_helen(folder / "data")
    box = serving_process(folder, NO_MODELS, port)
    server = await to_thread.run_sync(box.__enter__)
    try:
        yield server
    finally:
        await to_thread.run_sync(box.__exit__, None, None, None)
