"""Shopkit v1: `X-API-KEY`, numbered lists with `paging`, snake_case, integer ids."""

from typing import Final

from commerce.core.limiter import Rate
from commerce.rest.credentials import api_key
from commerce.rest.route import Dialect, Route
from commerce.rest.shopkit import envelope, inputs, shapes

ASKED: Final = ("id", "handle")

SHOPKIT: Final = Dialect(
    name="shopkit",
    bases=("/v1",),
    credential=api_key,
    refusal=envelope.refusal,
    rate=Rate("shopkit", 3600, 3600),
    contested=False,
    challenge=None,
    routes=(
        Route(
            "GET", "/product", "ShopkitProduct", inputs.product_asked, shapes.product, when=ASKED
        ),
        Route("GET", "/product", "ShopkitProducts", inputs.products, shapes.products),
        Route("GET", "/product/{id}", "ShopkitProduct", inputs.product, shapes.product),
    ),
)
