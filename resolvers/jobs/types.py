"""Following jobs and batches."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.exact_json import read_json
from commerce.jobs.kinds import JobKind, JobState, OperationState
from commerce.jobs.rules import JobFilter
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.enums import described
from resolvers.nodes import Node, key_of, node_id
from resolvers.permissions import public
from resolvers.scalars import JSON

described(
    JobKind,
    "What a job does.",
    BATCH="Operations of a batch, one after the other.",
    EXPORT="Things of the shop, written into a file.",
    FILE="A file of the web, fetched: its result has the `fileId`.",
)
described(
    JobState,
    "How far a job is.",
    QUEUED="It waits to be done, or to be tried again.",
    RUNNING="It is being done.",
    SUCCEEDED="It was done.",
    FAILED="It cannot be done, or failed too often.",
    CANCELED="It was stopped; what it had done stays done.",
)
described(
    OperationState,
    "How far an operation of a batch is.",
    called="BatchOperationStatus",
    WAITING="It was not done yet.",
    SUCCEEDED="It was done.",
    FAILED="It was answered with errors, or a mutation in it with `userErrors`.",
    SKIPPED="It was left out, as one before it failed or the batch was canceled.",
)


@strawberry.type(description="How much of a job is done.")
class JobProgress:
    done: int = public("How many steps are done.")
    total: int | None = public("How many there are; null while that is not known.")


@strawberry.type(description="Work that is done beside requests.")
class Job(Node):
    kind: JobKind = public("What it does.")
    state: JobState = public("How far it is.")
    progress: JobProgress = public("How much of it is done.")
    result: JSON | None = public("What came of it.")
    error: str | None = public("Why it failed, the last time it was tried.")
    attempts: int = public("How often it was begun.")
    owner: str = public("Who asked for it: `staff:12`.")
    cancel_requested: bool = public("Whether it was asked to stop.")
    run_at: datetime = public("When it is to be begun at the earliest.")
    created_at: datetime = public("When it was asked for.")
    started_at: datetime | None = public("When it was begun first.")
    finished_at: datetime | None = public("When it was over.")

    @classmethod
    def of(cls, row: Any) -> "Job":
        return cls(
            id=node_id("Job", row.id),
            database_id=row.id,
            kind=row.kind,
            state=row.state,
            progress=JobProgress(done=row.done, total=row.total),
            result=row.result,
            error=row.error,
            attempts=row.attempts,
            owner=row.owner,
            cancel_requested=row.cancel_requested_at is not None,
            run_at=row.run_at,
            created_at=row.created_at,
            started_at=row.started_at,
            finished_at=row.finished_at,
        )


@strawberry.type(description="An operation of a batch.")
class BatchOperation:
    id: str = public("Its name in the batch.")
    status: OperationState = public("How far it is.")
    result: JSON | None = public("The `data` of its answer.")
    errors: JSON | None = public("The `errors` of its answer; null without any.")

    @classmethod
    def of(cls, row: Any) -> "BatchOperation":
        answer = {} if row.answer is None else read_json(row.answer)
        return cls(
            id=row.reference,
            status=row.state,
            result=answer.get("data"),
            errors=answer.get("errors") or None,
        )


@strawberry.type(description="Operations that are done one after the other.")
class Batch:
    row: strawberry.Private[Any]

    @public("The job that does them.")
    def job(self) -> Job:
        return Job.of(self.row)

    @public("The operations, in their order: at most 100.")
    async def operations(self, info: Info) -> list[BatchOperation]:
        found = await info.context.loaders.jobs.operations_by_job.load(self.row.id)
        return [BatchOperation.of(row) for row in found]


@strawberry.input(description="Which jobs are wanted.")
class JobWhereInput:
    kinds: list[JobKind] | None = strawberry.field(default=None, description="Of these kinds.")
    states: list[JobState] | None = strawberry.field(default=None, description="In these states.")
    own: bool = strawberry.field(default=False, description="Only one's own.")

    def wanted(self) -> JobFilter:
        kinds = None if self.kinds is None else tuple(self.kinds[:100])
        states = None if self.states is None else tuple(self.states[:100])
        return JobFilter(kinds, states, self.own)


JobIdArgument = Annotated[strawberry.ID, strawberry.argument(description="The job.")]
Where = Annotated[
    JobWhereInput | None, strawberry.argument(description="Which ones; all when absent.")
]


@strawberry.type
class JobQueries:
    @public("A job of one's own; with `READ_JOBS`, of anybody. Null when it is not there.")
    async def job(self, info: Info, id: JobIdArgument) -> Job | None:
        key = key_of(id, "Job")
        row = None if key is None else await info.context.loaders.jobs.by_id.load(key)
        return None if row is None else Job.of(row)

    @public("One's own jobs; with `READ_JOBS`, those of everybody. The newest first.")
    async def jobs(
        self,
        info: Info,
        where: Where = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Job]:
        wanted = JobFilter() if where is None else where.wanted()
        paging = Paging(info, list_scope("jobs", wanted), first, after, last, before)
        jobs = info.context.services.jobs
        page = await jobs.page(wanted, paging.args)
        return paging.connection(page, Job.of, lambda limit: jobs.count(wanted, limit))

    @public("A batch by its job. Null when it is not there, or not one's own.")
    async def batch(self, info: Info, id: JobIdArgument) -> Batch | None:
        key = key_of(id, "Job")
        row = None if key is None else await info.context.services.batches.by_id(key)
        return None if row is None else Batch(row=row)
