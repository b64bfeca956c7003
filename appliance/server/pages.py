"""The browser app: its built files, read once."""

import gzip
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from appliance.server.answers import NotFound
from appliance.server.headers import PAGE_POLICY

BUILT = Path(__file__).parents[1] / "ui" / "dist"
BUILD_COMMAND = "./scripts/setup"

# Vite puts a hash of the content into the name: under that name nothing else ever comes.
HASHED = re.compile(r"-[\w-]{8}\.\w+(\.\w+)*$")
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
ICON = "icon.svg"

# What is smaller fits into one packet anyway.
WORTH_PACKING = 1200

# Not every system's table has them, and a browser refuses a script of another type.
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class File:
    content: bytes
    packed: bytes | None  # gzip, where that is worth it
    media_type: str
    cache: str

    @classmethod
    def read(cls, path: Path) -> Self:
        content = path.read_bytes()
        media_type = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
        packed = None
        if path.suffix in TYPES and len(content) > WORTH_PACKING:
            packed = gzip.compress(content, mtime=0)
        return cls(
            content,
            packed,
            media_type or "application/octet-stream",
            FOR_EVER if HASHED.search(path.name) else ASK_AGAIN,
        )


class Pages:
    """`index.html` under every route of the app, the rest under /assets."""

    def __init__(self, index: File | None, assets: Mapping[str, File]) -> None:
        """`index` is None where the app has not been built."""
        self._index = index
        self._assets = assets

    @classmethod
    def read(cls, folder: Path = BUILT) -> Self:
        """The files of a build, half a megabyte; none if there is no build. Blocks."""
        index = folder / "index.html"
        if not index.is_file():
            return cls(None, {})
        assets = [path for path in (folder / "assets").iterdir() if path.is_file()]
        return cls(File.read(index), {path.name: File.read(path) for path in assets})

    async def page(self, request: Request) -> Response:
        if self._index is None:
            policy = {"content-security-policy": PAGE_POLICY}
            return HTMLResponse(HOW_TO_BUILD, status_code=503, headers=policy)
        return _serve(self._index, request)

    async def icon(self, request: Request) -> Response:
        """Where browsers look for it, on whatever is no page of the app."""
        return self._asset(ICON, request)

    async def asset(self, request: Request) -> Response:
        return self._asset(request.path_params["name"], request)

    def _asset(self, name: str, request: Request) -> Response:
        file = self._assets.get(name)
        if file is None:
            # A page of an older build asks for what is gone; it must not get index.html.
            raise NotFound(f"There is no file {name!r} here.", fix="Reload the page.")
        return _serve(file, request)


def _serve(file: File, request: Request) -> Response:
    headers = {
        "content-security-policy": PAGE_POLICY,
        "cache-control": file.cache,
        "vary": "accept-encoding",
    }
    content = file.content
    if file.packed and "gzip" in request.headers.get("accept-encoding", ""):
        content = file.packed
        headers["content-encoding"] = "gzip"
    return Response(content, headers=headers, media_type=file.media_type)


NOT_BUILT = Pages(None, {})

HOW_TO_BUILD = f"""<!doctype html>
<html lang="en">
<title>The appliance</title>
<h1>The browser app is not built</h1>
<p>Calls, the record and the interface work. To build the pages, run
<code>{BUILD_COMMAND}</code> in the folder of the appliance, then start it again.</p>
<p><a href="/healthz">Is it well?</a></p>
</html>
"""
