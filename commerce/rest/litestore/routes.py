"""Litestore: bearer keys, `limit` and `offset`, camelCase, ids with a prefix."""

from typing import Final

from commerce.core.limiter import Rate
from commerce.rest.credentials import bearer
from commerce.rest.litestore import envelope, inputs, shapes
from commerce.rest.route import Dialect, Route

# Of the paths that generate content; rows of `/ai` name it.
GENERATION: Final = Rate("litestore.generation", 10, 60)

LITESTORE: Final = Dialect(
    name="litestore",
    bases=("/api",),
    credential=bearer,
    refusal=envelope.refusal,
    rate=Rate("litestore", 100, 60),
    routes=(
        Route("GET", "/products", "LitestoreProducts", inputs.products, shapes.products),
        Route("GET", "/products/{id:prod}", "LitestoreProduct", inputs.product, shapes.product),
    ),
)
