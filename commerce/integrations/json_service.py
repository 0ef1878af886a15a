"""Services of others that are asked by JSON over HTTP, such as carriers and tax services."""

import asyncio
import ssl
from time import monotonic
from typing import Any, Final

import httpx

from commerce.core.exact_json import JsonError, read_json, write_json

CONNECT: Final = 3.0  # seconds
ANSWER: Final = 10.0  # seconds for the whole of a call, waiting for a free place included
MAX_BYTES: Final = 256 * 1024
AT_ONCE: Final = 8  # calls in flight: a slow service must not hold up everything else
REST: Final = 15.0  # seconds without another try, where somebody waits for the answer
TIMEOUT, CONNECTION, RESTING = "timeout", "connection", "resting"


class JsonServiceError(Exception):
    """The service could not be asked, or its answer is of no use; `reason` is a word for logs."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class JsonService:
    """Asks with `POST url/path`, `Authorization: Bearer token` and a JSON object.

    The address comes from the store's settings, not from a request. Redirects are not followed.
    """

    def __init__(self, url: str, token: str | None = None, timeout: float = ANSWER) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._timeout = timeout
        self._tls = ssl.create_default_context() if url.startswith("https:") else False
        self._places = asyncio.Semaphore(AT_ONCE)
        self._resting_until = 0.0

    def pause(self, seconds: float) -> None:
        """Do not ask for a while: whoever would is told so at once."""
        self._resting_until = monotonic() + seconds

    async def ask(self, path: str, question: dict[str, Any]) -> Any:
        """What the service answers, numbers as exact as it wrote them.

        Raises `JsonServiceError` for anything but a 200 with JSON in time.
        """
        if monotonic() < self._resting_until:
            raise JsonServiceError(RESTING)
        try:
            async with asyncio.timeout(self._timeout), self._places:
                return read_json(await self._posted(path, write_json(question)))
        except (TimeoutError, httpx.TimeoutException):
            raise JsonServiceError(TIMEOUT) from None
        except (httpx.HTTPError, OSError):
            raise JsonServiceError(CONNECTION) from None
        except JsonError:
            raise JsonServiceError("no_json") from None

    async def _posted(self, path: str, body: bytes) -> bytes:
        async with (
            self._client() as client,
            client.stream(
                "POST", f"{self._url}/{path}", content=body, headers=self._headers
            ) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise JsonServiceError(f"status_{answer.status_code}")
            return await _read(answer)

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            verify=self._tls,
            timeout=httpx.Timeout(self._timeout, connect=CONNECT),
            follow_redirects=False,
            trust_env=False,
        )


async def _read(answer: httpx.Response) -> bytes:
    body = bytearray()
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > MAX_BYTES:
            raise JsonServiceError("too_long")
    return bytes(body)
