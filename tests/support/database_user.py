"""A server process as the tests see it: uses the database in a folder until its input ends.

Prints its log as JSON lines, then `ready` or `refused`.
"""

import argparse
import asyncio
import concurrent.futures.thread  # noqa: F401  # now: who one becomes may not read this Python
import json
import os
import pwd
import resource
import sys
from pathlib import Path

import structlog

from commerce.integrations.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError
from commerce.integrations.embedded_postgres.instance import Instance
from commerce.integrations.embedded_postgres.locks import FileLock


def say(**words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def arrange(options: argparse.Namespace) -> None:
    if options.without_locks:
        FileLock._try = lambda self, *, alone: True  # type: ignore[method-assign]  # the guard
    if options.uncounted:
        Instance.leave = Instance._stop  # type: ignore[method-assign]  # the guard
    if options.file_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (options.file_bytes, options.file_bytes))
    if options.become:
        entry = pwd.getpwnam(options.become)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)


async def use(folder: Path) -> None:
    database = EmbeddedPostgres(folder)
    try:
        say(event="ready", url=await database.start(), pid=database.pid)
    except EmbeddedPostgresError as error:
        say(event="refused", reason=str(error))
        return
    await asyncio.to_thread(sys.stdin.read)
    await database.stop()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--become")
    parser.add_argument("--file-bytes", type=int)
    parser.add_argument("--without-locks", action="store_true")
    parser.add_argument("--uncounted", action="store_true")
    options = parser.parse_args()
    structlog.configure(
        processors=[structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    arrange(options)
    asyncio.run(use(options.folder))


main()
