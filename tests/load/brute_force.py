"""A thousand wrong passwords beside a call: does anybody get in, is the right person kept
out, and is the call later for it?

    python -m tests.load.brute_force [--wrong 1000] [--seconds 40] [--sample lost-bank-card]

The beginning of the sample call runs four times on one server with its models: twice with
nobody guessing, of which the first warms up, while one address guesses at Ann's password,
and while 250 addresses (of 127.0.0.0/8) do: evenly through the call, over eight lines.
Guessers share the machine with the server: their own work is in every figure.
"""

import argparse
import itertools
import json
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection, HTTPException
from itertools import cycle
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import anyio
from anyio import to_thread

from appliance.access.access import Access
from appliance.access.lent import lent_token
from appliance.bench.level import percentile
from appliance.messages import Transcript
from appliance.replay.client import Outcome, Plan, play
from appliance.replay.own_server import own_server
from appliance.replay.recording import Recording, read_recording
from appliance.replay.samples import find_sample
from appliance.settings import AccessSettings
from tests.access.site import PASSWORD, hire

LINES = 8
ADDRESSES = [f"127.0.{high}.{low}" for high in range(1, 6) for low in range(1, 51)]
OFFICE = "127.9.9.9"  # where Ann sits


class Guessers:
    def __init__(self, url: str, wrong: int, seconds: float, addresses: list[str]) -> None:
        parts = urlsplit(url)
        self.server = (parts.hostname or "", parts.port or 0)
        self.wrong = wrong
        self.apart_s = seconds / wrong if wrong else 0.0
        self.answers = Counter[int]()
        self._addresses = cycle(addresses)
        self._numbers = itertools.count()
        self._begun = 0.0

    @contextmanager
    def at_it(self) -> Iterator[None]:
        self._begun = monotonic()
        lines = [threading.Thread(target=self._guess) for _ in range(LINES)]
        for line in lines:
            line.start()
        yield
        for line in lines:
            line.join()

    @property
    def tried(self) -> int:
        return sum(self.answers.values())

    def _guess(self) -> None:
        while (number := next(self._numbers)) < self.wrong:
            address = next(self._addresses)
            due = self._begun + number * self.apart_s
            threading.Event().wait(max(0.0, due - monotonic()))
            status, _ = sign_in(self.server, address, f"wrong password {number}")
            self.answers[status] += 1


def sign_in(
    server: tuple[str, int], address: str, password: str, device: str = ""
) -> tuple[int, float]:
    """Status (0: no answer), and how many s later it may be tried again."""
    line = HTTPConnection(*server, timeout=30, source_address=(address, 0))
    wish = json.dumps({"name": "Ann", "password": password})
    headers = {"content-type": "application/json"}
    if device:
        headers["cookie"] = f"device={device}"
    try:
        line.request("POST", "/auth/login", wish, headers)
        answer = line.getresponse()
        answer.read()
        return answer.status, float(answer.headers.get("retry-after", 0))
    except (OSError, HTTPException):
        return 0, 0.0
    finally:
        line.close()


def delays_s(outcome: Outcome) -> list[float]:
    """From the end of each turn to its final on the agent's screen."""
    finals = [
        (told.received_ms, told.message)
        for told in outcome.told["agent"]
        if isinstance(told.message, Transcript) and told.message.is_final
    ]
    return [(at_ms - final.end_ms) / 1000 for at_ms, final in finals if final.text]


def until_in(server: tuple[str, int], address: str, device: str = "") -> float:
    """How long Ann, who knows her password and tries when she is told to, is kept out."""
    begun = monotonic()
    while True:
        status, again_s = sign_in(server, address, PASSWORD, device)
        if status == 200:
            return monotonic() - begun
        threading.Event().wait(max(again_s, 0.1))


async def measure(wrong: int, seconds: float, sample: str) -> None:
    whole = await to_thread.run_sync(read_recording, find_sample(sample).path)
    recording = Recording(whole.samples[: round(seconds * whole.rate)], whole.rate)
    with tempfile.TemporaryDirectory() as folder:
        with Access.open(Path(folder), AccessSettings()) as access:
            ann = await hire(access, "Ann", "agent")
        async with (
            own_server("--data-dir", folder) as url,
            lent_token(Path(folder)) as token,
        ):
            parts = urlsplit(url)
            server = (parts.hostname or "", parts.port or 0)
            print(f"{'guessing from':16}{'final p50':>10}{'p95':>6}{'tries':>8}  answers")
            for title, addresses in (
                ("nowhere, cold", []),
                ("nowhere", []),
                ("one address", ["127.0.0.1"]),
                (f"{len(ADDRESSES)} addresses", ADDRESSES),
            ):
                guessers = Guessers(url, wrong, seconds, addresses)
                with guessers.at_it() if addresses else anyio.CancelScope():
                    outcome = await play(url, recording, Plan(), token=token)
                late = delays_s(outcome)
                p50, p95 = percentile(late, 50), percentile(late, 95)
                answers = ", ".join(f"{n} x {s}" for s, n in guessers.answers.items())
                print(f"{title:16}{p50:10.2f}{p95:6.2f}{guessers.tried:8}  {answers}")
                assert not guessers.answers[200], "somebody got in"
            known = partial(until_in, server, OFFICE, ann.device)
            print(
                f"Ann at her own desk is in after {await to_thread.run_sync(known):.1f} s"
            )
            new = partial(until_in, server, "127.8.8.8")
            print(f"at a browser that is new after {await to_thread.run_sync(new):.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--sample", default="lost-bank-card")
    arguments = parser.parse_args()
    anyio.run(measure, arguments.wrong, arguments.seconds, arguments.sample)


if __name__ == "__main__":
    main()
