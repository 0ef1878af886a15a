"""Shopkit v1: `X-API-KEY`, numbered lists with `paging`, snake_case, integer ids."""

from typing import Final

from commerce.core.limiter import Rate
from commerce.rest.credentials import api_key
from commerce.rest.route import Dialect
from commerce.rest.shopkit import envelope
from commerce.rest.shopkit.brands.routes import ROUTES as BRANDS
from commerce.rest.shopkit.categories.routes import ROUTES as CATEGORIES
from commerce.rest.shopkit.clients.routes import ROUTES as CLIENTS
from commerce.rest.shopkit.coupons.routes import ROUTES as COUPONS
from commerce.rest.shopkit.media.routes import ROUTES as MEDIA
from commerce.rest.shopkit.orders.routes import ROUTES as ORDERS
from commerce.rest.shopkit.products.routes import ROUTES as PRODUCTS
from commerce.rest.shopkit.shipments.routes import ROUTES as SHIPMENTS
from commerce.rest.shopkit.shipping.routes import ROUTES as SHIPPING
from commerce.rest.shopkit.stats.routes import ABSENT as UNCOUNTED
from commerce.rest.shopkit.stats.routes import ROUTES as STATS
from commerce.rest.shopkit.store.routes import ROUTES as STORE
from commerce.rest.shopkit.webhooks.routes import ROUTES as WEBHOOKS

SHOPKIT: Final = Dialect(
    name="shopkit",
    bases=("/v1",),
    credential=api_key,
    refusal=envelope.refusal,
    rate=Rate("shopkit", 3600, 3600),
    contested=False,
    challenge=None,
    routes=(
        *STORE,
        *PRODUCTS,
        *CATEGORIES,
        *BRANDS,
        *CLIENTS,
        *MEDIA,
        *SHIPMENTS,
        *STATS,
        *ORDERS,
        *SHIPPING,
        *COUPONS,
        *WEBHOOKS,
    ),
    absent=UNCOUNTED,
    shop_time=True,
)
