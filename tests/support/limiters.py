"""Limiters for tests: a clock that stands still until it is moved, a Redis of one's own."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from commerce.core.limiter import RateLimiter
from commerce.integrations.rate_limits import memory_limiter
from tests.support.ports import free_port, listening

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class HandClock:
    """Call it for the time; `pass_` moves it on."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Counted:
    """A limiter in memory and the clock it goes by."""

    clock: HandClock = field(default_factory=HandClock)
    limiter: RateLimiter = field(init=False)

    def __post_init__(self) -> None:
        self.limiter = memory_limiter(self.clock)


class OwnRedis:
    """A Redis server of one test; `stop` and `start` keep its port."""

    def __init__(self) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1"]
        quiet = ["--save", "", "--appendonly", "no", "--daemonize", "no", "--loglevel", "warning"]
        self._process = subprocess.Popen([*command, *quiet], stdout=subprocess.DEVNULL)
        listening(self.port)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def own_redis() -> Iterator[OwnRedis]:
    if shutil.which("redis-server") is None:
        pytest.skip("there is no redis-server on this machine")
    server = OwnRedis()
    server.start()
    try:
        yield server
    finally:
        server.kill()
