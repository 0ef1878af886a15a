"""The job that makes a file of what is at an address."""

from typing import Protocol, TypeVar

from commerce.fetching.service import FetchingService, Result
from commerce.jobs.run import JobRun


class HasFetching(Protocol):
    @property
    def fetching(self) -> FetchingService: ...


ServicesT = TypeVar("ServicesT", bound=HasFetching)


async def fetch_file(run: JobRun[ServicesT]) -> Result:
    """One file, however often it is begun: what an attempt made is known to those after it.

    What an attempt had only begun is removed like an upload that nobody used.
    """
    if run.kept is not None:
        return run.kept
    run.check()
    async with run.services() as own:
        return await own.fetching.fetch(run.input, lambda result: run.keep(own, result))
