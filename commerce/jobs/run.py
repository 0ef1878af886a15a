"""What a job's handler is handed."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, Protocol, TypeVar

from commerce.core.viewer import Viewer
from commerce.jobs.problems import JobCanceled

ServicesT = TypeVar("ServicesT")


class Report(Protocol):
    """What becomes of a job while it runs."""

    async def progress(self, done: int, total: int | None) -> None: ...

    async def hold(self, services: Any) -> None: ...

    async def keep(self, services: Any, result: Mapping[str, Any]) -> None: ...

    def canceled(self) -> bool: ...


class JobRun(Generic[ServicesT]):
    """One go at a job. What a handler does it may have done before, when a process died of it.

    `input` is what was asked for. `viewer` is the owner with the rights of this moment, as far as
    they were there when the job was asked for. `attempt` counts from 1. `kept` is the result that
    an earlier attempt has kept: what it was to change is changed then.
    """

    def __init__(
        self,
        job_id: int,
        attempt: int,
        input: Mapping[str, Any],
        viewer: Viewer,
        services: Callable[[], AbstractAsyncContextManager[ServicesT]],
        report: Report,
        kept: Mapping[str, Any] | None = None,
    ) -> None:
        self.id = job_id
        self.attempt = attempt
        self.input = input
        self.viewer = viewer
        self.kept = kept
        self._services = services
        self._report = report

    def services(self) -> AbstractAsyncContextManager[ServicesT]:
        """Fresh services of the owner, on a unit of work of their own."""
        return self._services()

    async def progress(self, done: int, total: int | None = None) -> None:
        """Say how far it is; written down now and then.

        Raises `JobCanceled` once the job is to stop, and `JobTaken` when another process goes on
        with it.
        """
        await self._report.progress(done, total)

    def check(self) -> None:
        """Raises `JobCanceled` once the job is to stop."""
        if self.canceled:
            raise JobCanceled

    async def hold(self, services: ServicesT) -> None:
        """Inside a transaction: nobody else goes on with this job until it ends.

        Raises `JobTaken` when another process does already. What the transaction changes is
        therefore changed by one process alone, also when this one was taken for dead.
        """
        await self._report.hold(services)

    async def keep(self, services: ServicesT, result: Mapping[str, Any]) -> None:
        """Inside the transaction that changes what the job is to change: as `hold`, and a later
        attempt finds the result in `kept`, exactly if the change was committed.
        """
        await self._report.keep(services, result)

    @property
    def canceled(self) -> bool:
        """Whether the job is to stop; what was done so far stays done."""
        return self._report.canceled()


# Answers the job's result.
Handler = Callable[[JobRun[ServicesT]], Awaitable[Mapping[str, Any] | None]]
