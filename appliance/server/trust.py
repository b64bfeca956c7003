"""How to trust the box: a page for people, the certificate for their machines."""

import html
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import Response

from appliance.server.answers import NotFound, refuse
from appliance.server.pages import ASK_AGAIN
from appliance.tls.keeper import Keeper

_FOLDER = Path(__file__).parent
PAGE = Template((_FOLDER / "trust.html").read_text())
STYLE = (_FOLDER / "trust.css").read_text()

# Nothing but the page's own style; no script, even of ours.
STRICT = {
    "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "cache-control": ASK_AGAIN,
}


class Trust:
    def __init__(self, keeper: Keeper | None) -> None:
        """Without a keeper there is no TLS."""
        self._keeper = keeper

    async def page(self, _request: Request) -> Response:
        keeper = self._keeper
        if keeper is None or keeper.authority is None:
            return refuse(NOTHING_TO_TRUST)
        page = PAGE.substitute(
            subject=html.escape(keeper.authority.subject.removeprefix("CN=")),
            names=html.escape(str(keeper.served.names)),
            fingerprint=keeper.authority.fingerprint,
            end=f"{keeper.authority.dates.end:%Y-%m-%d}",
            base64="".join(keeper.authority_pem.decode().split("-----")[2].split()),
        )
        return Response(page, headers=STRICT, media_type="text/html")

    async def style(self, _request: Request) -> Response:
        return Response(STYLE, headers=STRICT, media_type="text/css")

    async def certificate(self, _request: Request) -> Response:
        """PEM, which every system takes; Linux takes nothing else."""
        keeper = self._keeper
        if keeper is None or keeper.authority is None:
            return refuse(NOTHING_TO_TRUST)
        headers = STRICT | {
            "content-disposition": 'attachment; filename="appliance-ca.crt"'
        }
        return Response(
            keeper.authority_pem, headers=headers, media_type="application/x-x509-ca-cert"
        )


NOTHING_TO_TRUST = NotFound(
    "This box has no certificate authority of its own in use.",
    fix="Nothing is to be done: it serves a certificate that the site has brought, or "
    "plain http.",
)
