"""Calls of Stripe's HTTP API: forms in, JSON out, keys that make a repeated call act once."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from commerce.core.exact_json import JsonError, read_json

VERSION: Final = "2025-03-31.basil"
TIMEOUT: Final = httpx.Timeout(4.0, connect=2.0)  # of one try; the whole call has ten seconds
PAUSES: Final = (0.2, 0.6)  # seconds before each further try
MAX_BYTES: Final = 512 * 1024
UNDER_WAY: Final = 409  # another call with this key is being carried out

Form = Mapping[str, str]
Json = dict[str, Any]


class StripeDoubtError(Exception):
    """Whether the call was carried out is not known."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Stripe has refused the call and done nothing."""

    status: int
    code: str
    message: str

    @property
    def is_for_good(self) -> bool:
        """The same call will never be carried out, whoever makes it and when."""
        return self.status in (httpx.codes.BAD_REQUEST, httpx.codes.PAYMENT_REQUIRED)

    @property
    def is_about_state(self) -> bool:
        return self.code == "payment_intent_unexpected_state"


class StripeApi:
    def __init__(self, url: str, secret_key: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {secret_key}", "Stripe-Version": VERSION}
        self._tls = ssl.create_default_context() if url.startswith("https:") else False
        self._client: httpx.AsyncClient | None = None

    async def get(self, path: str, query: Form | None = None) -> Json | Refusal:
        """Raises `StripeDoubtError`."""
        return await self._tried("GET", path, query or {}, {})

    async def post(self, path: str, form: Form, key: str) -> Json | Refusal:
        """Sent again with the same key and form it is answered as before, and done once.

        Raises `StripeDoubtError`.
        """
        return await self._tried("POST", path, form, {"Idempotency-Key": key})

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _tried(self, method: str, path: str, form: Form, headers: Form) -> Json | Refusal:
        certain = True  # that none of the tries was carried out
        for pause in (*PAUSES, None):
            try:
                answer = await self._sent(method, path, form, headers)
                if not _is_passing(answer):
                    return _read(answer)
                certain = certain and answer.status_code == httpx.codes.TOO_MANY_REQUESTS
            except (httpx.HTTPError, OSError, StripeDoubtError):
                certain = False
            if pause is not None:
                await asyncio.sleep(pause)
        if certain:
            busy = httpx.codes.TOO_MANY_REQUESTS
            return Refusal(busy, "busy", "The payment provider is busy.")
        raise StripeDoubtError

    async def _sent(self, method: str, path: str, form: Form, headers: Form) -> httpx.Response:
        request = self._open().build_request(
            method,
            f"{self._url}/v1/{path}",
            headers=self._headers | dict(headers),
            params=form if method == "GET" else None,
            data=form if method == "POST" else None,
        )
        answer = await self._open().send(request, stream=True)
        try:
            body = bytearray()
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > MAX_BYTES:
                    raise httpx.DecodingError("the answer is too long", request=request)
        finally:
            await answer.aclose()
        return httpx.Response(answer.status_code, content=bytes(body))

    def _open(self) -> httpx.AsyncClient:
        """Kept open: a payment is no time for one more handshake."""
        if self._client is None:
            self._client = httpx.AsyncClient(
                verify=self._tls, timeout=TIMEOUT, follow_redirects=False, trust_env=False
            )
        return self._client


def _is_passing(answer: httpx.Response) -> bool:
    passing = (UNDER_WAY, httpx.codes.TOO_MANY_REQUESTS)
    return answer.status_code >= 500 or answer.status_code in passing


def _read(answer: httpx.Response) -> Json | Refusal:
    try:
        body = read_json(answer.content)
    except JsonError:
        raise StripeDoubtError from None
    if not isinstance(body, dict):
        raise StripeDoubtError
    if answer.status_code == httpx.codes.OK:
        return body
    error = body.get("error")
    if not isinstance(error, dict) or error.get("type") == "idempotency_error":
        raise StripeDoubtError
    return Refusal(
        status=answer.status_code,
        code=str(error.get("decline_code") or error.get("code") or error.get("type")),
        message=str(error.get("message") or ""),
    )
