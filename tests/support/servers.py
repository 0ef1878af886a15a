"""Real servers: the console script in a process of its own, on a free port of this machine."""

import asyncio
import atexit
import json
import os
import sys
from asyncio import StreamReader
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile

from tests.support.forks import Fork, Mold, reader_of

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
    with ExitStack() as stack:
        files = [stack.enter_context(TemporaryFile()) for _ in range(3)]
        files[0].write(stdin)
        files[0].seek(0)
        streams = [file.fileno() for file in files]
        code = await (await mold().fork(arguments, environment(settings), streams)).wait()
        for file in files[1:]:
            file.seek(0)
        return code, files[1].read().decode(), files[2].read().decode()


@cache
def mold() -> Mold:
    """Of this test process, loaded when it is first needed."""
    made = Mold()
    atexit.register(made.end)
    return made


@asynccontextmanager
async def serving(
    *arguments: str,
    program: Sequence[str] = (),
    said: list[str] | None = None,
    told: list[str] | None = None,
    pid: list[int] | None = None,
    **settings: str,
) -> AsyncIterator[str]:
    """The URL of a running server; it is stopped as a person would stop it.

    `program` starts it in a process that has to load it first. `said` takes the lines it prints on
    stdout, `told` those of its log on stderr, `pid` the number of its process.
    """
    lines = [] if said is None else said
    log = [] if told is None else told
    settings = {"LOG_FORMAT": "json", "PORT": "0", "RATE_LIMITS": "off"} | PATIENCE | settings
    process, out, error = await _started(program, arguments, environment(settings))
    if pid is not None:
        pid.append(process.pid)
    drained: list[asyncio.Task[None]] = []
    try:
        async with asyncio.timeout(START_SECONDS):
            url = await _listening(error, log)
        drained = [
            asyncio.create_task(_drain(error, log)),
            asyncio.create_task(_drain(out, lines)),
        ]
        yield url
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        await asyncio.gather(*drained)


async def _started(
    program: Sequence[str], arguments: Sequence[str], settings: Mapping[str, str]
) -> tuple[Process | Fork, StreamReader, StreamReader]:
    """The process, its stdout and its stderr."""
    if program:
        process = await asyncio.create_subprocess_exec(
            *program, *arguments, stdout=PIPE, stderr=PIPE, env=settings
        )
        assert process.stdout is not None
        assert process.stderr is not None
        return process, process.stdout, process.stderr
    (out, writes), (error, complains) = os.pipe(), os.pipe()
    nothing = os.open(os.devnull, os.O_RDONLY)
    fork = await mold().fork(["serve", *arguments], settings, [nothing, writes, complains])
    for descriptor in (nothing, writes, complains):
        os.close(descriptor)
    return fork, await reader_of(out), await reader_of(error)


async def _listening(error: StreamReader, told: list[str]) -> str:
    while line := (await error.readline()).decode():
        told.append(line)
        with suppress(ValueError):
            event = json.loads(line)
            if event.get("event") == "listening":
                return str(event["url"])
    raise RuntimeError(f"The server did not start:\n{''.join(told)}")


async def _drain(stream: StreamReader, lines: list[str]) -> None:
    """Read to the end: a pipe that nobody reads stops its writer."""
    while line := await stream.readline():
        lines.append(line.decode())
