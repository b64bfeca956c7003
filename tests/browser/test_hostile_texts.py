"""What strangers type and say is text on every page: no script runs, no element is made."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from appliance.messages import (
    AiSuggestion,
    Alert,
    ChatLine,
    Customer,
    CustomerCandidate,
    CustomerCard,
    CustomerNote,
    CustomerOrder,
    CustomerTicket,
    Sent,
    Transcript,
)
from appliance.received import Chat
from appliance.server.pages import Pages
from appliance.store.event import CallEnded, Event, Joined, WrapUp
from tests.access.site import hire
from tests.browser.conftest import open_tab, person
from tests.server.live import SITES, client, hello, serving, start, talker, telephone
from tests.store.events import started, wall

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

EVIL = '<img class=evil src=x onerror="window.evil=1"><script>window.evil=1</script>'
# As long as the name of an account may be.
EVIL_NAME = "<img class=evil src=x onerror=window.evil=1>"

MADE = """[window.evil ?? 'nothing ran',
  document.querySelectorAll('.evil, [onerror]').length]"""

CARD = CustomerCard(
    id=EVIL, name=EVIL, email=EVIL, phone=EVIL, status=EVIL, lifetime_value=1.0,
    currency="EUR", since="2020-01-01",
    orders=(CustomerOrder(number=EVIL, placed="2020-01-01", status=EVIL, total=1.0,
                          currency="EUR", item=EVIL),),
    tickets=(CustomerTicket(number=EVIL, opened="2020-01-01", status=EVIL, subject=EVIL),),
    notes=(CustomerNote(written="2020-01-01", author=EVIL, text=EVIL),),
)  # fmt: skip

SAID: tuple[Sent, ...] = (
    Transcript(id="t1", speaker="customer", text=EVIL, is_final=True, start_ms=0, end_ms=9,
               language='"><img class=evil>'),
    ChatLine(id="c1", speaker="customer", text=EVIL, at_ms=10),
    AiSuggestion(id="a1", answers="t1", action=EVIL, suggestion=EVIL, reasoning=EVIL,
                 confidence=0.5, is_final=True, status="done"),
    Customer(source="said", card=CARD),
    Alert(id="m1", kind="mood", state="raised", lines=("t1",), text=EVIL),
)  # fmt: skip

WHO_IT_COULD_BE = Customer(
    source="said",
    candidates=(
        CustomerCandidate(id="1", name=EVIL, matched="name", value=EVIL, exact=False),
    ),
)


def recorded() -> list[Event]:
    facts = (
        Joined(role="agent", name=EVIL),
        Joined(role="customer", name=EVIL, reason=EVIL),
        CallEnded(reason="hangup"),
        WrapUp(outcome=EVIL, summary=EVIL),
    )
    return [
        started("old"),
        *(
            Event.note(fact, call_id="old", seq=2 + n, at_ms=100 * (n // 2), wall=wall(n))
            for n, fact in enumerate(facts)
        ),
        *(
            Event(
                call_id="old",
                seq=10 + n,
                at_ms=20,
                wall=wall(),
                kind=str(message.__struct_config__.tag),
                payload=Event.of(message, call_id="old", at_ms=20, wall=wall()).payload,
            )
            for n, message in enumerate(SAID)
        ),
    ]


async def is_text(page: Page, times: int = 1) -> None:
    """It is there to be read, so often at least, and nothing has come of it."""
    await expect(page.get_by_text(EVIL_NAME[:20]).nth(times - 1)).to_be_attached()
    assert await page.evaluate(MADE) == ["nothing ran", 0]


async def test_nothing_of_it_runs_and_no_element_is_made_of_it(
    tmp_path: Path, pages: Pages, voices: dict[str, Path]
) -> None:
    async with (
        serving(tmp_path, pages=pages) as (url, box),
        person(url, voices["agent"]) as agent,
    ):
        for event in recorded():
            box.store.append(event)
        await box.store.flush()
        await hire(SITES[url].access, EVIL_NAME, "agent", "supervisor")
        wish = {"role": "customer", "name": EVIL, "reason": EVIL, "phone": EVIL[:40]}
        async with client(url, telephone(url)) as http:
            begun = await http.post("/api/calls/start", json=wish)
        call_id = begun.json()["call_id"]
        await agent.start_shift(EVIL_NAME)
        async with talker(url, call_id, hello("customer")) as customer:
            await agent.answer()
            await customer.send(Chat(text=EVIL))
            live = box._live[call_id]
            live.publish(WHO_IT_COULD_BE)
            await expect(
                agent.page.get_by_text("It could be one of these:")
            ).to_be_visible()
            await is_text(agent.page, 4)
            for message in SAID:
                live.publish(message)
            await expect(agent.page.get_by_test_id("advice")).to_be_visible()
            await is_text(agent.page, 12)

            sam = await open_tab(agent)
            for path, times in (
                ("/dashboard", 1),
                (f"/dashboard/calls/{call_id}", 4),
                ("/calls/history", 1),
                ("/calls/history?q=img", 1),
                ("/calls/history/old?at=90", 3),
            ):
                await sam.page.goto(path)
                await is_text(sam.page, times)
                if path.endswith(call_id):
                    sign = agent.page.get_by_text("A supervisor is reading along")
                    await expect(sign).to_contain_text(EVIL_NAME)
                    await is_text(agent.page, 12)

        visitor = await open_tab(agent)
        await visitor.call_in("Ada", EVIL)
        await expect(visitor.page.get_by_text("You are next.")).to_be_visible()
        waits = next(c for c in box.registry.waiting("customer") if c.id != call_id)
        await start(url, "agent", waits.id, name=EVIL)
        async with talker(url, waits.id, hello("agent")) as colleague:
            await colleague.send(Chat(text=EVIL))
            await is_text(visitor.page, 3)
        # The site has no customer of such a number, which the network tells the console.
        for someone in (agent, sam, visitor):
            assert all("/api/customers/" in error for error in someone.errors)
            someone.errors.clear()
