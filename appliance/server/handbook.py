"""The handbook as pages: at any computer, signed in or not, without a script."""

import html
import re
from functools import cache

from anyio import to_thread
from markdown_it import MarkdownIt
from starlette.requests import Request
from starlette.responses import Response

from appliance.errors import ApplianceError
from appliance.handbook.pages import NAMES, every_page, find
from appliance.server.answers import NotFound, refuse
from appliance.server.trust import STRICT

_COMMENT = re.compile(r"<!--.*?-->\n?")
# In the files a page is linked to as a file, so that any reader of Markdown follows.
_LINK = re.compile(r"\(([a-z-]+)\.md\)")


async def page(request: Request) -> Response:
    name = str(request.path_params.get("page", NAMES[0]))
    try:
        shown = await to_thread.run_sync(_page, name)
    except ApplianceError as error:
        return refuse(NotFound(error.problem, fix=error.fix))
    return Response(shown, headers=STRICT, media_type="text/html")


@cache
def _page(name: str) -> str:
    """Raises ApplianceError for a page that there is not; those are not kept."""
    found = find(name)
    text = _LINK.sub(r"(/handbook/\1)", _COMMENT.sub("", found.text))
    # What scrolls has to be reached by key.
    body = MarkdownIt("js-default").render(text).replace("<table>", '<table tabindex="0">')
    links = "".join(
        f'<li><a href="/handbook/{one.name}"{_here(one.name == name)}>'
        f"{html.escape(one.title)}</a></li>"
        for one in every_page()
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(found.title)}</title>"
        '<link rel="stylesheet" href="/trust.css"></head><body>'
        f'<nav aria-label="Handbook"><ul class="parts">{links}</ul></nav>'
        f"<main>{body}</main></body></html>"
    )


def _here(yes: bool) -> str:
    return ' aria-current="page"' if yes else ""
