"""What TLS costs: `python -m tests.load.handshake [--rounds 300]`.

Two servers side by side, one over TLS and one plain, without models; each round asks both,
so that whatever else the machine does is in both columns. Client and server share the
machine, and the client's part, with checking the chain, is in every figure.
"""

import argparse
import os
import socket
import ssl
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

import anyio
import anyio.to_thread

from appliance.bench.level import percentile
from appliance.replay.own_server import own_server
from appliance.tls.context import client_context
from tests.faults.process import NO_MODELS, SECURE

PATH = "/auth/me"  # answers strangers, from memory alone
WARM_UP = 20

Times = dict[str, list[float]]


class Client:
    """Opens lines to one server in every way that is measured."""

    def __init__(self, url: str, authority: bytes | None) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "", parts.port or 0
        self.trust = client_context(authority) if authority else None

    def connect(
        self, version: ssl.TLSVersion | None = None, session: ssl.SSLSession | None = None
    ) -> socket.socket:
        raw = socket.create_connection((self.host, self.port))
        if self.trust is None:
            return raw
        self.trust.maximum_version = version or ssl.TLSVersion.MAXIMUM_SUPPORTED
        return self.trust.wrap_socket(raw, server_hostname=self.host, session=session)

    def session(self) -> ssl.SSLSession | None:
        """Its ticket comes with the first answer, not with the handshake."""
        with self.connect() as line:
            line.sendall(f"GET {PATH} HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode())
            line.recv(65536)
            return line.session if isinstance(line, ssl.SSLSocket) else None

    def http(self) -> HTTPConnection:
        if self.trust is None:
            return HTTPConnection(self.host, self.port)
        return HTTPSConnection(self.host, self.port, context=self.trust)


def ask(http: HTTPConnection) -> None:
    http.request("GET", PATH)
    http.getresponse().read()


def ask_anew(client: Client) -> None:
    http = client.http()
    ask(http)
    http.close()


def measure(plain: Client, secure: Client, rounds: int) -> Times:
    session = secure.session()
    kept = {"plain": plain.http(), "TLS": secure.http()}
    doings: dict[str, Callable[[], object]] = {
        "connect, plain": lambda: plain.connect().close(),
        "connect, TLS 1.3": lambda: secure.connect().close(),
        "connect, TLS 1.2": lambda: secure.connect(ssl.TLSVersion.TLSv1_2).close(),
        "connect, TLS 1.3 resumed": lambda: secure.connect(session=session).close(),
        "request on an open line, plain": lambda: ask(kept["plain"]),
        "request on an open line, TLS": lambda: ask(kept["TLS"]),
        "request on a new line, plain": lambda: ask_anew(plain),
        "request on a new line, TLS": lambda: ask_anew(secure),
    }
    times: Times = {name: [] for name in doings}
    for n in range(WARM_UP + rounds):
        for name, do in doings.items():
            began_s = time.perf_counter()
            do()
            if n >= WARM_UP:
                times[name].append(1000 * (time.perf_counter() - began_s))
    return times


async def run(rounds: int) -> None:
    async with AsyncExitStack() as stack:
        urls, authority = [], b""
        for environ in (NO_MODELS, NO_MODELS | SECURE):
            data = stack.enter_context(tempfile.TemporaryDirectory())
            server = own_server("--data-dir", data, environ=environ)
            urls.append(await stack.enter_async_context(server))
            if environ is not NO_MODELS:
                authority = await anyio.Path(data, "tls", "authority.pem").read_bytes()
        plain, secure = Client(urls[0], None), Client(urls[1], authority)
        times = await anyio.to_thread.run_sync(measure, plain, secure, rounds)
    print(f"| {rounds} rounds, {os.cpu_count()} cores | p50 ms | p95 ms |")
    print("|---|---|---|")
    for name, ms in times.items():
        print(f"| {name} | {percentile(ms, 50):.2f} | {percentile(ms, 95):.2f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    anyio.run(run, parser.parse_args().rounds)


if __name__ == "__main__":
    main()
