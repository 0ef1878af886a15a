"""Hashing of passwords: slow by intent, so it is kept off the event loop and in bounds."""

import asyncio
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property
from threading import get_native_id
from typing import Final, TypeVar
from unicodedata import normalize

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from commerce.core.problems import UnavailableError

Result = TypeVar("Result")

MEMORY_KIB: Final = 19_456
WAITING_PER_THREAD: Final = 64
NICENESS: Final = 5


class Passwords:
    """Argon2id, with as many hashes at a time as there are processors.

    Beyond `waiting` calls in the queue it raises `UnavailableError`: who waits longer than a
    request lives has waited for nothing.
    """

    def __init__(self, threads: int | None = None, waiting: int | None = None) -> None:
        self._threads = threads or os.cpu_count() or 1
        self._most = self._threads + (
            self._threads * WAITING_PER_THREAD if waiting is None else waiting
        )
        self._busy = 0
        self._hasher = PasswordHasher(
            time_cost=2, memory_cost=MEMORY_KIB, parallelism=1, type=Type.ID
        )

    async def hash(self, password: str) -> str:
        return await self._aside(lambda: self._hasher.hash(_bytes(password)))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether `password` has the `stored` hash. None takes as long, and is never right."""
        given = _bytes(password)
        return await self._aside(lambda: self._matches(stored, given))

    def needs_rehash(self, stored: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _matches(self, stored: str | None, given: bytes) -> bool:
        try:
            self._hasher.verify(stored or self._dummy, given)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    async def _aside(self, work: Callable[[], Result]) -> Result:
        if self._busy >= self._most:
            raise UnavailableError("Too many people are signing in right now. Try again shortly.")
        self._busy += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._busy -= 1

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        self._dummy  # noqa: B018  # made before the first check, which must not take longer
        return ThreadPoolExecutor(self._threads, "passwords", initializer=_step_back)

    @cached_property
    def _dummy(self) -> str:
        return self._hasher.hash(os.urandom(16))


def _step_back() -> None:
    """Let this thread yield the processor to the event loop, where threads have priorities."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, get_native_id(), NICENESS)


def _bytes(password: str) -> bytes:
    """The same for every way of typing a letter (RFC 8265): keyboards differ."""
    return normalize("NFC", password).encode()
