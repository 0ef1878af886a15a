"""Works in a process of its own, to be killed: `... DATABASE_URL [careless]`.

Each line on its input kills the worker and starts the next: the program is loaded once.
A careless one does again what it has done.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from typing import Any

from commerce.core.pool import Database
from commerce.job_runner import JobRunner
from commerce.jobs.run import JobRun
from commerce.wiring import Services
from tests.support.jobs import SOON, handled, resources_on, take_effect_once


def work(database_url: str, careless: bool) -> None:
    async def handler(run: JobRun[Services]) -> Mapping[str, Any]:
        await take_effect_once(run, guarded=not careless)
        return {"attempt": run.attempt}

    async def main() -> None:
        database = Database(database_url)
        await JobRunner(resources_on(database), handled(handler), SOON, ()).run()

    asyncio.run(main())


def main() -> None:
    _, database_url, *careless = sys.argv
    while True:
        worker = os.fork()
        if not worker:
            work(database_url, bool(careless))
        line = sys.stdin.readline()
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
        if not line:
            return
        print("killed", flush=True)  # noqa: T201  # for the test


if __name__ == "__main__":
    main()
