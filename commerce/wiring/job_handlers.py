"""What each kind of job does."""

from collections.abc import Mapping
from typing import Final

from commerce.exports.handlers import make_export
from commerce.fetching.handlers import fetch_file
from commerce.jobs.kinds import JobKind
from commerce.jobs.run import Handler
from commerce.wiring import Services

# A kind is added here together with the first `services.jobs.enqueue` that uses it.
JOB_HANDLERS: Final[Mapping[JobKind, Handler[Services]]] = {
    JobKind.EXPORT: make_export,
    JobKind.FILE: fetch_file,
}
