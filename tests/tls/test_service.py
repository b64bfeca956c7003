"""`appliance serve` as it is started on a new box: https, with no question asked."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import anyio
import anyio.to_thread
import httpx
import pytest
from typer.testing import CliRunner

from appliance.cli.app import app
from appliance.tls.context import client_context
from appliance.tls.keyring import Keyring
from appliance.tls.names import Names
from tests.faults.process import NO_MODELS, SECURE, Serving, serving
from tests.server.live import hello, start, talker

TAKEN_OVER_S = 20.0  # upper limit, not expectation


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    with serving(tmp_path, NO_MODELS | SECURE) as running:
        yield running


def keyring_in(server: Serving) -> Keyring:
    return Keyring(server.folder / "data" / "tls", Names())


def trust_of(server: Serving) -> ssl.SSLContext:
    authority = keyring_in(server).authority()
    assert authority is not None
    return client_context(authority.certificates())


def certificate(server: Serving) -> str:
    port = int(server.url.rsplit(":", 1)[1])
    return ssl.get_server_certificate(("127.0.0.1", port))


def test_a_new_box_serves_https_and_says_how_to_trust_it(
    server: Serving, tmp_path: Path
) -> None:
    assert server.url.startswith("https://127.0.0.1:")
    health = httpx.get(f"{server.url}/healthz", verify=trust_of(server))
    assert health.status_code == 200
    said = server.said.read_text()
    assert f"{server.url.replace('https', 'http')}/trust says how" in said
    authority = keyring_in(server).authority()
    assert authority is not None
    assert authority.own.fingerprint in said
    assert "PRIVATE" not in said + server.log.read_text()

    first = certificate(server)
    assert server.stop() == 0
    with serving(tmp_path, NO_MODELS | SECURE) as again:
        assert certificate(again) == first


@pytest.mark.fault("certificate runs out")
@pytest.mark.anyio
async def test_a_certificate_renewed_at_the_console_is_taken_over_under_a_call(
    server: Serving,
) -> None:
    trust = await anyio.to_thread.run_sync(trust_of, server)
    keys = await anyio.to_thread.run_sync(lambda: server.keys)
    begun = await start(server.url, "agent", trust=trust, keys=keys)
    call_id = begun["call_id"]
    async with talker(server.url, call_id, hello("agent"), trust, keys) as agent:
        await agent.until("hello")
        before = await anyio.to_thread.run_sync(certificate, server)
        data = str(server.folder / "data")
        done = await anyio.to_thread.run_sync(
            lambda: CliRunner().invoke(app, ["tls", "--data-dir", data, "renew"])
        )
        assert done.exit_code == 0, done.exception
        with anyio.fail_after(TAKEN_OVER_S):
            # Nothing but another handshake tells.
            while await anyio.to_thread.run_sync(certificate, server) == before:  # noqa: ASYNC110
                await anyio.sleep(0.2)
        await start(server.url, "customer", call_id, trust=trust, keys=keys)
        async with talker(server.url, call_id, hello("customer"), trust, keys):
            await agent.until("partner", role="customer", event="joined")
    assert "Traceback" not in server.log.read_text()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_a_second_port_leads_to_the_first(tmp_path: Path) -> None:
    second = free_port()
    environ = NO_MODELS | SECURE | {"APPLIANCE_TLS_HTTP_PORT": str(second)}
    with serving(tmp_path, environ) as server:
        page = {"accept": "text/html"}
        answer = httpx.get(f"http://127.0.0.1:{second}/calls", headers=page)
        assert answer.headers["location"] == f"{server.url}/calls"


def test_a_line_that_is_silent_does_not_keep_the_box_from_stopping(server: Serving) -> None:
    port = int(server.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port)):
        certificate(server)
        assert server.stop() == 0
