"""The call that is being answered, and the key under which its caller may send it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from commerce.core.problems import RequestError

LONGEST_KEY: Final = 255
# The header of an answer that was given before.
REPLAYED: Final = "Idempotent-Replayed"


@dataclass(slots=True)
class Call:
    """A mutation's root field while it runs; None of it outlives the field.

    `key` is None for a call without one. It says both who calls and what they named the call, so
    no two callers share one: services may hand it on as the key of what they ask of others.
    While there is one, whoever set it ends the transaction, and needs to know whether the field
    has `refused` what was asked.
    """

    key: str | None = None
    refused: bool = False

    def begin(self, key: str) -> None:
        self.key, self.refused = key, False

    def end(self) -> None:
        self.key = None


class InvalidKeyError(RequestError):
    code: ClassVar[str] = "IDEMPOTENCY_KEY_INVALID"


def checked_key(key: str) -> str:
    """Raises `InvalidKeyError` for what is no key."""
    if not 1 <= len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise InvalidKeyError(
            f"An idempotency key has 1 to {LONGEST_KEY} printable ASCII characters."
        )
    return key


def sent_key(values: Sequence[str]) -> str | None:
    """The key in the `Idempotency-Key` headers of a request, with or without quotes around it."""
    if not values:
        return None
    if len(values) > 1:
        raise InvalidKeyError("Send one Idempotency-Key header.")
    text = values[0].strip(" \t")
    quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return checked_key(text[1:-1] if quoted else text)
