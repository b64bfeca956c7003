"""`appliance handbook`: what an admin needs to know, on a box that has no internet."""

import re
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown

from appliance.handbook.pages import every_page, find


def handbook(
    page: Annotated[
        str, typer.Argument(help="Its name; without one, all are listed.")
    ] = "",
) -> None:
    """Read the handbook."""
    if not page:
        for one in every_page():
            print(f"{one.name:<16} {one.title}")
        return
    text = re.sub(r"<!--.*?-->\n?", "", find(page).text)
    if sys.stdout.isatty():
        Console().print(Markdown(text))
    else:
        print(text)
