"""What is done with orders in several steps. Each looks at the order first and does what is still
missing, so that whoever asks again, or after a crash in between, gets to the same end."""

from collections.abc import Generator, Mapping
from decimal import Decimal
from typing import Any, Final

from commerce.rest.cartino import statuses
from commerce.rest.cartino.orders import inputs, shapes
from commerce.rest.cartino.paying import method_wanted
from commerce.rest.cartino.problems import conflicting
from commerce.rest.errors import RefusedError, invalid, not_found
from commerce.rest.printing import amount
from commerce.rest.route import Ask, Asking, Call, Json, Node, Steps

ORDER: Final = "CartinoOrder"
LINE: Final = "CartinoOrderLine"
CREATE: Final = "CartinoOrderCreate"
PAY: Final = "CartinoOrderPay"
CANCEL: Final = "CartinoOrderCancel"
TRANSITION: Final = "CartinoOrderTransition"
REFUND: Final = "CartinoRefundCreate"
SEND: Final = "CartinoFulfillmentCreate"
STAYS: Final = "A cancelled order stays cancelled: what it held went back."


def create(call: Call) -> Steps:
    """Paid at once where the caller says with what. When that is refused nothing was ordered; when
    it is not known yet, or waits for the buyer, the order waits for its money."""
    method = yield from method_wanted(call.body.get("payment_method"))
    order = (yield Ask(CREATE, inputs.created(call, method)))["order"]
    if method and call.body.get("payment_token") and _owed(order):
        order = yield from _charged(order, method, call)
    return shapes.created(order, call)


def _owed(order: Node) -> bool:
    """What an offline method brings is written down already."""
    return order["paymentStatus"] != "PAID" and not order.get("payments")


def _charged(order: Node, method: str, call: Call) -> Asking:
    try:
        yield Ask(PAY, inputs.paying(order["id"], method, call.body))
    except RefusedError as error:
        if error.refusal.retry_after is None:
            yield Ask(CANCEL, {"input": {"orderId": order["id"], "reason": "PAYMENT"}})
            raise
    return (yield Ask(ORDER, {"id": order["id"]}))


def set_status(call: Call) -> Steps:
    """Any known status, whatever the order has; one that is cancelled has nothing left to go on
    with. What is cancelled is restocked, what is refunded is paid back."""
    order = yield from _seen(call)
    wanted = call.body["status"]
    if statuses.status_of(order) != wanted:
        if order["status"] == "CANCELED":
            raise conflicting(STAYS)
        if wanted == statuses.CANCELLED:
            yield from _restock(order)
            yield Ask(CANCEL, {"input": {"orderId": order["id"]}})
        elif wanted == statuses.REFUNDED:
            yield from _pay_back(order, {})
        else:
            yield from _move(order, statuses.WRITTEN[wanted])
    return (yield from _shown(call))


def cancel(call: Call) -> Steps:
    order = yield from _seen(call)
    if order["status"] != "CANCELED":
        input_ = {"orderId": order["id"], **inputs.reason(call)}
        yield Ask(CANCEL, {"input": input_})
    return (yield from _shown(call))


def fulfill(call: Call) -> Steps:
    """All that is left is sent; of what was sent before, the last parcel is told anew where it
    can be followed."""
    order = yield from _seen(call)
    body = call.body or {}
    parcels, told = shapes.live(order["fulfillments"]), inputs.tracking(body)
    sent = order["fulfillmentStatus"] not in ("UNFULFILLED", "PARTIALLY_FULFILLED")
    if not sent:
        notify = body.get("notify_customer", True)
        input_ = {"orderId": order["id"], "notify": notify, **told}
        yield Ask(SEND, {"input": input_})
    elif told and parcels:
        yield Ask("CartinoFulfillmentUpdate", {"input": {"id": parcels[-1]["id"], **told}})
    return (yield from _shown(call))


def refund(call: Call) -> Steps:
    order = yield from _seen(call)
    yield from _pay_back(order, call.body)
    return (yield from _shown(call))


def fulfill_item(call: Call) -> Steps:
    line = yield from _line(call)
    body = call.body
    left = line["quantity"] - line["canceled"] - line["fulfilled"]
    units = {"orderLineId": line["id"], "quantity": body.get("quantity", left)}
    if units["quantity"] < 1:
        raise invalid("quantity", "must not be greater than 0")
    parcel = _parcel(line["order"]["fulfillments"], body)
    input_ = {"orderId": line["order"]["id"], "lines": [units], **parcel}
    yield Ask(SEND, {"input": input_})
    return shapes.one_item((yield Ask(LINE, inputs.line_by_id(call))))


def refund_item(call: Call) -> Steps:
    line = yield from _line(call)
    body = call.body
    input_ = {
        "orderId": line["order"]["id"],
        "lines": [{"orderLineId": line["id"], "quantity": body["quantity"]}],
        "reason": body.get("reason") or "",
    }
    yield Ask(REFUND, {"input": input_})
    return shapes.one_item((yield Ask(LINE, inputs.line_by_id(call))))


def movements(call: Call) -> Steps:
    """They refer to the order by its number."""
    order = yield from _seen(call)
    window = inputs.history(call) | {"reference": order["number"]}
    del window["id"]
    return shapes.movements((yield Ask("CartinoOrderMovements", window)), call)


def _restock(order: Node) -> Asking:
    """Parcels that have not arrived are recalled, so that the order holds all its units again."""
    for parcel in shapes.live(order["fulfillments"]):
        yield Ask("CartinoFulfillmentCancel", {"input": {"id": parcel["id"]}})
    if order["status"] in ("SHIPPED", "DELIVERED", "COMPLETED"):
        yield from _move(order, "PROCESSING")


def _move(order: Node, status: str) -> Asking:
    input_ = {"orderId": order["id"], "status": status, "force": True}
    yield Ask(TRANSITION, {"input": input_})


def _pay_back(order: Node, body: Mapping[str, Any]) -> Asking:
    """So much, or all that was paid and is not back yet; all of it may be back already."""
    sums = order["paidSoFar"]
    left = (amount(sums["paid"]) or Decimal(0)) - (amount(sums["refunded"]) or Decimal(0))
    wanted = body.get("amount", left)
    if wanted == 0 and order["paymentStatus"] == "REFUNDED":
        return
    if wanted == 0:
        raise conflicting("Nothing of the order was paid yet.")
    reason = body.get("reason") or ""
    yield Ask(REFUND, {"input": {"orderId": order["id"], "amount": wanted, "reason": reason}})


def _parcel(parcels: list[Node], body: Mapping[str, Any]) -> dict[str, str]:
    """Units that go with a parcel are followed as it is."""
    if "shipment_id" not in body:
        return {}
    for parcel in parcels:
        if parcel["databaseId"] == body["shipment_id"]:
            return {name: parcel[name] for name in ("carrier", "trackingNumber", "trackingUrl")}
    raise invalid("shipment_id", "must be a parcel of the order")


def _seen(call: Call) -> Asking:
    return (yield Ask(ORDER, inputs.by_id(call)))


def _line(call: Call) -> Asking:
    line = yield Ask(LINE, inputs.line_by_id(call))
    if not line.get("order"):
        raise not_found()
    return line


def _shown(call: Call) -> Generator[Ask, Any, Json]:
    return shapes.order((yield Ask(ORDER, inputs.by_id(call))), call)
