"""Where a request comes from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """`address` is the client's as the trusted proxies tell it; all are empty for commands.

    `user_agent` is what the client calls itself: a personal datum, and anybody's invention.
    """

    address: str = ""
    request_id: str = ""
    user_agent: str = ""
