"""Where payment providers report what has happened: each signs what it sends."""

from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from commerce.http.doors import Door, behind
from commerce.payments.ports import EventRefusedError, ProviderEvent
from commerce.payments.providers import Providers

PATH: Final = "/payments/{provider}/events"
log: Final = structlog.get_logger("commerce.payments")

Take = Callable[[ProviderEvent], Awaitable[None]]


class PaymentEvents:
    """`take` writes an event down, and answers only when that is committed: a provider that is
    answered anything but 200 sends it again.
    """

    def __init__(self, providers: Providers, take: Take) -> None:
        self._providers = providers
        self._take = take

    def routes(self) -> list[BaseRoute]:
        return behind(Door.PROOF, Route(PATH, self.receive, methods=["POST"]))

    async def receive(self, request: Request) -> Response:
        provider = self._providers.known(request.path_params["provider"])
        if provider is None:
            return _answer("unknown_provider", 404)
        try:
            event = provider.read_event(request.headers, await request.body())
        except EventRefusedError:
            log.warning("payment_event_refused", provider=provider.name)
            return _answer("refused", 400)
        if event is not None:
            await self._take(event)
        return _answer("received", 200)


def _answer(what: str, status: int) -> Response:
    return JSONResponse({"status": what}, status)
