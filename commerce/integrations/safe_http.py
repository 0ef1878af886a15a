"""The client for addresses that others wrote down, see `commerce.core.outgoing`.

A name is looked up once for each connection: every address it has must be a public one, and the
connection goes to the very addresses that were looked at. Certificates are checked by the name.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from ipaddress import ip_address
from time import monotonic
from typing import Any, Final

import httpcore

from commerce.core.network import Address, CallingRules, Network, Target, connectable, target_of
from commerce.core.outgoing import ANSWER_BYTES, TIMEOUT, Answer, OutgoingError
from commerce.integrations.name_lookup import NameLookup

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
OURS: Final = frozenset({"host", "connection", "content-length", "transfer-encoding", "te"})
CONNECT: Final = 3.0  # seconds for looking up the name and connecting
AT_ONCE: Final = 256  # connections of the process
KEPT: Final = 32  # connections that wait for the next call
KEPT_FOR: Final = 5.0  # seconds
TRIED: Final = 4  # addresses of one name

LookUp = Callable[[str], Awaitable[Sequence[str]]]


class SafeHttp:
    """A `SafeClient`. Knows no proxies, cookies, redirects or compression."""

    def __init__(
        self, rules: CallingRules, look_up: LookUp | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self._rules = rules
        self._names = NameLookup()
        self._look_up = look_up or self._names
        self._tls = tls
        self._pool: httpcore.AsyncConnectionPool | None = None

    def check(self, url: str) -> None:
        target_of(url, self._rules)

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
        if method not in METHODS:
            raise ValueError(f"{method!r} is no method to call with")
        target = target_of(url, self._rules)
        request = _request(method, target, headers, content, timeout)
        try:
            async with asyncio.timeout(timeout):
                return await self._answered(request, max_bytes)
        except (TimeoutError, httpcore.TimeoutException):
            raise OutgoingError("There was no answer in time.", "timeout") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise _failure(error) from None

    async def close(self) -> None:
        self._names.close()
        if self._pool is not None:
            await self._pool.aclose()

    def _open(self) -> httpcore.AsyncConnectionPool:
        """Made on first use: reading the system's certificates takes a while."""
        if self._pool is None:
            self._pool = httpcore.AsyncConnectionPool(
                ssl_context=self._tls or ssl.create_default_context(),
                max_connections=AT_ONCE,
                max_keepalive_connections=KEPT,
                keepalive_expiry=KEPT_FOR,
                network_backend=CheckedNetwork(self._look_up, self._rules.allowed),
            )
        return self._pool

    async def _answered(self, request: httpcore.Request, max_bytes: int) -> Answer:
        answer = await self._open().handle_async_request(request)
        try:
            content, complete = await _read(answer, max_bytes)
        finally:
            await answer.aclose()
        return Answer(answer.status, _headers(answer.headers), content, complete)


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to public addresses only, whatever the name service says."""

    def __init__(self, look_up: LookUp, allowed: Iterable[Network]) -> None:
        self._look_up = look_up
        self._allowed = tuple(allowed)
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """`timeout` is for looking up and for all tries together."""
        timeout = CONNECT if timeout is None else timeout
        end = monotonic() + timeout
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._addresses(host)
        except TimeoutError:
            raise httpcore.ConnectTimeout from None
        return await self._connected(addresses, port, end)

    async def _addresses(self, host: str) -> list[str]:
        """All of them are looked at: a name with one refused address is refused."""
        try:
            found = [ip_address(host)]
        except ValueError:
            found = await self._found(host)
        return [str(self._checked(address)) for address in found]

    async def _found(self, host: str) -> list[Address]:
        try:
            found = await self._look_up(host)
        except OSError:
            raise OutgoingError(f"The host {host} is not known.", "unknown_host") from None
        if not found:
            raise OutgoingError(f"The host {host} has no address.", "unknown_host")
        return [ip_address(address) for address in found]

    def _checked(self, address: Address) -> Address:
        return connectable(address, self._allowed)

    async def _connected(
        self, addresses: Sequence[str], port: int, end: float
    ) -> httpcore.AsyncNetworkStream:
        """One after the other; each gets its share of the time that is left."""
        tried = addresses[:TRIED]
        failure: Exception = httpcore.ConnectTimeout()
        for place, address in enumerate(tried):
            share = max(end - monotonic(), 0) / (len(tried) - place)
            try:
                return Stream(await self._network.connect_tcp(address, port, timeout=share))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class Stream(httpcore.AsyncNetworkStream):
    """As httpcore's own, but also closed when the call ends amid the greeting by TLS."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # httpcore's interface
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  # httpcore's interface
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's interface
    ) -> httpcore.AsyncNetworkStream:
        try:
            return await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            await self._stream.aclose()
            raise


def _request(
    method: str, target: Target, headers: Mapping[str, str], content: bytes, limit: float
) -> httpcore.Request:
    sent = {"user-agent": "Storegraph", "accept": "*/*"}
    sent |= {name.lower(): value for name, value in headers.items() if name.lower() not in OURS}
    sent |= {"host": target.authority, "accept-encoding": "identity"}  # packed may be a bomb
    if content or method in ("POST", "PUT", "PATCH"):
        sent["content-length"] = str(len(content))
    return httpcore.Request(
        method,
        httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path),
        headers=[(name.encode(), value.encode()) for name, value in sent.items()],
        content=content,
        extensions={
            "timeout": {
                "connect": min(CONNECT, limit),
                "read": limit,
                "write": limit,
                "pool": limit,
            }
        },
    )


async def _read(answer: httpcore.Response, max_bytes: int) -> tuple[bytes, bool]:
    """At most that much, and whether this is all."""
    content = bytearray()
    async for part in answer.aiter_stream():
        content += part
        if len(content) > max_bytes:
            return bytes(content[:max_bytes]), False
    return bytes(content), True


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def _failure(error: Exception) -> OutgoingError:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return OutgoingError("The host's certificate is not valid for it.", "certificate")
    if isinstance(cause, ssl.SSLError):
        return OutgoingError("The host does not speak TLS as it must.", "tls")
    if isinstance(error, httpcore.ConnectError):
        return OutgoingError("Nobody takes calls at this address.", "connection")
    if isinstance(error, httpcore.LocalProtocolError):
        return OutgoingError("These headers cannot be sent.", "headers")
    if isinstance(error, httpcore.ProtocolError):
        return OutgoingError("What was answered is no HTTP.", "protocol")
    return OutgoingError("The connection broke off.", "connection")
