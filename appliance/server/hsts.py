"""Strict-Transport-Security, while a site's own certificate is served."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from appliance.tls.keeper import Keeper

# Half a year. Not for names below it: they are not ours.
VALUE = "max-age=15552000"


class Hsts:
    """Never with the box's own certificate: a browser that has once read the header lets
    nobody past a certificate that it does not trust, and the page that tells how to trust
    it would be out of reach, too."""

    def __init__(self, app: ASGIApp, keeper: Keeper) -> None:
        self.app = app
        self.keeper = keeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.keeper.site:
            await self.app(scope, receive, send)
            return

        async def send_with_header(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["strict-transport-security"] = VALUE
            await send(message)

        await self.app(scope, receive, send_with_header)
