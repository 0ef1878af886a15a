"""Orders, their items, and what happened to them."""

from typing import Any, Final

from commerce.rest.cartino.addresses import NAMES as ADDRESS_NAMES
from commerce.rest.cartino.orders import fields, flows, inputs, shapes
from commerce.rest.cartino.paging import PAGING
from commerce.rest.cartino.paying import METHODS
from commerce.rest.cartino.problems import CONFLICTS
from commerce.rest.fields import Field, ValueKind
from commerce.rest.route import Flow, Route

NAMES: Final = {
    **ADDRESS_NAMES,
    "lines": "items",
    "unitPrice": "price",
    "shippingMethodId": "shipping_method",
    "couponCodes": "coupon_code",
    "orderId": "id",
    "id": "id",
}


def _done(
    path: str,
    operation: str,
    flow: Flow,
    *further: str,
    body: ValueKind | None,
    about: str,
    method: str = "POST",
    seed: bool = False,
    query: tuple[Field, ...] = fields.ONE,
) -> Route:
    """What is done with an order, or with an item of one."""
    return Route(
        method,
        path,
        operation,
        query=query,
        body=body,
        flow=flow,
        further=further,
        problems=CONFLICTS,
        renamed=NAMES,
        seed=seed,
        about=about,
    )


def _read(path: str, operation: str, variables: Any, shape: Any, about: str, **more: Any) -> Route:
    return Route("GET", path, operation, variables, shape, about=about, **more)


READS: Final = (
    _read(
        "/orders",
        "CartinoOrders",
        inputs.orders,
        shapes.orders,
        "Orders, the newest first",
        query=fields.LIST,
    ),
    _read(
        "/orders/number/{number}",
        flows.ORDER,
        inputs.by_number,
        shapes.order,
        "An order by its number",
        query=fields.ONE,
        seed=False,
    ),
    _read(
        "/orders/{id:int}", flows.ORDER, inputs.by_id, shapes.order, "An order", query=fields.ONE
    ),
    _read(
        "/orders/{id:int}/items",
        flows.ORDER,
        inputs.by_id,
        shapes.items,
        "The items of an order",
        query=PAGING,
        seed=False,
    ),
    _read(
        "/orders/{id:int}/history",
        "CartinoOrderHistory",
        inputs.history,
        shapes.history,
        "What happened to an order, the newest first",
        query=PAGING,
        seed=False,
    ),
    Route(
        "GET",
        "/orders/{id:int}/stock-movements",
        flows.ORDER,
        query=PAGING,
        flow=flows.movements,
        further=("CartinoOrderMovements",),
        seed=False,
        about="The stock that moved for an order",
    ),
    _read(
        "/customers/{id:int}/orders",
        "CartinoCustomerOrders",
        inputs.customer_orders,
        shapes.customer_orders,
        "The orders of a customer, the newest first",
        query=PAGING,
        seed=False,
    ),
)
WRITES: Final = (
    Route(
        "POST",
        "/orders",
        flows.CREATE,
        flow=flows.create,
        further=(METHODS, flows.PAY, flows.ORDER, flows.CANCEL),
        status=201,
        body=fields.NEW,
        query=fields.ONE,
        problems=CONFLICTS,
        renamed=NAMES,
        about="Place an order",
    ),
    _done(
        "/orders/{id:int}",
        flows.ORDER,
        flows.set_status,
        flows.TRANSITION,
        flows.CANCEL,
        "CartinoFulfillmentCancel",
        flows.REFUND,
        method="PUT",
        body=fields.STATUS,
        seed=True,
        about="Change the status of an order",
    ),
    _done(
        "/orders/{id:int}/fulfill",
        flows.ORDER,
        flows.fulfill,
        flows.SEND,
        "CartinoFulfillmentUpdate",
        body=fields.PARCEL,
        seed=True,
        about="Send all that is left of an order",
    ),
    _done(
        "/orders/{id:int}/mark-shipped",
        flows.ORDER,
        flows.fulfill,
        flows.SEND,
        "CartinoFulfillmentUpdate",
        body=fields.PARCEL,
        about="Send all that is left of an order",
    ),
    _done(
        "/orders/{id:int}/cancel",
        flows.ORDER,
        flows.cancel,
        flows.CANCEL,
        body=fields.CANCEL,
        about="Cancel an order",
    ),
    Route(
        "POST",
        "/orders/{id:int}/mark-paid",
        "CartinoOrderMarkPaid",
        inputs.paid,
        shapes.changed,
        query=fields.ONE,
        problems=CONFLICTS,
        renamed=NAMES,
        seed=False,
        about="Note that an order was paid",
    ),
    _done(
        "/orders/{id:int}/refund",
        flows.ORDER,
        flows.refund,
        flows.REFUND,
        body=fields.REFUND,
        about="Pay money of an order back",
    ),
    _done(
        "/order-items/{id:int}/fulfill",
        flows.LINE,
        flows.fulfill_item,
        flows.SEND,
        body=fields.SENT_ITEM,
        query=(),
        about="Send units of an item",
    ),
    _done(
        "/order-items/{id:int}/refund",
        flows.LINE,
        flows.refund_item,
        flows.REFUND,
        body=fields.REFUNDED_ITEM,
        query=(),
        about="Pay units of an item back",
    ),
)
ROUTES: Final = (*READS, *WRITES)
