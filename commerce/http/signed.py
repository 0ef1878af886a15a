"""Addresses that open to whoever holds a link to them that was signed a while ago."""

from typing import Final

from starlette.requests import Request

from commerce.core.clock import Clock
from commerce.core.links import SignedLinks

CLOSED: Final = "This link is not good, or not any more."


def is_open(request: Request, links: SignedLinks, clock: Clock) -> bool:
    query = request.query_params
    expires, signature = query.get("expires", ""), query.get("signature", "")
    return links.opens(request.scope["path"], expires, signature, clock())
