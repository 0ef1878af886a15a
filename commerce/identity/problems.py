"""Why somebody could not prove who they are."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.core.problems import Problem


@dataclass(frozen=True, slots=True)
class InvalidCredentials(Problem):
    """The address is unknown, the password is wrong, or the account is blocked: all the same."""

    code: ClassVar[str] = "INVALID_CREDENTIALS"


@dataclass(frozen=True, slots=True)
class InvalidToken(Problem):
    """The token is unknown, used, expired, voided, somebody else's or for something else."""

    code: ClassVar[str] = "INVALID_TOKEN"


def invalid_token(*path: str) -> InvalidToken:
    """Every token that is not good is answered in these words."""
    return InvalidToken("This link or token is not valid any more.", path)
