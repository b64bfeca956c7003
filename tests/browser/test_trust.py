"""A browser at a box it does not trust yet, and at one that it does."""

from pathlib import Path

import anyio
import anyio.to_thread
import pytest
from playwright.async_api import Error, expect

from appliance.server.pages import Pages
from appliance.tls.certificates import make_leaf
from appliance.tls.keeper import Keeper
from appliance.tls.names import Names
from tests.browser.conftest import ELSEWHERE, elsewhere, keeper_of, person, trusting
from tests.server.live import serving

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]


async def test_a_browser_warns_and_the_page_over_http_says_how_to_trust(
    tmp_path: Path, pages: Pages
) -> None:
    keeper = await anyio.to_thread.run_sync(keeper_of, tmp_path / "tls")
    async with (
        serving(tmp_path, pages=pages, keeper=keeper) as (url, _),
        person(elsewhere(url), None) as somebody,
    ):
        page = somebody.page
        plain = elsewhere(url).replace("https", "http")
        # Sent on to https, where the warning is. In a page of its own: the browser's page
        # with the warning comes after the error, and would end what comes next.
        warned = await page.context.new_page()
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            await warned.goto(plain)
        await page.goto(f"{plain}/trust")
        assert keeper.authority is not None
        await expect(page.get_by_text(keeper.authority.fingerprint)).to_be_visible()
        # Its style is applied: the policy lets it.
        assert (
            await page.locator("body").evaluate("e => getComputedStyle(e).maxWidth")
            != "none"
        )
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Download").click()
        saved = await (await download.value).path()
        assert await anyio.Path(saved).read_bytes() == keeper.authority_pem


async def test_a_trusted_authority_still_cannot_pass_for_another_name(
    tmp_path: Path, pages: Pages
) -> None:
    """Name constraints of a root are kept by Chromium, not only written by us."""
    keeper = await anyio.to_thread.run_sync(keeper_of, tmp_path / "tls", "box.test")
    home = await trusting(tmp_path / "home", keeper.authority_pem)
    async with (
        serving(tmp_path, pages=pages, keeper=keeper) as (url, _),
        person(elsewhere(url), None, home=home) as somebody,
    ):
        await somebody.page.goto(url.replace("127.0.0.1", "localhost"))
        await anyio.to_thread.run_sync(forge, keeper)
        with pytest.raises(Error, match="ERR_CERT"):
            await somebody.page.goto(elsewhere(url))


def forge(keeper: Keeper) -> None:
    """What somebody with the stolen key would sign."""
    authority = keeper.keyring.authority()
    assert authority is not None
    forged = make_leaf(authority, Names((ELSEWHERE,)), keeper.served.dates)
    keeper.keyring.take_in(forged)
    keeper.look(renew=False)
