"""Stopping and repeating jobs, and asking for batches."""

from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.jobs.service.batches import Operation
from resolvers.context import Info
from resolvers.jobs.types import Batch, Job
from resolvers.mutations import mutation
from resolvers.nodes import require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error
from resolvers.scalars import JSON


@strawberry.input(description="A job to stop.")
class JobCancelInput:
    id: strawberry.ID = strawberry.field(description="The job.")


@strawberry.input(description="A job to try again.")
class JobRetryInput:
    id: strawberry.ID = strawberry.field(description="The job; it failed or was canceled.")


@strawberry.input(description="An operation, as a request would ask for it.")
class BatchOperationInput:
    id: str = strawberry.field(description="Your own name for it, unique in the batch.")
    query: str | None = strawberry.field(default=None, description="The document.")
    document_id: str | None = strawberry.field(
        default=None, description="`sha256:` and the hash of a document that the server knows."
    )
    variables: JSON | None = strawberry.field(default=None, description="Values of its variables.")
    operation_name: str | None = strawberry.field(
        default=None, description="Which operation of the document is meant."
    )

    def operation(self) -> Operation:
        given: Any = self.variables
        return Operation(self.id, self.query, self.document_id, given, self.operation_name)


@strawberry.input(description="Operations to be done one after the other.")
class BatchCreateInput:
    operations: list[BatchOperationInput] = strawberry.field(
        description="1 to 100, each with one root field where it changes something."
    )
    stop_on_first_failure: bool = strawberry.field(
        default=True, description="Whether the rest is left out when one fails."
    )
    deduplication_key: str | None = strawberry.field(
        default=None, description="Within an hour the same key is answered with the same batch."
    )


@strawberry.type(description="The job, or why nothing was changed.")
class JobPayload:
    job: Job | None = public("The job; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "JobPayload":
        if isinstance(result, Problem):
            return cls(job=None, user_errors=[user_error(result)])
        return cls(job=Job.of(result), user_errors=[])


@strawberry.type(description="The batch, or why there is none.")
class BatchPayload:
    batch: Batch | None = public("The batch; null with errors.")
    user_errors: list[UserError] = public("Why there is none.")

    @classmethod
    def of(cls, result: Any) -> "BatchPayload":
        if isinstance(result, Problem):
            return cls(batch=None, user_errors=[user_error(result)])
        return cls(batch=Batch(row=result), user_errors=[])


@strawberry.type
class JobMutations:
    @mutation(description="Stop a job of one's own; with `WRITE_JOBS`, of anybody.")
    async def job_cancel(self, info: Info, input: JobCancelInput) -> JobPayload:
        id_ = require_key(input.id, "Job", "id")
        if isinstance(id_, Problem):
            return JobPayload.of(id_)
        return JobPayload.of(await info.context.services.jobs.cancel(id_))

    @mutation(description="Try a job again that failed or was canceled.")
    async def job_retry(self, info: Info, input: JobRetryInput) -> JobPayload:
        id_ = require_key(input.id, "Job", "id")
        if isinstance(id_, Problem):
            return JobPayload.of(id_)
        return JobPayload.of(await info.context.services.jobs.retry(id_))

    @mutation(
        description="Do operations one after the other, beside requests, as whoever asks for it: "
        "with the rights and at the rates of the moment each is done. For staff and API keys."
    )
    async def batch_create(self, info: Info, input: BatchCreateInput) -> BatchPayload:
        batches = info.context.services.batches
        operations = [each.operation() for each in input.operations]
        created = await batches.create(
            operations, input.stop_on_first_failure, input.deduplication_key
        )
        return BatchPayload.of(created)
