"""Batches: operations that are done in order, beside requests, as whoever asked for them."""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

from commerce.core.problems import (
    BadInputError,
    ForbiddenError,
    Invalid,
    UnauthenticatedError,
)
from commerce.core.viewer import Viewer, ViewerKind
from commerce.jobs.kinds import JobKind, OperationState
from commerce.jobs.repository.batches import BatchRepository, OperationRow
from commerce.jobs.repository.jobs import JobRepository, JobRow
from commerce.jobs.service.jobs import JobService

MOST: Final = 100
REMEMBERED: Final = timedelta(hours=1)
# Whether what is being done is an operation of a batch.
INSIDE: Final[ContextVar[bool]] = ContextVar("inside_a_batch", default=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """`reference` is the caller's own name for it."""

    reference: str
    query: str | None = None
    document_id: str | None = None
    variables: dict[str, Any] | None = None
    operation_name: str | None = None


class BatchService:
    def __init__(
        self, jobs: JobService, rows: JobRepository, batches: BatchRepository, viewer: Viewer
    ) -> None:
        self._jobs = jobs
        self._rows = rows
        self._batches = batches
        self._viewer = viewer

    async def create(
        self,
        operations: Sequence[Operation],
        stop_on_first_failure: bool,
        deduplication_key: str | None,
    ) -> JobRow | Invalid:
        """The job that does them; that of the same key, if it is younger than an hour."""
        self._check_viewer()
        flaw = _flaw(operations)
        if flaw is not None:
            return flaw
        given = {"operations": len(operations), "stop_on_first_failure": stop_on_first_failure}
        job = await self._jobs.enqueue(
            JobKind.BATCH, given, deduplicate=deduplication_key, remember=REMEMBERED
        )
        if not (await self._batches.by_jobs([job.id]))[job.id]:
            rows = [
                {"job_id": job.id, "place": place, **asdict(operation)}
                for place, operation in enumerate(operations)
            ]
            await self._batches.add(rows)
        return job

    async def by_id(self, id_: int) -> JobRow | None:
        job = await self._rows.by_id(id_)
        return job if job is not None and job.kind is JobKind.BATCH else None

    async def waiting(self, job_id: int) -> Sequence[OperationRow]:
        rows = (await self._batches.by_jobs([job_id]))[job_id]
        return [row for row in rows if row.state is OperationState.WAITING]

    async def counts(self, job_id: int) -> dict[str, int]:
        """How many operations there are of each state."""
        rows = (await self._batches.by_jobs([job_id]))[job_id]
        return {state.value: sum(row.state is state for row in rows) for state in OperationState}

    async def answered(self, job_id: int, place: int, failed: bool, answer: str) -> None:
        state = OperationState.FAILED if failed else OperationState.SUCCEEDED
        await self._batches.answered(job_id, place, state, answer)

    async def skip(self, job_id: int) -> None:
        await self._batches.skip(job_id)

    def _check_viewer(self) -> None:
        if INSIDE.get():
            raise BadInputError("A batch cannot ask for another batch.")
        if self._viewer.kind is ViewerKind.ANONYMOUS:
            raise UnauthenticatedError("Batches are for staff and API keys.")
        if self._viewer.in_storefront:
            raise ForbiddenError("Batches are for staff and API keys.")


def _flaw(operations: Sequence[Operation]) -> Invalid | None:
    if not 1 <= len(operations) <= MOST:
        return Invalid(f"A batch has 1 to {MOST} operations.", ("operations",))
    known: set[str] = set()
    for place, operation in enumerate(operations):
        path = ("operations", str(place))
        if (operation.query is None) is (operation.document_id is None):
            return Invalid("An operation has either a query or a documentId.", path)
        if operation.reference in known:
            return Invalid("Another operation has this id.", (*path, "id"))
        known.add(operation.reference)
    return None
