"""Who comes to the one port: over TLS, over http, with nothing to say."""

import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import anyio
import anyio.to_thread
import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from appliance.server.door import STRANGERS
from appliance.tls.context import client_context
from appliance.tls.dates import LEAF_LIFE
from appliance.tls.keeper import Keeper, utc_now
from appliance.tls.names import Names
from tests.server.live import fake_models, helen, hello, serving, start, talker
from tests.tls.made_up import Company, keyring

pytestmark = pytest.mark.anyio

LOCAL = Names(("localhost", "box.test"), ("127.0.0.1",))


class Live(NamedTuple):
    url: str  # https
    plain: str  # http, at the same port
    port: int
    keeper: Keeper
    trust: ssl.SSLContext


@asynccontextmanager
async def secure(folder: Path) -> AsyncIterator[Live]:
    keys = keyring(folder / "tls", host=LOCAL)
    keeper = await anyio.to_thread.run_sync(Keeper, keys)
    async with serving(folder, models=fake_models(), keeper=keeper) as (url, _):
        port = int(url.rsplit(":", 1)[1])
        trust = client_context(keeper.authority_pem)
        yield Live(url, f"http://127.0.0.1:{port}", port, keeper, trust)


class Seen(NamedTuple):
    """What a handshake came to."""

    version: str | None
    cipher: str
    alpn: str | None
    certificate: bytes


def look(port: int, context: ssl.SSLContext, name: str = "127.0.0.1") -> Seen:
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as raw,
        context.wrap_socket(raw, server_hostname=name) as secured,
    ):
        cipher, alpn = secured.cipher(), secured.selected_alpn_protocol()
        certificate = secured.getpeercert(binary_form=True)
        assert cipher is not None
        assert certificate is not None
        return Seen(secured.version(), cipher[0], alpn, certificate)


async def seen(live: Live, context: ssl.SSLContext, name: str = "127.0.0.1") -> Seen:
    return await anyio.to_thread.run_sync(look, live.port, context, name)


def only(version: ssl.TLSVersion, trust: Keeper) -> ssl.SSLContext:
    context = client_context(trust.authority_pem)
    # A client as old as that: what today's defaults refuse, it would take.
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_it_speaks_tls_of_today_and_refuses_what_is_broken(tmp_path: Path) -> None:
    async with secure(tmp_path) as live:
        new = await seen(live, only(ssl.TLSVersion.TLSv1_3, live.keeper))
        assert (new.version, new.alpn) == ("TLSv1.3", "http/1.1")
        old = await seen(live, only(ssl.TLSVersion.TLSv1_2, live.keeper))
        assert old.version == "TLSv1.2"
        assert old.cipher.startswith("ECDHE-ECDSA-")
        assert old.cipher.endswith(("GCM-SHA256", "GCM-SHA384", "POLY1305"))
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            with pytest.raises(ssl.SSLError):
                await seen(live, only(version, live.keeper))
        for cipher in ("AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA"):
            weak = only(ssl.TLSVersion.TLSv1_2, live.keeper)
            weak.set_ciphers(f"{cipher}:@SECLEVEL=0")
            with pytest.raises(ssl.SSLError):
                await seen(live, weak)


async def test_what_it_shows_verifies_by_its_authority_alone_and_by_every_name(
    tmp_path: Path,
) -> None:
    async with secure(tmp_path) as live:
        for name in (*LOCAL.hosts, *LOCAL.addresses):
            await seen(live, live.trust, name)
        with pytest.raises(
            ssl.SSLCertVerificationError, match="unable to get local issuer"
        ):
            await seen(live, client_context())
        with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
            await seen(live, live.trust, "elsewhere.test")
        dates = live.keeper.served.dates
        assert dates.end - dates.begin < LEAF_LIFE <= timedelta(days=397)


async def test_calls_go_on_while_the_certificate_is_renewed(tmp_path: Path) -> None:
    async with secure(tmp_path) as live:
        call_id = (await start(live.url, "agent", trust=live.trust))["call_id"]
        async with talker(live.url, call_id, hello("agent"), live.trust) as agent:
            await agent.until("hello")
            before = await seen(live, live.trust)
            at_the_console = keyring(live.keeper.keyring.folder, host=LOCAL)
            await anyio.to_thread.run_sync(
                lambda: at_the_console.prepare(utc_now(), force=True)
            )
            await anyio.to_thread.run_sync(lambda: live.keeper.look(renew=False))
            after = await seen(live, live.trust)
            assert before.certificate != after.certificate

            # The line that was open is the same one, and hears who comes by the new one.
            await start(live.url, "customer", call_id, trust=live.trust)
            async with talker(live.url, call_id, hello("customer"), live.trust):
                await agent.until("partner", role="customer", event="joined")


async def test_http_leads_people_to_https_at_the_same_port(tmp_path: Path) -> None:
    browser = {"accept": "text/html,*/*;q=0.8"}
    async with secure(tmp_path) as live, httpx.AsyncClient(headers=browser) as http:
        answer = await http.get(f"{live.plain}/calls/history?q=card")
        assert answer.status_code == 307
        assert answer.headers["location"] == f"{live.url}/calls/history?q=card"
        assert answer.headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in answer.headers
        named = await http.get(live.plain, headers={"host": "box.test:80"})
        assert named.headers["location"] == "https://box.test:80/"


@pytest.mark.parametrize("host", ["evil.test/x?", "a b", "a@evil.test", "[::1", "x" * 300])
async def test_what_is_no_host_is_never_put_into_an_address(
    tmp_path: Path, host: str
) -> None:
    async with secure(tmp_path) as live, httpx.AsyncClient() as http:
        given = {"accept": "text/html", "host": host}
        answer = await http.get(live.plain, headers=given)
        if answer.status_code != 400:  # h11 has refused it already
            assert answer.headers["location"] == f"{live.url}/"


async def test_programs_that_come_over_http_are_refused_and_told_why(
    tmp_path: Path,
) -> None:
    async with secure(tmp_path) as live, httpx.AsyncClient() as http:
        for answer in (
            await http.get(f"{live.plain}/healthz"),
            await http.post(f"{live.plain}/api/calls/start", json={"role": "agent"}),
            await http.post(f"{live.plain}/auth/login", headers={"accept": "text/html"}),
        ):
            assert answer.status_code == 403
            assert answer.json()["fix"].startswith(f"Use {live.url}/")
        with pytest.raises(InvalidStatus) as refused:
            await connect(f"ws://127.0.0.1:{live.port}/ws/call/x")
        assert refused.value.response.status_code == 403


async def test_how_to_trust_it_is_told_over_http_and_https(tmp_path: Path) -> None:
    async with secure(tmp_path) as live, httpx.AsyncClient(verify=live.trust) as http:
        assert live.keeper.authority is not None
        for url in (live.plain, live.url):
            page = await http.get(f"{url}/trust")
            assert page.status_code == 200
            assert live.keeper.authority.fingerprint in page.text
            assert "$" not in page.text.replace("$HOME", "")
            policy = page.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; style-src 'self';")
            assert "<script" not in page.text
            assert "style=" not in page.text
            style = await http.get(f"{url}/trust.css")
            assert style.headers["content-type"].startswith("text/css")
            certificate = await http.get(f"{url}/ca.crt")
            assert certificate.headers["content-type"] == "application/x-x509-ca-cert"
            assert certificate.content == live.keeper.authority_pem
            assert b"PRIVATE" not in certificate.content


async def test_a_sites_own_certificate_is_for_good_and_the_boxs_own_is_not(
    tmp_path: Path,
) -> None:
    async with secure(tmp_path) as live, httpx.AsyncClient(verify=live.trust) as before:
        # A browser that has read it would let nobody past a certificate it does not know.
        assert "strict-transport-security" not in (await before.get(live.url)).headers
        company = Company(names=LOCAL, life=live.keeper.served.dates)
        await anyio.to_thread.run_sync(live.keeper.keyring.take_in, company.brought())
        await anyio.to_thread.run_sync(lambda: live.keeper.look(renew=False))
        trust = client_context(company.root.certificates())
        async with httpx.AsyncClient(verify=trust) as http:
            answer = await http.get(f"{live.url}/api/calls/stats")
            assert answer.headers["strict-transport-security"] == "max-age=15552000"
            assert (await http.get(f"{live.url}/ca.crt")).status_code == 404


async def test_health_and_metrics_tell_of_the_certificate(tmp_path: Path) -> None:
    async with (
        secure(tmp_path) as live,
        httpx.AsyncClient(verify=live.trust, headers=helen(live.url)) as http,
    ):
        health = (await http.get(f"{live.url}/healthz")).json()
        assert health["parts"]["certificate"]["state"] == "live"
        metrics = (await http.get(f"{live.url}/metrics")).text
        line = next(x for x in metrics.splitlines() if x.startswith("appliance_cert"))
        assert float(line.split()[1]) == live.keeper.served.dates.end.timestamp()


async def test_whoever_opens_lines_and_says_nothing_keeps_nobody_out(
    tmp_path: Path,
) -> None:
    async with secure(tmp_path) as live:
        silent = [
            await anyio.connect_tcp("127.0.0.1", live.port) for _ in range(STRANGERS + 5)
        ]
        # Half of a handshake is as silent as none.
        await silent[-1].send(b"\x16\x03\x01")
        await seen(live, live.trust)
        # The oldest has had to make room.
        with pytest.raises((anyio.EndOfStream, anyio.BrokenResourceError)):
            await silent[0].receive()
        for line in silent:
            await anyio.aclose_forcefully(line)


@pytest.mark.parametrize(
    "noise", [b"\x16\x03\x01\x00\x05hello", b"\x16", b"\x00\xff", b"GET"]
)
async def test_noise_ends_its_own_line_and_nothing_else(
    tmp_path: Path, noise: bytes
) -> None:
    async with secure(tmp_path) as live:
        line = await anyio.connect_tcp("127.0.0.1", live.port)
        await line.send(noise)
        await line.aclose()
        await seen(live, live.trust)
