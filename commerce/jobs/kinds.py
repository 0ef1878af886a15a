"""What kinds of jobs there are, and how far one can be."""

from enum import Enum
from typing import Final


class JobKind(Enum):
    """A kind is added together with its handler (`commerce/wiring/job_handlers.py`)."""

    BATCH = "batch"
    EXPORT = "export"
    FILE = "file"


class JobState(Enum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


OPEN: Final = (JobState.QUEUED, JobState.RUNNING)
OVER: Final = (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED)


class OperationState(Enum):
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"
