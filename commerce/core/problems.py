"""The three kinds of failure: problems are returned, errors are raised, the rest is a bug."""

from dataclasses import dataclass
from typing import ClassVar

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """An expected failure that a client can act on. Services return it; nothing is changed."""

    code: ClassVar[str] = "INVALID"
    retryable: ClassVar[bool] = False

    message: str
    path: Path = ()


@dataclass(frozen=True, slots=True)
class NotFound(Problem):
    """No such thing, or not one this viewer may see: the two read the same."""

    code: ClassVar[str] = "NOT_FOUND"


@dataclass(frozen=True, slots=True)
class Invalid(Problem):
    """A value that cannot be taken as it is."""

    code: ClassVar[str] = "INVALID"


@dataclass(frozen=True, slots=True)
class Taken(Problem):
    """A value that must be unique and is in use."""

    code: ClassVar[str] = "TAKEN"


@dataclass(frozen=True, slots=True)
class InUse(Problem):
    """What others depend on cannot be deleted."""

    code: ClassVar[str] = "IN_USE"


@dataclass(frozen=True, slots=True)
class IdempotencyConflict(Problem):
    """The reference was used before, for something else."""

    code: ClassVar[str] = "IDEMPOTENCY_CONFLICT"


@dataclass(frozen=True, slots=True)
class VersionConflict(Problem):
    """The caller edited an older version than the stored one."""

    code: ClassVar[str] = "VERSION_CONFLICT"
    retryable: ClassVar[bool] = True

    current: int = 0


def version_conflict(noun: str, current: int, expected: int | None) -> VersionConflict | None:
    """Why a change meant for the `expected` version is not made; None fits every version."""
    if expected in (None, current):
        return None
    message = f"The {noun} is at version {current} by now."
    return VersionConflict(message, ("expected_version",), current)


class RequestError(Exception):
    """What was asked may not be asked like this; the message is safe to show."""

    code: ClassVar[str] = "BAD_REQUEST"
    status: ClassVar[int] = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadInputError(RequestError):
    """An argument that no value of its type should look like."""

    code = "BAD_USER_INPUT"


class InvalidCursorError(RequestError):
    """A cursor that was not issued for this list, sort and filter."""

    code = "INVALID_CURSOR"


class UnauthenticatedError(RequestError):
    """Credentials were sent and are not good, or none were and some are needed."""

    code = "UNAUTHENTICATED"
    status = 401


class ForbiddenError(RequestError):
    """The viewer is known and lacks a scope."""

    code = "FORBIDDEN"
    status = 403


class MissingError(RequestError):
    """What was asked about is not there, or not for this viewer: the two read the same."""

    code = "NOT_FOUND"
    status = 404


class UnavailableError(RequestError):
    """The database is away or overloaded; asking again later may work."""

    code = "UNAVAILABLE"
    status = 503
