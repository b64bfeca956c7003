"""A customer who comes by an agent's link."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from appliance.server.pages import Pages
from appliance.settings import CallSettings, Settings
from tests.browser.conftest import person
from tests.server.cast import on_duty
from tests.server.live import OFF, client, helen, hello, serving, talker

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

BY_INVITATION = Settings(calls=CallSettings(uninvited=False))


async def test_a_link_leads_to_the_call_of_the_agent_who_made_it(
    tmp_path: Path, pages: Pages, voices: dict[str, Path]
) -> None:
    async with (
        serving(tmp_path, BY_INVITATION, OFF, pages) as (url, _),
        on_duty(url, helen(url)),
        client(url) as http,
        person(url, voices["customer"]) as customer,
    ):
        begun = await http.post("/api/calls/start", json={"role": "agent"})
        call_id = begun.json()["call_id"]
        link = (await http.post(f"/api/calls/{call_id}/invite")).json()["path"]
        async with talker(url, call_id, hello("agent"), keys=helen(url)) as agent:
            await customer.page.goto(link)
            await customer.page.get_by_label("Your name").fill("Ada")
            await customer.page.get_by_role("button", name="Start the call").click()
            assert await agent.until("partner", event="joined", role="customer")
            await expect(customer.says("Helen")).to_be_visible()
        assert customer.page.url == f"{url}/customer"
