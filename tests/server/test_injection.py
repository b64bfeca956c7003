"""What people type comes back as the text it is, wherever it is shown, and stays out of
logs, figures and SQL."""

from pathlib import Path
from urllib.parse import quote

import anyio
import pytest

from appliance.customers.importing import Given, Order, import_files
from appliance.received import Chat, Feedback, Hangup
from tests.server.live import (
    OFF,
    client,
    get,
    helen,
    hello,
    messages_of,
    serving,
    talker,
    telephone,
)

pytestmark = pytest.mark.anyio


TEXTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "'; DROP TABLE event; --",
    '" OR ""="',
    "$name {0} %s %n \\",
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "Ada\r\nERROR appliance: a line that nobody logged",
    "Ada\x1b[2J\u202egpj.exe",
    "\u2028\u2029\ufeff",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
async def test_what_is_typed_into_any_field_is_shown_as_text(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "appliance")
    browser = {"user-agent": text} if text.isascii() and text.isprintable() else {}
    async with (
        serving(tmp_path, models=OFF) as (url, box),
        client(url, helen(url) | browser) as http,
        client(url, telephone(url)) as telephone_system,
    ):
        wish = {"role": "customer", "name": text, "reason": text, "phone": text}
        answer = await telephone_system.post(f"{url}/api/calls/start", json=wish)
        call_id = answer.json()["call_id"]
        queue = (await get(url, "/api/calls/waiting"))["waiting"]
        assert (queue[0]["name"], queue[0]["reason"]) == (text, text)
        going = (await get(url, "/api/calls/live"))["calls"]
        assert (going[0]["customer"], going[0]["reason"]) == (text, text)
        await http.post(f"{url}/auth/login", json={"name": text, "password": text})
        agent_s = {"role": "agent", "name": text, "call_id": call_id}
        await telephone_system.post(f"{url}/api/calls/start", json=agent_s)
        async with talker(url, call_id, hello("customer")) as customer:
            await customer.until("hello")
            async with talker(url, call_id, hello("agent")) as agent:
                assert (await agent.until("hello"))["partner"] == text
                line = f"a {text}"
                await customer.send(Chat(text=line, ref=text))
                assert (await agent.until("chat"))["text"] == line
                await agent.send(Feedback(id=text, verdict="dismissed", reason=text))
                await agent.send(Hangup())
                await customer.until("status", part="call", state="ended")
        await box.publisher.settled()
        note = {"outcome": text, "summary": text}
        kept = await http.post(f"{url}/api/sessions/{call_id}/wrap-up", json=note)
        assert (kept.json()["outcome"], kept.json()["summary"]) == (text, text)

        detail = await http.get(f"{url}/api/sessions/{call_id}")
        assert detail.headers["content-type"] == "application/json"
        assert detail.headers["x-content-type-options"] == "nosniff"
        session = detail.json()["session"]
        assert (session["customer"], session["agent"]) == (text, text)
        assert (session["concern"], session["outcome"]) == (text, text)
        assert messages_of(detail.json(), "chat")[0]["text"] == line
        assert messages_of(detail.json(), "feedback")[0]["reason"] == text
        for name in ("q", "agent", "customer", "outcome"):
            found = await http.get(f"{url}/api/sessions", params={name: text})
            assert found.status_code == 200
        for name in ("agent", "customer", "outcome"):
            rows = await http.get(f"{url}/api/sessions", params={name: text})
            assert [row["call_id"] for row in rows.json()["sessions"]] == [call_id]
        assert (await get(url, "/api/sessions"))["sessions"][0]["call_id"] == call_id
        figures = (await http.get(f"{url}/metrics")).text
    assert text not in figures
    # Nor in what a line is about.
    told = [f"{one.getMessage()} {one.__dict__}" for one in caplog.records]
    assert any("call ended" in line for line in told)
    assert text not in "".join(told)


@pytest.mark.parametrize("text", [t for t in TEXTS if t.isprintable()])
async def test_what_is_imported_and_looked_for_is_shown_as_text(
    tmp_path: Path, text: str
) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    file = tmp_path / "customers.csv"
    file.write_text(f"id,name,email\n1,{quoted},a@example.com\n2,Ada,b@example.com\n")
    await anyio.to_thread.run_sync(
        import_files, tmp_path, [Given(path=file)], Order(), lambda _: None
    )
    async with serving(tmp_path, models=OFF) as (url, box), client(url) as http:
        await box.customers.refresh()
        card = await http.get(f"{url}/api/customers/1")
        assert card.json()["customer"]["name"] == text
        found = await http.get(f"{url}/api/customers/search", params={"query": text})
        assert found.status_code == 200
        assert (
            await http.get(f"{url}/api/customers/{quote(text, safe='')}")
        ).status_code == 404
        everybody = await http.get(f"{url}/api/customers/search", params={"query": "ada"})
        assert "2" in [hit["id"] for hit in everybody.json()["customers"]]
