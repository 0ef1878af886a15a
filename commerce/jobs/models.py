"""Jobs, as those see them who asked for them. What is to be run when, pgqueuer's tables say."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, text
from sqlmodel import SQLModel

from commerce.core.columns import (
    Field,
    choice,
    json_object,
    key,
    moment,
    optional_json,
    optional_number_of,
    optional_text,
    optional_whole,
    part_of,
    personal,
    required_text,
    texts,
    whole,
)
from commerce.jobs.kinds import JobKind, JobState, OperationState


class Job(SQLModel, table=True):
    """A job from its request until it is forgotten.

    `attempts` counts how often it was begun: whoever began it last may go on with it. `owner` is
    the name of the viewer who asked, `owner_scopes` what they could do then. `deduplication_key`
    is given up when the job is over and `deduplicated_until` has passed.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("done >= 0 AND (total IS NULL OR total >= 0)", name="progress_positive"),
        CheckConstraint(
            "(finished_at IS NULL) = (state IN ('queued', 'running'))", name="finished_when_over"
        ),
        Index(
            "uq_jobs_deduplication_key",
            "kind",
            "owner",
            "deduplication_key",
            unique=True,
            postgresql_where=text("deduplication_key IS NOT NULL"),
        ),
        Index("ix_jobs_owner_id", "owner", "id"),
        Index("ix_jobs_state_id", "state", "id"),
        Index("ix_jobs_finished_at", "finished_at"),
        Index(
            "ix_jobs_customer_id", "customer_id", postgresql_where=text("customer_id IS NOT NULL")
        ),
        {"info": {"customer": "customer_id", "erased": "deleted"}},
    )

    id: int = key()
    kind: JobKind = choice(JobKind)
    state: JobState = choice(JobState, JobState.QUEUED)
    queue_id: int | None = optional_number_of()
    done: int = whole()
    total: int | None = optional_whole()
    input: dict[str, Any] = personal(json_object(), "What was asked for.")
    result: dict[str, Any] | None = personal(optional_json(), "What came of it.")
    error: str | None = optional_text()
    attempts: int = whole()
    owner: str = required_text()
    owner_scopes: list[str] = texts()
    customer_id: int | None = optional_number_of()
    deduplication_key: str | None = optional_text()
    deduplicated_until: datetime | None = moment(nullable=True)
    cancel_requested_at: datetime | None = moment(nullable=True)
    run_at: datetime = moment()
    created_at: datetime = moment()
    started_at: datetime | None = moment(nullable=True)
    finished_at: datetime | None = moment(nullable=True)


class BatchOperation(SQLModel, table=True):
    """An operation of a batch, in its place, and what it was answered: JSON as it is sent.

    Either `query` is the document, or `document_id` the hash of one that the server knows.
    """

    __tablename__ = "batch_operations"
    __table_args__ = ({"info": {"customer": "job_id", "erased": "deleted"}},)

    job_id: int = part_of("jobs.id")
    place: int = Field(primary_key=True, sa_type=Integer)
    reference: str = required_text()
    query: str | None = optional_text()
    document_id: str | None = optional_text()
    variables: dict[str, Any] | None = optional_json()
    operation_name: str | None = optional_text()
    state: OperationState = choice(OperationState, OperationState.WAITING)
    answer: str | None = optional_text()
