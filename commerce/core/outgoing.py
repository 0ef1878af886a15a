"""Calling addresses that others wrote down: webhooks, images and files by address.

Whoever may write an address can make the server call it, from inside its own network. So there
is one client for all of them; which addresses it calls is decided in `commerce.core.network`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

ANSWER_BYTES: Final = 16_384  # of an answer that is only looked at
TIMEOUT: Final = 10.0  # seconds for the whole of a call
DOWNLOAD_TIMEOUT: Final = 30.0  # seconds
OK: Final = 200
BUSY: Final = 429
# Reasons that may be gone the next time.
PASSING: Final = frozenset({"timeout", "unknown_host", "connection", "protocol", "unavailable"})


class OutgoingError(Exception):
    """The call came to nothing: the text says why to people, `reason` is a word for logs."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason

    @property
    def passing(self) -> bool:
        """Whether the same call may go well later."""
        return self.reason in PASSING


class UnsafeAddressError(OutgoingError):
    """The address is none that this server calls; nothing was sent."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "unsafe_address")


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` by lower-case name; `content` as it was sent, never unpacked.

    Without `complete` the answer was longer than asked for and `content` is how it begins.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    complete: bool = True


class SafeClient(Protocol):
    def check(self, url: str) -> None:
        """Raises `UnsafeAddressError` for what is refused already by its spelling.

        Asks nobody, so a name that leads to a refused place passes here; it is refused when called.
        """

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        content: bytes = b"",
        timeout: float = TIMEOUT,  # noqa: ASYNC109  # the whole of the call, not only of the wait
        max_bytes: int = ANSWER_BYTES,
    ) -> Answer:
        """What is answered, whatever its status; redirects are not followed.

        Raises `UnsafeAddressError` without having called, `OutgoingError` when no answer came
        within `timeout` seconds.
        """

    async def close(self) -> None: ...


class NoCalls:
    """A `SafeClient` that calls nobody, for programs that have no business with others."""

    def check(self, url: str) -> None:
        raise UnsafeAddressError("This program calls no addresses.")

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        content: bytes = b"",
        timeout: float = TIMEOUT,  # noqa: ASYNC109  # as in the protocol
        max_bytes: int = ANSWER_BYTES,
    ) -> Answer:
        raise UnsafeAddressError("This program calls no addresses.")

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class Downloaded:
    """`content_type` in lower case and without parameters."""

    content: bytes
    content_type: str


async def download(
    client: SafeClient,
    url: str,
    max_bytes: int,
    content_types: Collection[str] = (),
    timeout: float = DOWNLOAD_TIMEOUT,  # noqa: ASYNC109  # handed on
) -> Downloaded:
    """The file at `url`, of one of `content_types` if any are given.

    The type is what its server says: look at the content before you believe it. Raises
    `OutgoingError` for anything but a whole file.
    """
    headers = {"Accept": ", ".join(content_types) or "*/*"}
    answer = await client.request("GET", url, headers=headers, timeout=timeout, max_bytes=max_bytes)
    if answer.status != OK:
        redirect = 300 <= answer.status < 400
        hint = " Redirects are not followed: give the file's own address." if redirect else ""
        passing = answer.status >= 500 or answer.status == BUSY
        reason = "unavailable" if passing else "status"
        raise OutgoingError(f"The address answers with status {answer.status}.{hint}", reason)
    if not answer.complete:
        raise OutgoingError(f"The file is larger than {max_bytes} bytes.", "too_long")
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise OutgoingError("The file was sent compressed although nobody asked so.", "encoding")
    content_type = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_types and content_type not in content_types:
        wanted = ", ".join(content_types)
        raise OutgoingError(f"This is {content_type or 'of no type'}, not {wanted}.", "type")
    return Downloaded(answer.content, content_type)
