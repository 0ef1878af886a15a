"""What is known of the request being answered, for its log line, its metrics and its errors."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from commerce.core.limiter import Allowance


@dataclass(slots=True)
class RequestRecord:
    """One per request. Whoever learns something about the request writes it down here.

    `cost_limit` is 0 until the cost is known; `allowance` is what is left of the caller's points.
    """

    request_id: str
    has_credentials: bool = False
    address: str = ""
    user_agent: str = ""
    viewer: str = "anonymous"
    operation: str | None = None
    stored: bool = False
    statements: int = 0
    cost: int = 0
    cost_limit: int = 0
    allowance: Allowance | None = None
    refused: str | None = None
    status: int = 0


_current: Final[ContextVar[RequestRecord | None]] = ContextVar("request", default=None)

set_record = _current.set
reset_record = _current.reset


def current_record() -> RequestRecord | None:
    """The record of the request this task works for; None outside of requests."""
    return _current.get()
