"""Customers who come by an invitation, and who cannot."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from appliance.settings import CallSettings, Settings
from tests.server.cast import call_in, greeted, on_duty
from tests.server.live import (
    OFF,
    client,
    helen,
    serving,
    telephone,
)

pytestmark = pytest.mark.anyio


async def invited(url: str, keys: Mapping[str, str], call_id: str) -> dict[str, Any]:
    async with client(url, keys) as http:
        made = await http.post(f"/api/calls/{call_id}/invite")
        assert made.status_code == 201, made.text
        return dict(made.json())


async def test_a_customer_comes_by_a_code_that_is_good_once(tmp_path: Path) -> None:
    closed_shop = Settings(calls=CallSettings(uninvited=False))
    wish = {"role": "customer", "name": "Ada"}
    async with serving(tmp_path, closed_shop, OFF) as (url, _):
        async with client(url, {}) as stranger:
            refused = await stranger.post("/api/calls/start", json=wish)
            assert refused.status_code == 403
            async with on_duty(url, helen(url)), client(url) as http:
                begun = await http.post("/api/calls/start", json={"role": "agent"})
                call_id = begun.json()["call_id"]
                void = await invited(url, helen(url), call_id)
                told = await invited(url, helen(url), call_id)
                assert told["path"] == f"/customer#{told['code']}"
                for code in (void["code"], "", "abcde-fghjk"):
                    no = await stranger.post("/auth/invite", json={"code": code})
                    assert no.status_code == 404
                code = {"code": f" {told['code'].upper()} "}
                let_in = await stranger.post("/auth/invite", json=code)
                assert let_in.json() == {"call_id": call_id}
                assert (await stranger.post("/auth/invite", json=code)).status_code == 404
                named = {**wish, "call_id": call_id}
                assert (await stranger.post("/api/calls/start", json=named)).is_success
                cookie = {"cookie": f"customer={stranger.cookies['customer']}"}
                assert await greeted(url, call_id, "customer", cookie) == "hello"
                again = await http.post(f"/api/calls/{call_id}/invite")
                assert again.status_code == 409  # it has its customer
        # Programs bring calls whatever is said of strangers.
        async with client(url, telephone(url)) as system:
            assert (await system.post("/api/calls/start", json=wish)).is_success


async def test_a_code_puts_out_nobody_who_has_come_meanwhile(tmp_path: Path) -> None:
    async with (
        serving(tmp_path, models=OFF) as (url, _),
        on_duty(url, helen(url)),
        client(url) as http,
        client(url, {}) as late,
    ):
        begun = await http.post("/api/calls/start", json={"role": "agent"})
        call_id = begun.json()["call_id"]
        told = await invited(url, helen(url), call_id)
        came, guest = await call_in(url)
        assert came == call_id
        code = {"code": told["code"]}
        assert (await late.post("/auth/invite", json=code)).status_code == 409
        assert await greeted(url, call_id, "customer", guest.headers) == "hello"


async def test_a_cookie_that_was_planted_becomes_nobodys_call(tmp_path: Path) -> None:
    async with serving(tmp_path, models=OFF) as (url, _), client(url, {}) as http:
        http.cookies.set("customer", "planted", domain="127.0.0.1")
        wish = {"role": "customer", "name": "Ada"}
        call_id = (await http.post("/api/calls/start", json=wish)).json()["call_id"]
        planted = {"cookie": "customer=planted"}
        assert await greeted(url, call_id, "customer", planted) == "401"


async def test_a_call_that_is_named_is_not_taken_by_who_has_only_its_name(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path, models=OFF) as (url, _):
        # One that waits already would be matched with the agent.
        async with client(url, telephone(url)) as system:
            await system.post("/api/calls/start", json={"role": "agent"})
        _, guest = await call_in(url)
        async with on_duty(url, helen(url)), client(url) as http:
            begun = await http.post("/api/calls/start", json={"role": "agent"})
        wish = {"role": "customer", "name": "Eve", "call_id": begun.json()["call_id"]}
        for keys, status in (({}, 401), (guest.headers, 404)):
            async with client(url, keys) as eve:
                refused = await eve.post("/api/calls/start", json=wish)
                assert refused.status_code == status
