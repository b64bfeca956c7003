"""What axe finds on a page."""

from pathlib import Path

from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "appliance/ui/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TOLD = "violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' | ')}`)"


async def violations(page: Page, axe: str) -> list[str]:
    """`axe` is the text of AXE; each violation with the elements it is about."""
    await page.evaluate(axe)
    options = {"runOnly": {"type": "tag", "values": RULES}}
    script = f"async (options) => (await axe.run(document, options)).{TOLD}"
    return list(await page.evaluate(script, options))
