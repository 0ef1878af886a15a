"""Where a request comes from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """`address` is the client's as the trusted proxies tell it; both are empty for commands."""

    address: str = ""
    request_id: str = ""
