"""Real servers: the console script in a process of its own, on a free port of this machine."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

START_SECONDS = 60
# What is answered is tested, not how soon on a machine that does other things too.
PATIENCE = {
    "POOL_WAIT": "30",
    "STATEMENT_TIMEOUT": "30",
    "LOCK_TIMEOUT": "20",
    "REQUEST_TIMEOUT": "60",
}
COMMERCE = Path(sys.executable).with_name("commerce")


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without its own settings, and with these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COMMERCE_")}  # noqa: TID251  # handed on
    return kept | {f"COMMERCE_{name}": value for name, value in settings.items()}


async def commerce(*arguments: str, stdin: bytes = b"", **settings: str) -> tuple[int, str, str]:
    """Run a command to its end: exit code, stdout, stderr."""
    process = await asyncio.create_subprocess_exec(
        str(COMMERCE), *arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment(settings)
    )
    out, error = await process.communicate(stdin)
    return process.returncode or 0, out.decode(), error.decode()


@asynccontextmanager
async def serving(
    *arguments: str,
    program: Sequence[str] = (str(COMMERCE), "serve"),
    said: list[str] | None = None,
    told: list[str] | None = None,
    pid: list[int] | None = None,
    **settings: str,
) -> AsyncIterator[str]:
    """The URL of a running server; it is stopped as a person would stop it.

    `said` takes the lines it prints on stdout, `told` those of its log on stderr, `pid` the
    number of its process.
    """
    lines = [] if said is None else said
    log = [] if told is None else told
    settings = {"LOG_FORMAT": "json", "PORT": "0", "RATE_LIMITS": "off"} | PATIENCE | settings
    process = await asyncio.create_subprocess_exec(
        *program, *arguments, stdout=PIPE, stderr=PIPE, env=environment(settings)
    )
    if pid is not None:
        pid.append(process.pid)
    drained: list[asyncio.Task[None]] = []
    try:
        async with asyncio.timeout(START_SECONDS):
            url = await _listening(process, log)
        assert process.stderr is not None
        assert process.stdout is not None
        drained = [
            asyncio.create_task(_drain(process.stderr, log)),
            asyncio.create_task(_drain(process.stdout, lines)),
        ]
        yield url
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        await asyncio.gather(*drained)


async def _listening(process: Process, told: list[str]) -> str:
    assert process.stderr is not None
    while line := (await process.stderr.readline()).decode():
        told.append(line)
        with suppress(ValueError):
            event = json.loads(line)
            if event.get("event") == "listening":
                return str(event["url"])
    raise RuntimeError(f"The server did not start:\n{''.join(told)}")


async def _drain(stream: asyncio.StreamReader, lines: list[str]) -> None:
    """Read to the end: a pipe that nobody reads stops its writer."""
    while line := await stream.readline():
        lines.append(line.decode())
