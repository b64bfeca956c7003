"""Attacks on a live server, and what each does to people who talk meanwhile.

    python -m tests.load.attacks [NAME...]

The attacker has one address, and first no account, then a token; two calls go on from
another address. For each attack: what came of it, how late and how whole the voices of
the two calls were, memory that the server did not have before, and faults that its log
shows. The models are off: only the server is attacked.
"""

import json
import resource
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from itertools import product
from pathlib import Path

import anyio
import psutil

from tests.faults.process import NO_MODELS, Serving, serving
from tests.load.attacks_on_http import (
    answers_unread,
    broken_off,
    call_flood,
    deep_json,
    from_elsewhere,
    headers_of_answers,
    many_sockets,
    odd_requests,
    request_flood,
    silent_connections,
    slow_bodies,
    slow_heads,
    unwanted_body,
)
from tests.load.attacks_on_sockets import (
    audio_flood,
    chat_flood,
    opus_bomb,
    pings_unread,
    resume_storm,
    silence_bomb,
    tiny_frames,
    unread_voice,
)
from tests.load.bystanders import bystanders
from tests.load.hostile import MIB, kinds_of_faults, known_as

USUAL_FILES = 1024  # open files that a service may have where nobody says otherwise

# Below HTTP a connection is attacked alike with TLS and without; without it can be told
# what came back.
PLAIN = {**NO_MODELS, "APPLIANCE_TLS_ENABLED": "false"}

Attack = Callable[[Serving], Awaitable[str]]


ATTACKS: Sequence[Attack] = (
    from_elsewhere, headers_of_answers, odd_requests, deep_json, broken_off, slow_heads,
    silent_connections, slow_bodies, unwanted_body, answers_unread, many_sockets,
    pings_unread, chat_flood, audio_flood, silence_bomb, opus_bomb, tiny_frames,
    resume_storm, request_flood, unread_voice, call_flood,
)  # fmt: skip


async def run(server: Serving, attacks: Sequence[Attack]) -> None:
    process = psutil.Process(server.pid)
    attackers = {"a stranger": {}, "a program with a token": server.keys}
    async with bystanders(server.url, server.token) as people:
        for (name, keys), attack in product(attackers.items(), attacks):
            await people.look()
            before, faults = process.memory_info().rss, _faults(server)
            try:
                with known_as(keys):
                    came_of_it = await attack(server)
            except Exception as error:  # noqa: BLE001 - the others are still to come
                came_of_it = f"the attack itself failed: {error!r}"
            grown = (process.memory_info().rss - before) / MIB
            fate = await people.look()
            print(f"{attack.__name__}, {name}: {came_of_it}")
            print(f"    bystanders: {fate}")
            print(
                f"    +{grown:.0f} MiB, {_faults(server) - faults} tracebacks", flush=True
            )
        print(f"all of it: {await people.end()}")


def _faults(server: Serving) -> int:
    return sum(kinds_of_faults(server.log.read_text()).values())


def main() -> None:
    names = sys.argv[1:]
    chosen = [a for a in ATTACKS if not names or a.__name__ in names]
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (USUAL_FILES, most))
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), PLAIN) as server,
    ):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        anyio.run(run, server, chosen, backend_options={"use_uvloop": True})
        print(json.dumps(kinds_of_faults(server.log.read_text()), indent=2))


if __name__ == "__main__":
    main()
