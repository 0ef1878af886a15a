"""A shop in which every endpoint finds what it is about, and a call of each that goes well."""

from dataclasses import dataclass
from typing import Any

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.identity.passwords import Passwords
from tests.rest.cartino.buying.calling import Buyer
from tests.rest.cartino.buying.conftest import ADDRESS, Counter
from tests.support.catalog import make_brand, make_category
from tests.support.customers import make_customer, make_group
from tests.support.inventory import make_location
from tests.support.promotions import make_coupon

PASSWORD = "correct horse battery"
JOHN = "john@shop.test"
HOOK = {"url": "https://shop.test/hook", "events": ["order.created"]}
Ids = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A call below the base, and what it is answered with; `{order}` stands for that order's id.

    `mine` is called as the customer who is signed in.
    """

    method: str
    path: str
    body: Any = None
    status: int = 200
    mine: bool = False


async def world_of(uow: UnitOfWork, counter: Counter, buyer: Buyer) -> Ids:
    """The ids by their names; made over the paths themselves where orders and carts are."""
    john = await make_customer(
        uow,
        JOHN,
        first_name="John",
        last_name="Doe",
        email_verified_at=system_clock(),
        password_hash=await Passwords().hash(PASSWORD),
    )
    shirt = counter.shirt
    ids = {
        "john": john.id,
        "group": (await make_group(uow)).id,
        "brand": (await make_brand(uow)).id,
        "shirt": shirt.id,
        "product": shirt.product_id,
        "category": (await make_category(uow, "Shirts", counter.product)).id,
        "depot": (await make_location(uow, "depot", is_default=False)).id,
        "main": counter.location.id,
        "coupon": (await make_coupon(uow, "SAVE10")).code,
    }
    return ids | await _sold(buyer, ids)


async def _sold(buyer: Buyer, ids: Ids) -> Ids:
    item = {"variant_id": ids["shirt"], "quantity": 2}
    new = {"items": [item], "shipping_address": ADDRESS, "payment_method": "transfer"}
    blue = await buyer.data(
        "POST", f"/products/{ids['product']}/variants", {"title": "Blue", "price": 7}, 201
    )
    home = await buyer.data("POST", f"/customers/{ids['john']}/addresses", HOME, 201)
    buyer.token = "visitor"
    bought = await buyer.data("POST", "/cart/items", item, 201)
    await buyer.data("POST", "/cart/checkout", BUYING, 201)
    buyer.token = None
    paid = await buyer.data("POST", "/orders", new, 201)
    await buyer.data("POST", f"/orders/{paid['id']}/mark-paid")
    order = await buyer.data("POST", "/orders", {**new, "customer_id": ids["john"]}, 201)
    cart = await buyer.data("POST", "/cart/items", item, 201)
    hook = await buyer.data("POST", "/webhooks", HOOK, 201)
    levels = await buyer.data("GET", f"/inventory/levels?variant_id={ids['shirt']}")
    return {
        "blue": blue["id"],
        "address": home["id"],
        "order": order["id"],
        "number": order["order_number"],
        "line": order["items"][0]["id"],
        "paid": paid["id"],
        "paid_line": paid["items"][0]["id"],
        "cart": cart["id"],
        "item": cart["items"][0]["id"],
        "bought": bought["id"],
        "hook": hook["id"],
        "level": levels[0]["id"],
    }


ITEM = {"variant_id": "{shirt}", "quantity": 1}
ADDING = {"quantity": 2, "reason": "Found"}
HOME = {name: value for name, value in ADDRESS.items() if name != "email"}
TRACKING = {"tracking_number": "1Z999", "carrier": "UPS"}
BUYING = {"shipping_address": ADDRESS, "payment_method": "transfer"}
ROWS = (
    Row("POST", "/auth/login", {"email": JOHN, "password": PASSWORD}),
    Row("POST", "/auth/logout", mine=True),
    Row("POST", "/customers/register", {"email": "new@shop.test", "password": PASSWORD}, 201),
    Row("GET", "/customers/me", mine=True),
    Row("PUT", "/customers/me", {"first_name": "Jack"}, mine=True),
    Row("GET", "/customers/me/addresses", mine=True),
    Row("POST", "/customers/me/addresses", HOME, 201, mine=True),
    Row("GET", "/products"),
    Row("POST", "/products", {"title": "Mug", "price": 5}, 201),
    Row("GET", "/products/{product}"),
    Row("PUT", "/products/{product}", {"vendor": "Acme"}),
    Row("PATCH", "/products/{product}", {"vendor": "Acme"}),
    Row("DELETE", "/products/{product}"),
    Row("POST", "/products/{product}/publish"),
    Row("GET", "/products/{product}/variants"),
    Row("POST", "/products/{product}/variants", {"title": "Green", "price": 7}, 201),
    Row("GET", "/variants/{shirt}"),
    Row("PUT", "/variants/{shirt}", {"price": 21}),
    Row("DELETE", "/variants/{blue}"),
    Row("GET", "/variants/{shirt}/prices"),
    Row("POST", "/variants/{shirt}/price/calculate", {"quantity": 2}),
    Row("POST", "/variant-prices", {"product_variant_id": "{shirt}", "price": 18}, 201),
    Row("POST", "/variants/{shirt}/inventory/adjust", ADDING),
    Row("GET", "/variants/{shirt}/inventory/levels"),
    Row("GET", "/orders"),
    Row("GET", "/orders/number/{number}"),
    Row("GET", "/orders/{order}"),
    Row("GET", "/orders/{order}/items"),
    Row("GET", "/orders/{order}/history"),
    Row("GET", "/orders/{order}/stock-movements"),
    Row("POST", "/orders", {"items": [ITEM], "email": JOHN}, 201),
    Row("PUT", "/orders/{order}", {"status": "processing"}),
    Row("POST", "/orders/{order}/fulfill", TRACKING),
    Row("POST", "/orders/{order}/mark-shipped", TRACKING),
    Row("POST", "/orders/{order}/cancel", {"reason": "customer"}),
    Row("POST", "/orders/{order}/mark-paid"),
    Row("POST", "/orders/{paid}/refund", {"amount": 1}),
    Row("POST", "/order-items/{line}/fulfill", {"quantity": 1}),
    Row("POST", "/order-items/{paid_line}/refund", {"quantity": 1}),
    Row("GET", "/cart"),
    Row("DELETE", "/cart"),
    Row("POST", "/cart/items", ITEM, 201),
    Row("PUT", "/cart/items/{item}", {"quantity": 3}),
    Row("DELETE", "/cart/items/{item}"),
    Row("POST", "/cart/add", ITEM, 201),
    Row("PUT", "/cart/lines/{item}", {"quantity": 3}),
    Row("DELETE", "/cart/lines/{item}"),
    Row("POST", "/cart/clear"),
    Row("POST", "/cart/apply-coupon", {"code": "SAVE10"}),
    Row("POST", "/cart/checkout", BUYING, 201),
    Row("GET", "/carts/{cart}/items"),
    Row("POST", "/carts/{cart}/items", {"product_variant_id": "{shirt}"}, 201),
    Row("PATCH", "/cart-items/{item}", {"quantity": 3}),
    Row("DELETE", "/cart-items/{item}"),
    Row("POST", "/carts/{cart}/coupons", {"code": "SAVE10"}),
    Row("DELETE", "/carts/{cart}/coupons"),
    Row("POST", "/carts/{cart}/discounts/calculate"),
    Row("GET", "/discounts"),
    Row("GET", "/discounts/active"),
    Row("POST", "/discounts/validate", {"code": "SAVE10"}),
    Row("POST", "/coupons/validate", {"code": "SAVE10"}),
    Row("GET", "/coupons/{coupon}"),
    Row("POST", "/payments/intents", {"order_id": "{order}", "payment_method": "transfer"}, 201),
    Row("POST", "/payments/order_{order}/confirm", {"payment_method": "transfer"}),
    Row("POST", "/payments/cart_{bought}/confirm", {"payment_method": "transfer"}),
    Row("GET", "/payment-methods"),
    Row("POST", "/shipping/calculate", {"country": "DE", "items": [ITEM]}),
    Row("GET", "/shipping/methods"),
    Row("GET", "/categories"),
    Row("GET", "/categories/{category}"),
    Row("GET", "/categories/{category}/products"),
    Row("GET", "/brands"),
    Row("GET", "/brands/{brand}"),
    Row("GET", "/customers"),
    Row("POST", "/customers", {"email": "new@shop.test"}, 201),
    Row("GET", "/customers/{john}"),
    Row("PUT", "/customers/{john}", {"first_name": "Jack"}),
    Row("DELETE", "/customers/{john}"),
    Row("GET", "/customers/{john}/orders"),
    Row("GET", "/customers/{john}/statistics"),
    Row("POST", "/customers/{john}/subscribe"),
    Row("POST", "/customers/{john}/block"),
    Row("GET", "/customers/{john}/addresses"),
    Row("POST", "/customers/{john}/addresses", HOME, 201),
    Row("PATCH", "/addresses/{address}", {"city": "Bonn"}),
    Row("DELETE", "/addresses/{address}"),
    Row("POST", "/addresses/{address}/set-default"),
    Row("GET", "/customer-groups"),
    Row("GET", "/customer-groups/{group}"),
    Row("POST", "/customer-groups/{group}/validate-order", {"amount": 10, "quantity": 1}),
    Row("GET", "/inventory/levels"),
    Row("PUT", "/inventory/levels/{level}", {"available": 9, "location_id": "{main}"}),
    Row("POST", "/inventory/movements", {"variant_id": "{shirt}", **ADDING}, 201),
    Row("GET", "/inventory-items/{shirt}"),
    Row("POST", "/inventory-items/{shirt}/adjust", ADDING),
    Row("POST", "/inventory-items/{shirt}/check-availability", {"quantity": 1}),
    Row("GET", "/inventory-items/{shirt}/levels"),
    Row("GET", "/inventory-items/{shirt}/movements"),
    Row("POST", "/inventory-levels/{level}/adjust", ADDING),
    Row(
        "POST",
        "/inventory-levels/{level}/transfer",
        {"target_location_id": "{depot}", "quantity": 1, "reason": "Moved"},
    ),
    Row("GET", "/locations"),
    Row("GET", "/locations/{main}/stock"),
    Row("GET", "/locations/{main}/movements"),
    Row("GET", "/webhooks"),
    Row("POST", "/webhooks", HOOK, 201),
    Row("GET", "/webhooks/{hook}"),
    Row("DELETE", "/webhooks/{hook}"),
)


def filled(value: Any, ids: Ids) -> Any:
    """With ids in the place of their names."""
    if isinstance(value, dict):
        return {name: filled(each, ids) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, ids) for each in value]
    if isinstance(value, str) and value.startswith("{"):
        return ids[value.strip("{}")]
    return value
