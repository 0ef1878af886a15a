"""The current cart, and carts by their number."""

from typing import Any, Final

from commerce.rest.cartino.cart import fields, flows
from commerce.rest.cartino.cart.tokens import READ
from commerce.rest.cartino.paging import PAGING
from commerce.rest.cartino.problems import CONFLICTS
from commerce.rest.fields import ValueKind
from commerce.rest.route import Flow, Route

NAMES: Final = {
    "lines.0.variantId": "variant_id",
    "lines.0.quantity": "quantity",
    "lines.0.extraFields": "data",
    "lines.0.id": "id",
    "lines": "quantity",
    "cartToken": "cart",
    "cartId": "id",
}


def _route(
    method: str,
    path: str,
    flow: Flow,
    *operations: str,
    about: str,
    body: ValueKind | None = None,
    seed: bool = False,
    **more: Any,
) -> Route:
    return Route(
        method,
        path,
        operations[0],
        flow=flow,
        further=operations[1:],
        body=body,
        problems=CONFLICTS,
        renamed=NAMES,
        seed=seed,
        about=about,
        **more,
    )


def _own(method: str, path: str, flow: Flow, *operations: str, **more: Any) -> Route:
    """Of the current cart."""
    return _route(method, path, flow, *operations, **READ, **more)


ADDING: Final[dict[str, Any]] = {"body": fields.NEW_ITEM, "about": "Put something into the cart"}
CHANGING: Final[dict[str, Any]] = {"body": fields.QUANTITY, "about": "Change how many units"}
CLEARING: Final[dict[str, Any]] = {"about": "Take everything out of the cart"}
REMOVING: Final[dict[str, Any]] = {"about": "Take an item out of the cart"}
ITEM: Final = "/cart/items/{id:int}"
OLDER: Final = "/cart/lines/{id:int}"

ROUTES: Final = (
    _own("GET", "/cart", flows.show, flows.OPEN, seed=True, about="The current cart"),
    _own("DELETE", "/cart", flows.clear, flows.OPEN, flows.CLEAR, **CLEARING),
    _own("POST", "/cart/items", flows.add, flows.OPEN, flows.ADD, seed=True, **ADDING),
    _own("PUT", ITEM, flows.update, flows.CURRENT, flows.UPDATE, seed=True, **CHANGING),
    _own("DELETE", ITEM, flows.remove, flows.CURRENT, flows.REMOVE, seed=True, **REMOVING),
    _own("POST", "/cart/add", flows.add, flows.OPEN, flows.ADD, **ADDING),
    _own("PUT", OLDER, flows.update, flows.CURRENT, flows.UPDATE, **CHANGING),
    _own("DELETE", OLDER, flows.remove, flows.CURRENT, flows.REMOVE, **REMOVING),
    _own("POST", "/cart/clear", flows.clear, flows.OPEN, flows.CLEAR, **CLEARING),
    _own(
        "POST",
        "/cart/apply-coupon",
        flows.apply_coupon,
        flows.OPEN,
        flows.APPLY,
        body=fields.CODE,
        about="Use a coupon",
    ),
    _route(
        "GET",
        "/carts/{id:int}/items",
        flows.items_of,
        flows.CART,
        query=PAGING,
        about="The items of a cart",
    ),
    _route(
        "POST",
        "/carts/{id:int}/items",
        flows.add_to,
        flows.CART,
        flows.ADD,
        body=fields.NEW_ITEM_OF,
        status=201,
        about="Put something into a cart",
    ),
    _route(
        "PATCH",
        "/cart-items/{id:int}",
        flows.update_item,
        flows.CART,
        flows.UPDATE,
        body=fields.QUANTITY,
        about="Change how many units",
    ),
    _route(
        "DELETE",
        "/cart-items/{id:int}",
        flows.delete_item,
        flows.CART,
        flows.REMOVE,
        about="Take an item out of its cart",
    ),
    _route(
        "POST",
        "/carts/{id:int}/coupons",
        flows.add_coupon,
        flows.CART,
        flows.APPLY,
        body=fields.CODE,
        about="Use a coupon",
    ),
    _route(
        "DELETE",
        "/carts/{id:int}/coupons",
        flows.drop_coupons,
        flows.CART,
        flows.UNAPPLY,
        body=fields.SOME_CODE,
        about="Do without coupons",
    ),
)
