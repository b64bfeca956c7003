"""The pages of the handbook, in the order in which an admin needs them."""

from difflib import get_close_matches
from importlib.resources import files
from typing import NamedTuple

from appliance.errors import ApplianceError

NAMES = (
    "install",
    "first-day",
    "certificates",
    "users",
    "access",
    "screens",
    "customers",
    "knowledge",
    "advice",
    "rules",
    "speech",
    "privacy",
    "recordings",
    "record",
    "figures",
    "retention",
    "backup",
    "upgrade",
    "sizing",
    "troubleshooting",
    "faults",
    "air-gap",
    "settings",
    "interface",
)


class Page(NamedTuple):
    name: str
    title: str
    text: str  # Markdown, with the title


def find(name: str) -> Page:
    """Raises ApplianceError for a page that there is not."""
    if name not in NAMES:
        near = get_close_matches(name, NAMES, 1)
        raise ApplianceError(
            f"The handbook has no page {name}.",
            fix=f"Do you mean {near[0]}?" if near else f"There are: {', '.join(NAMES)}.",
        )
    text = files(__package__).joinpath(f"{name}.md").read_text()
    return Page(name, text.splitlines()[0].removeprefix("# "), text)


def every_page() -> tuple[Page, ...]:
    return tuple(find(name) for name in NAMES)
