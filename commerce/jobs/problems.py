"""What can be wrong about a job."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.core.problems import Problem


class JobFailed(Exception):
    """Raised by a handler: the job cannot be done, and trying again would not help.

    The message is shown to whoever asked for the job.
    """


class JobPostponed(Exception):
    """Raised by a handler: it cannot be done just now, and is tried again like what went wrong.

    The message is shown to whoever asked for the job.
    """


class JobCanceled(Exception):
    """Raised by `JobRun.progress` once the job is to stop."""


class JobTaken(Exception):
    """Another worker goes on with the job: this one was taken for dead."""


@dataclass(frozen=True, slots=True)
class JobNotOver(Problem):
    """Only a job that failed or was canceled can be tried again."""

    code: ClassVar[str] = "JOB_NOT_OVER"


@dataclass(frozen=True, slots=True)
class JobOver(Problem):
    """A job that is over cannot be canceled."""

    code: ClassVar[str] = "JOB_OVER"
