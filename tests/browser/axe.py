"""What axe finds on a page."""

from pathlib import Path

from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "appliance/ui/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DRAWN = """async () => {
  await document.fonts.ready;
  for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame);
}"""
TOLD = "violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' | ')}`)"


async def violations(page: Page, axe: str) -> list[str]:
    """`axe` is the text of AXE; each violation with the elements it is about."""
    # Half a megabyte of script: once for each page that is loaded.
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(axe)
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    script = f"async (options) => (await axe.run(document, options)).{TOLD}"
    return list(await page.evaluate(script, options))


async def settled(page: Page) -> None:
    """Return once what was asked of the page is drawn: after a change of size or theme it
    measures its rows and draws again."""
    await page.evaluate(DRAWN)
