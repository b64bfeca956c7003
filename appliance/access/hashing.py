"""Passwords hashed with argon2id. The only module that imports argon2.

One hash at a time, in a thread of its own that yields to everything a call needs: whoever
floods the sign-in gets what the calls leave over of one core.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import get_native_id
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from appliance.access.passwords import normal
from appliance.access.refusals import TooOften
from appliance.access.secret import new_secret
from appliance.settings import AccessSettings

P = ParamSpec("P")
T = TypeVar("T")

# Nicer than the language model (14), which waits for speech (10) already.
_NICENESS = 15

# Sign-ins that may wait for their turn, under a second of hashing; beyond, they are told
# to come again. Browsers that are known have places of their own, so that a flood of
# strangers does not keep the people who work here out.
STRANGERS, KNOWN = 8, 24


class Hasher:
    """Its thread begins with the first password."""

    def __init__(self, settings: AccessSettings) -> None:
        self.verified = 0  # passwords compared so far
        self.waiting = 0  # for their turn, and being hashed
        self._argon2 = PasswordHasher(
            time_cost=settings.hash_passes,
            memory_cost=settings.hash_kib,
            parallelism=1,
        )
        self._pool = ThreadPoolExecutor(1, "passwords", initializer=self._begin)
        self._nobody = ""

    async def hash(self, password: str) -> str:
        return await self._run(self._argon2.hash, normal(password))

    def check_room(self, *, known: bool) -> None:
        """Raises TooOften where too many wait; `known`: in a browser that a person has
        signed in with."""
        if self.waiting >= (KNOWN if known else STRANGERS):
            raise TooOften(
                "Many people are signing in at this moment.",
                fix="Try again in a second.",
                wait_s=1.0,
            )

    async def matches(self, kept: str | None, password: str) -> bool:
        """Whether it is the password that was kept; `None`, never, after as long a time."""
        return await self._run(self._matches, kept, normal(password))

    def outdated(self, kept: str) -> bool:
        """It was hashed with another cost."""
        return self._argon2.check_needs_rehash(kept)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def _run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        self.waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, partial(work, *args, **kwargs))
        finally:
            self.waiting -= 1

    def _begin(self) -> None:
        # A server that was started with less, as one that only rehearses, may not ask for
        # more: without this no password could be made, and a new box did not start.
        least = max(_NICENESS, os.getpriority(os.PRIO_PROCESS, 0))
        # Of this thread alone: Linux counts threads as processes here.
        os.setpriority(os.PRIO_PROCESS, get_native_id(), least)
        # Compared with where there is no such account, so that it takes as long.
        self._nobody = self._argon2.hash(new_secret())

    def _matches(self, kept: str | None, password: str) -> bool:
        self.verified += 1
        try:
            self._argon2.verify(kept or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None
