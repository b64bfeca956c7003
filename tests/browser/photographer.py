"""Takes pages in both themes and at the size of a telephone, as pictures and for axe."""

from pathlib import Path
from typing import Literal

import anyio
from playwright.async_api import Page

from tests.browser.axe import settled, violations

OUTPUT = Path(__file__).parent / "output"
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES = {"wide": (1440, 900), "phone": (390, 844)}


class Photographer:
    """Takes a page in every form, and lets axe look at each."""

    def __init__(self, axe: str) -> None:
        self._axe = axe
        self.found: list[str] = []
        OUTPUT.mkdir(exist_ok=True)

    async def take(self, page: Page, name: str) -> None:
        for size, (width, height) in SIZES.items():
            await page.set_viewport_size({"width": width, "height": height})
            for theme in THEMES:
                await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                await settled(page)
                await page.screenshot(path=OUTPUT / f"{name}-{size}-{theme}.png")
                # Colours are the same at every size.
                if (size, theme) != ("phone", "dark"):
                    self.found += [
                        f"{name} {size} {theme}: {found}"
                        for found in await violations(page, self._axe)
                    ]
        await page.set_viewport_size({"width": 1440, "height": 900})

    async def take_both(self, *taken: tuple[Page, str]) -> None:
        """At once: they are in two browsers, and there are two cores."""
        async with anyio.create_task_group() as at_once:
            for page, name in taken:
                at_once.start_soon(self.take, page, name)
