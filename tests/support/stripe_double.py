"""A server on this machine that behaves as Stripe's documentation says Stripe does."""

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from commerce.integrations.stripe.events import signed
from tests.support.stripe_intents import Intents, StripeRefusal

SECRET_KEY = "sk_test_canary"
PUBLISHABLE_KEY = "pk_test_1"
WEBHOOK_SECRET = "whsec_canary"
Json = dict[str, Any]


class StripeDouble:
    """`faults` befall the next calls, one each: before the work `429`, `500`, `reset`; after it
    `500_after`, `reset_after`, `hang_after`, `garbage_after`; None is a call without.
    """

    def __init__(self) -> None:
        self.url = ""
        self.intents = Intents()
        self.faults: deque[str | None] = deque()
        self.calls: list[tuple[str, str, Json]] = []
        self._answered: dict[str, tuple[Json, int, Json]] = {}

    def reports(self) -> list[bytes]:
        """Every event so far, as it would be posted to a webhook."""
        return [json.dumps(event).encode() for event in self.intents.events]

    def moved(self) -> list[tuple[str, int]]:
        """What real money did for the latest payment."""
        latest = list(self.intents.all)[-1]
        return [(kind, units) for id_, kind, units in self.intents.moved if id_ == latest]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.strip().split("\r\n")
            headers = {name.lower(): value for name, value in (x.split(": ", 1) for x in lines)}
            body = (await reader.readexactly(int(headers.get("content-length", 0)))).decode()
            method, target, _ = first.split()
            await self._answer(writer, method, target, headers, body)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(
        self, writer: asyncio.StreamWriter, method: str, target: str, headers: Json, body: str
    ) -> None:
        path = urlsplit(target)
        form = dict(parse_qsl(body if method == "POST" else path.query, strict_parsing=bool(body)))
        self.calls.append((method, path.path.removeprefix("/v1/"), form))
        fault = self.faults.popleft() if self.faults else None
        if fault == "reset":
            writer.transport.abort()
            return
        if fault in ("429", "500"):
            kind = "rate_limit_error" if fault == "429" else "api_error"
            await _write(writer, int(fault), {"error": {"type": kind, "message": "Try later."}})
            return
        after = fault == "500_after"
        status, answer = self._done(method, path.path, form, headers, fails=after)
        if fault == "reset_after":
            writer.transport.abort()
            return
        if fault == "hang_after":
            await asyncio.sleep(30)
        if fault == "garbage_after":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>")
            await writer.drain()
            return
        await _write(writer, status, answer)

    def _done(
        self, method: str, path: str, form: Json, headers: Json, *, fails: bool
    ) -> tuple[int, Json]:
        if headers.get("authorization") != f"Bearer {SECRET_KEY}":
            return 401, {"error": {"type": "invalid_request_error", "message": "No such key."}}
        key = headers.get("idempotency-key")
        asked = {"path": path, **form}
        if method == "POST" and key in self._answered:
            before, status, answer = self._answered[key]
            if before != asked:
                return 400, {"error": {"type": "idempotency_error", "message": "Other form."}}
            return status, answer
        status, answer = self._carried_out(method, path.removeprefix("/v1/"), form)
        if fails:  # what was done stays done, and so does the answer
            status, answer = 500, {"error": {"type": "api_error", "message": "Sorry."}}
        if method == "POST" and key:
            self._answered[key] = (asked, status, json.loads(json.dumps(answer)))
        return status, answer

    def _carried_out(self, method: str, path: str, form: Json) -> tuple[int, Json]:
        try:
            return 200, self._routed(method, path.split("/"), form)
        except StripeRefusal as refusal:
            return refusal.status, {"error": refusal.error}

    def _routed(self, method: str, path: list[str], form: Json) -> Json:
        if path[0] == "refunds":
            return self._refunds(method, path, form)
        intents = self.intents
        match method, path:
            case "POST", ["payment_intents"]:
                return intents.create(form)
            case "POST", ["payment_intents", id_, "confirm"]:
                return intents.confirm(id_, form["payment_method"])
            case "POST", ["payment_intents", id_, "capture"]:
                return intents.capture(id_, int(form["amount_to_capture"]))
            case "POST", ["payment_intents", id_, "cancel"]:
                return intents.cancel(id_)
            case "GET", ["payment_intents", "search"]:
                return {"data": intents.search(form["query"])}
            case _:
                return intents.get(path[1])

    def _refunds(self, method: str, path: list[str], form: Json) -> Json:
        if method == "POST":
            return self.intents.refund(form)
        if len(path) == 2:
            return self.intents.refunds[path[1]]
        return {"data": self.intents.refunds_of(form["payment_intent"])}


async def _write(writer: asyncio.StreamWriter, status: int, answer: Json) -> None:
    body = json.dumps(answer).encode()
    head = f"HTTP/1.1 {status} Status\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()


def signature(body: bytes, at: float | None = None, secret: str = WEBHOOK_SECRET) -> str:
    """The header `Stripe-Signature` of a report that is sent now, or at another time."""
    moment = int(time.time() if at is None else at)
    return f"t={moment},v1={signed(body, secret, moment)}"


@asynccontextmanager
async def stripe_double() -> AsyncIterator[StripeDouble]:
    double = StripeDouble()
    listening = await asyncio.start_server(double.serve, "127.0.0.1", 0)
    double.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield double
    finally:
        listening.close()
