"""Cartino: bearer or basic keys, pages with `meta` and `links`, snake_case, integer ids."""

from typing import Final

from commerce.core.limiter import Rate
from commerce.rest.cartino import envelope
from commerce.rest.cartino.absent import ABSENT
from commerce.rest.cartino.buying import ROUTES as BUYING
from commerce.rest.cartino.catalog.routes import ROUTES as CATALOG
from commerce.rest.cartino.customers.routes import ROUTES as CUSTOMERS
from commerce.rest.cartino.identity.marks import check_version, wants_sandbox
from commerce.rest.cartino.identity.routes import ROUTES as IDENTITY
from commerce.rest.cartino.inventory.routes import ROUTES as INVENTORY
from commerce.rest.cartino.products.prices import ROUTES as PRICES
from commerce.rest.cartino.products.routes import ROUTES as PRODUCTS
from commerce.rest.cartino.webhooks.routes import ROUTES as WEBHOOKS
from commerce.rest.credentials import bearer_basic_or_session
from commerce.rest.route import Dialect

CARTINO: Final = Dialect(
    name="cartino",
    bases=("/api", "/api/v1"),
    credential=bearer_basic_or_session,
    refusal=envelope.refusal,
    rate=Rate("cartino", 60, 60),
    check=check_version,
    wants_sandbox=wants_sandbox,
    routes=(
        *IDENTITY,
        *PRODUCTS,
        *BUYING,
        *PRICES,
        *CATALOG,
        *CUSTOMERS,
        *INVENTORY,
        *WEBHOOKS,
    ),
    absent=ABSENT,
)
