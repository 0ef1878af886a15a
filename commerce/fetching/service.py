"""Asking for files of the web, and fetching them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.problems import Problem
from commerce.core.urls import url_flaw
from commerce.core.viewer import Scope, Viewer
from commerce.files.kinds import FileKind
from commerce.files.ports import FetchRefusedError
from commerce.files.repository.files import FileRow
from commerce.files.service.files import FileService
from commerce.jobs.kinds import JobKind
from commerce.jobs.problems import JobFailed, JobPostponed
from commerce.jobs.repository.jobs import JobRow
from commerce.jobs.service.jobs import JobService

NEEDED: Final = Scope.WRITE_FILES
Result = Mapping[str, Any]


class FetchingService:
    def __init__(
        self, uow: UnitOfWork, files: FileService, jobs: JobService, viewer: Viewer
    ) -> None:
        self._uow = uow
        self._files = files
        self._jobs = jobs
        self._viewer = viewer

    async def ask(self, url: str, kind: FileKind, filename: str | None) -> JobRow | Problem:
        """The job that is to make a file of what is at the address; a transaction of its own."""
        flaw = url_flaw(url, "url")
        if flaw is not None:
            return flaw
        asked = {"url": url, "kind": kind.value, "filename": filename}
        return await self._uow.transact(lambda: self._jobs.enqueue(JobKind.FILE, asked))

    async def fetch(self, asked: Result, keep: Callable[[Result], Awaitable[None]]) -> Result:
        """For the job: `keep` is called in the transaction that makes the file."""
        if not self._viewer.may(NEEDED):
            raise JobFailed("Whoever asked for it may not make files any more.")
        kind = FileKind(asked["kind"])
        try:
            made = await self._files.fetch(
                asked["url"], kind, asked["filename"], lambda row: keep(result_of(row))
            )
        except FetchRefusedError as error:
            raise (JobPostponed if error.passing else JobFailed)(str(error)) from None
        if isinstance(made, Problem):
            raise JobFailed(made.message)
        return result_of(made)


def result_of(row: FileRow) -> Result:
    return {"fileId": global_id("File", row.id)}
