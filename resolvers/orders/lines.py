"""Lines of orders: what was bought, as it was then."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import strawberry

from commerce.core.viewer import Scope
from resolvers.catalog.lazy import LazyProduct, LazyVariant
from resolvers.catalog.products import Product
from resolvers.catalog.variants import ProductVariant
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.files.downloads import Download, downloads_of
from resolvers.money import Money
from resolvers.nodes import Node, node_id
from resolvers.orders import types as orders
from resolvers.orders.costs import OrderCharge
from resolvers.orders.lazy import LazyOrder
from resolvers.permissions import public, requires
from resolvers.scalars import JSON


@strawberry.type(description="An option of what was bought: its size, its colour.")
class OrderLineOption:
    name: str = public("The option.")
    value: str = public("What was chosen.")


@strawberry.type(description="A variant that was bought, as it was then.")
class OrderLine(Node):
    title: str = public("What the product was called.")
    variant_title: str = public("What the variant was called.")
    sku: str | None = public("Its stock keeping unit.")
    options: list[OrderLineOption] = public(
        "What was chosen.", directives=[ListSize(assumed_size=3)]
    )
    image_url: str | None = public("Its picture.")
    slug: str | None = public("Its product's address in the storefront.")
    weight_grams: int = public("What a unit weighs.")
    requires_shipping: bool = public("Whether it is sent.")
    extra_fields: JSON = public("What the buyer wished of it.")
    quantity: int = public("How many units.")
    fulfilled: int = public("How many of them have left.")
    canceled: int = public("How many never will.")
    returned: int = public("How many came back.")
    refunded: int = public("For how many money went back.")
    unit_price: Money = public("What a unit cost, before discounts.")
    prices_include_tax: bool = public("Whether that price contains the taxes.")
    custom_price: bool = requires(
        Scope.READ_ORDERS, description="Whether the shop's people have set the price."
    )
    cost: OrderCharge = public("What all units are charged.")
    order_id: strawberry.Private[int]
    product_id: strawberry.Private[int | None]
    variant_id: strawberry.Private[int | None]

    @classmethod
    def of(cls, row: Any, currency: str) -> "OrderLine":
        return cls(
            id=node_id("OrderLine", row.id),
            database_id=row.id,
            title=row.title,
            variant_title=row.variant_title,
            sku=row.sku,
            options=[OrderLineOption(**option) for option in row.options],
            image_url=row.image_url,
            slug=row.slug,
            weight_grams=row.weight_grams,
            requires_shipping=row.requires_shipping,
            extra_fields=JSON(row.extra_fields),
            quantity=row.quantity,
            fulfilled=row.fulfilled,
            canceled=row.canceled,
            returned=row.returned,
            refunded=row.refunded,
            unit_price=Money.of(row.unit_price, currency),
            prices_include_tax=row.includes_tax,
            custom_price=row.custom_price,
            cost=OrderCharge.of(row._mapping, currency),
            order_id=row.order_id,
            product_id=row.product_id,
            variant_id=row.variant_id,
        )

    @public("The order it is a line of.")
    async def order(self, info: Info) -> LazyOrder | None:
        row = await info.context.loaders.orders.order_by_id.load(self.order_id)
        return None if row is None else orders.Order.of(row)

    @public("How many of them are not in stock yet: they are sent once they are.")
    async def backordered(self, info: Info) -> int:
        units: int = await info.context.loaders.orders.backordered_by_line.load(self.database_id)
        return units

    @public("What was bought with it to download; nothing before the order is paid for.")
    async def downloads(self, info: Info) -> list[Download]:
        return await downloads_of(info, self.database_id)

    @public("The variant as it is today; null once it is gone, or is not for you.")
    async def variant(self, info: Info) -> LazyVariant | None:
        if self.variant_id is None:
            return None
        row = await info.context.loaders.catalog.variant_by_id.load(self.variant_id)
        return None if row is None else ProductVariant.of(row)

    @public("The product as it is today; null once it is gone, or is not for you.")
    async def product(self, info: Info) -> LazyProduct | None:
        if self.product_id is None:
            return None
        row = await info.context.loaders.catalog.product_by_id.load(self.product_id)
        return None if row is None else Product.of(row)


@strawberry.type(description="How an order is sent, as it was offered then.")
class OrderShippingMethod:
    name: str = public("What it was called.")
    code: str | None = public("What the shop calls it.")
    price: Money = public("What it cost, before discounts.")
    delivery_from: date | None = public("The first day it was expected to arrive.")
    delivery_to: date | None = public("The last day it was expected to arrive.")
    pickup_address: JSON | None = public("Where it is picked up.")

    @classmethod
    def of(cls, held: Mapping[str, Any] | None, currency: str) -> "OrderShippingMethod | None":
        if held is None:
            return None
        return cls(
            name=held["name"],
            code=held.get("code"),
            price=Money.of(Decimal(held["price"]), currency),
            delivery_from=_day(held.get("delivery_from")),
            delivery_to=_day(held.get("delivery_to")),
            pickup_address=held.get("pickup_address"),
        )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
