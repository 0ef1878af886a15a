"""Cartino: bearer or basic keys, pages with `meta` and `links`, snake_case, integer ids."""

import re
from typing import Final

from starlette.datastructures import Headers

from commerce.core.limiter import Rate
from commerce.rest.cartino import envelope, inputs, shapes
from commerce.rest.credentials import bearer_or_basic
from commerce.rest.errors import Kind, Refusal
from commerce.rest.route import Dialect, Route

VERSION: Final = re.compile(r"application/vnd\.cartino\.(\w+)\+json", re.IGNORECASE)
SERVED: Final = "v1"


def check_version(headers: Headers) -> Refusal | None:
    """A client that asks for versions of the API alone must ask for the one there is."""
    asked = VERSION.findall(headers.get("Accept", ""))
    if not asked or SERVED in (version.lower() for version in asked):
        return None
    return Refusal(Kind.NOT_ACCEPTABLE, f"Only version {SERVED} is served.")


CARTINO: Final = Dialect(
    name="cartino",
    bases=("/api", "/api/v1"),
    credential=bearer_or_basic,
    refusal=envelope.refusal,
    rate=Rate("cartino", 60, 60),
    check=check_version,
    routes=(
        Route("GET", "/products", "CartinoProducts", inputs.products, shapes.products),
        Route("GET", "/products/{id:int}", "CartinoProduct", inputs.product, shapes.product),
    ),
)
