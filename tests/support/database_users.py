"""Other processes that use an embedded database, and questions to it."""

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from commerce.integrations.embedded_postgres.home import Home
from commerce.integrations.embedded_postgres.postmaster import is_alive

ROOT = Path(__file__).parents[2]


class User:
    """Another process that uses the database in a folder."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.database_user", folder, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.log: list[str] = []

    async def answer(self) -> dict[str, Any]:
        """Its `ready` or `refused`."""
        return await asyncio.to_thread(self._read, ("ready", "refused"))

    async def said(self, *events: str) -> str:
        """The first of these events that it logs from now on."""
        return (await asyncio.to_thread(self._read, events))["event"]

    async def stop(self) -> None:
        await asyncio.to_thread(self._process.communicate)

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _read(self, events: tuple[str, ...]) -> dict[str, Any]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            self.log.append(said["event"])
            if said["event"] in events:
                return said
        raise AssertionError(f"ended without {events}: {self.log}")


def kill_servers(folder: Path) -> None:
    """End what a test left running in `folder`, and wait for it."""
    home = Home(folder / "postgres")
    if not home.path.exists():
        return
    left = [p for p in psutil.process_iter() if _is_of(p, home.marker)]
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    for process in left:
        wait_until_dead(process)


def _is_of(process: psutil.Process, marker: str) -> bool:
    try:
        return any(marker in word for word in process.cmdline())
    except psutil.Error:
        return False


async def connect(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"), timeout=5)


async def ask(url: str, query: str) -> Any:
    connection = await connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def seconds_until_answer(url: str, patience: float) -> float | None:
    """How long the database stayed away; None if it is still away after `patience`."""
    since = time.monotonic()
    while time.monotonic() - since < patience:
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            assert await ask(url, "SELECT 1") == 1
            return time.monotonic() - since
        await asyncio.sleep(0.02)
    return None


def wait_until_dead(process: psutil.Process) -> None:
    """Not until its parent, which may be slow, has asked for it."""
    while is_alive(process):
        time.sleep(0.005)


def kill(pid: int | None) -> None:
    """kill -9, and wait until it is gone."""
    assert pid is not None
    process = psutil.Process(pid)
    process.kill()
    wait_until_dead(process)


def is_gone(pid: int | None) -> bool:
    assert pid is not None
    return not psutil.pid_exists(pid) or not is_alive(psutil.Process(pid))
