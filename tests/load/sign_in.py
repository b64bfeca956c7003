"""What protecting the door costs: a hash, a sign-in, a row of the audit log, and telling
who asks on every request.

    python -m tests.load.sign_in

On a machine that does nothing else. Choose `access.hash_kib` and `access.hash_passes` by
the first table: a hash of 50 to 100 ms, with as much memory as the caches of the cores can
spare.
"""

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from timeit import timeit

import anyio
from argon2 import PasswordHasher
from starlette.types import Scope

from appliance.access.access import Access
from appliance.access.entrance import Entrance
from appliance.server.passes import Pass
from appliance.server.who import who
from appliance.settings import AccessSettings
from tests.access.site import PASSWORD, came, hire

ROUNDS = 20
ROWS = 300
ASKED = 100_000


def hashes() -> None:
    print("argon2id, one thread, ms a hash")
    for mib in (16, 32, 64):
        for passes in (1, 2, 3, 4):
            hasher = PasswordHasher(passes, mib * 1024, 1)
            taken = [timeit(lambda: hasher.hash("x"), number=1) for _ in range(ROUNDS)]  # noqa: B023
            print(f"  {mib} MiB, {passes} passes: {told(taken)}")


async def sign_ins(access: Access) -> None:
    ann = await hire(access, "Ann", "agent", "admin")
    entrance, taken = Entrance(access), list[float]()
    for _ in range(ROUNDS):
        before = perf_counter()
        ann = await entrance.sign_in("Ann", PASSWORD, came(ann))
        taken.append(perf_counter() - before)
    print(f"sign-in with its hash and its rows on the disk: {told(taken)}")

    taken = []
    for number in range(ROWS):
        before = perf_counter()
        await access.record("Ann", "signed out", str(number))
        taken.append(perf_counter() - before)
    print(f"a row of the audit log: {told(taken)}")

    cookie = f"session={ann.session}; device={ann.device}".encode()
    scope = {"type": "http", "scheme": "http", "headers": [(b"cookie", cookie)]}
    assert who(access, scope).person is not None
    taken_s = timeit(lambda: who(access, scope), number=ASKED)
    print(f"who asks: {taken_s / ASKED * 1e6:.1f} us")

    asked = {"type": "http", "method": "GET", "path": "/api/calls/stats", **scope}
    passing = partial(passed, access, asked)
    taken_s = timeit(passing, number=ASKED)
    print(f"and whether they may: {taken_s / ASKED * 1e6:.1f} us")


async def nobody_took_part(_call_id: str, _by: str) -> bool:
    return False


def passed(access: Access, scope: Scope) -> None:
    Pass(access, scope, nobody_took_part).require("GET /api/calls/stats")


def told(taken_s: Sequence[float]) -> str:
    p95 = quantiles(taken_s, n=20)[-1]
    return f"p50 {median(taken_s) * 1000:.1f} ms, p95 {p95 * 1000:.1f} ms"


def main() -> None:
    hashes()
    with (
        tempfile.TemporaryDirectory() as folder,
        Access.open(Path(folder), AccessSettings()) as access,
    ):
        anyio.run(sign_ins, access)


if __name__ == "__main__":
    main()
