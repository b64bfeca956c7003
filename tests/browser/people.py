"""Somebody at a browser, and what they do there."""

import json
from typing import Any

import anyio
from playwright.async_api import ConsoleMessage, Locator, Page, WebSocket, expect

from tests.access.site import PASSWORD

# Everything that goes to a loudspeaker also goes past this ear.
EAR = """
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (target, ...rest) {
  if (target instanceof AudioDestinationNode) {
    const ear = new AnalyserNode(this.context, { fftSize: 2048 });
    connect.call(this, ear);
    (window.ears ??= []).push(ear);
  }
  return connect.call(this, target, ...rest);
};
window.heardNow = () => Math.max(0, ...(window.ears ?? []).map((ear) => {
  const samples = new Float32Array(ear.fftSize);
  ear.getFloatTimeDomainData(samples);
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0);
  return Math.sqrt(power / samples.length);
}));
"""

SIGN_IN = """async (wish) =>
  (await fetch('/auth/login', { method: 'POST', body: wish })).status"""

AUDIBLE = 0.005  # RMS of the loudspeaker's samples, -46 dB
HEARD_WITHIN_S = 60  # one side of the sample call begins silent; machines are slow


class Person:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.told: list[dict[str, Any]] = []  # text messages of the box
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._on_console)
        page.on("websocket", self._on_socket)

    def _on_console(self, message: ConsoleMessage) -> None:
        # What the network says when a test cuts it is no error of the page.
        if message.type == "error" and "net::" not in message.text:
            self.errors.append(f"{message.text} {message.location.get('url', '')}".strip())

    def _on_socket(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._on_frame)

    def _on_frame(self, payload: str | bytes) -> None:
        if isinstance(payload, str):
            self.told.append(json.loads(payload))

    def kinds(self) -> set[str]:
        return {str(message["type"]) for message in self.told}

    async def sign_in(self, name: str = "Helen", *, at: str = "") -> None:
        """Without the page for it, which has tests of its own."""
        await self.page.goto(f"{at}/assets/icon.svg")
        wish = {"name": name, "password": PASSWORD}
        assert await self.page.evaluate(SIGN_IN, json.dumps(wish)) == 200

    async def type_sign_in(self, name: str, password: str) -> None:
        await self.page.get_by_label("Name", exact=True).fill(name)
        await self.page.get_by_label("Password", exact=True).fill(password)
        await self.page.get_by_role("button", name="Sign in").click()

    async def start_shift(self, name: str = "Helen") -> None:
        await self.sign_in(name)
        await self.page.add_init_script(EAR)
        await self.page.goto("/calls")
        await self.page.get_by_role("button", name="Start shift").click()
        await expect(
            self.page.get_by_role("heading", name="Waiting customers")
        ).to_be_visible()

    async def call_in(self, name: str, reason: str) -> None:
        await self.page.add_init_script(EAR)
        await self.page.goto("/customer")
        await self.page.get_by_label("Your name").fill(name)
        await self.page.get_by_label("What is it about?").fill(reason)
        await self.page.get_by_role("button", name="Start the call").click()

    async def answer(self) -> None:
        """By the keyboard alone."""
        await self.page.get_by_role("button", name="Answer").wait_for()
        await self.page.keyboard.press("Enter")

    async def hears_something(self) -> None:
        # Not wait_for_function, which evaluates text: the page's policy forbids that.
        with anyio.fail_after(HEARD_WITHIN_S):
            while await self.page.evaluate("window.heardNow()") < AUDIBLE:
                await self.page.wait_for_timeout(50)

    async def write(self, label: str, text: str) -> None:
        await self.page.get_by_label(label).fill(text)
        await self.page.get_by_label(label).press("Enter")

    async def end_call(self) -> None:
        await self.page.get_by_role("button", name="End call").click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_role("button", name="End call").click()

    def says(self, text: str) -> Locator:
        # What is said is there a second time for screen readers.
        return self.page.get_by_text(text).first

    async def lines(self) -> list[str]:
        return await self.page.locator(".au-line__text").all_inner_texts()
