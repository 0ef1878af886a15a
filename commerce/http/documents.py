"""Invoices and receipts as PDF files, for whoever may see the order or holds a link to one."""

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from commerce.core.clock import Clock
from commerce.core.limiter import RateLimitedError
from commerce.core.links import SignedLinks
from commerce.core.problems import RequestError
from commerce.core.viewer import SYSTEM, Viewer
from commerce.http.auth import CHALLENGE, Authenticate, viewer_of
from commerce.http.doors import Door, behind
from commerce.http.errors import error_response
from commerce.http.signed import is_open
from commerce.invoices.rules.papers import Paper

INVOICE: Final = "/invoices/{id:int}.pdf"
RECEIPT: Final = "/orders/{id:int}/receipt.pdf"
AT_ONCE: Final = 2  # printing is work for the processor: more would only wait for each other
HEADERS: Final = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}
NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9._-]+")

# The invoice, or the receipt of the order, with this key as the viewer sees it.
Find = Callable[[Viewer, int], Awaitable[Paper | None]]
Print = Callable[[Paper, bytes], bytes]
# The bytes of the picture at an address within the store; none when there is none.
Logo = Callable[[str], Awaitable[bytes]]


class Documents:
    def __init__(
        self,
        invoice: Find,
        receipt: Find,
        printed: Print,
        logo: Logo,
        authenticate: Authenticate,
        links: SignedLinks,
        clock: Clock,
    ) -> None:
        self._invoice = invoice
        self._receipt = receipt
        self._printed = printed
        self._logo = logo
        self._authenticate = authenticate
        self._links = links
        self._clock = clock
        self._printers = CapacityLimiter(AT_ONCE)

    def routes(self) -> list[BaseRoute]:
        async def invoice(request: Request) -> Response:
            return await self._answer(request, self._invoice)

        async def receipt(request: Request) -> Response:
            return await self._answer(request, self._receipt)

        return behind(Door.DOCUMENT, Route(INVOICE, invoice), Route(RECEIPT, receipt))

    async def _answer(self, request: Request, find: Find) -> Response:
        try:
            paper = await find(await self._viewer(request), request.path_params["id"])
        except RequestError as error:
            return _refusal(request, error)
        if paper is None:
            return error_response(request.scope, 404, "Not Found.", HEADERS)
        logo = await self._logo(paper.seller.logo)
        content = await to_thread.run_sync(self._printed, paper, logo, limiter=self._printers)
        name = NOT_IN_NAMES.sub("-", f"{paper.kind.value}-{paper.number}")
        disposition = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
        return Response(content, headers=HEADERS | disposition, media_type="application/pdf")

    async def _viewer(self, request: Request) -> Viewer:
        """Whoever holds a good link sees the document; a bad one opens nothing by itself."""
        if is_open(request, self._links, self._clock):
            return SYSTEM
        return await viewer_of(request.scope, self._authenticate)


def _refusal(request: Request, error: RequestError) -> Response:
    headers = dict(HEADERS)
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers |= CHALLENGE
    if isinstance(error, RateLimitedError):
        headers["Retry-After"] = str(error.allowance.retry_seconds)
    return error_response(request.scope, error.status, error.message, headers)
