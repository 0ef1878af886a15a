"""Changing and deleting an order, step by step.

Each step looks at what the order is now, so a call that ended in between can be made again.
"""

from collections.abc import Generator, Mapping
from decimal import Decimal
from typing import Any, Final

from commerce.core.ids import global_id, parse_global_id
from commerce.rest.errors import Kind, RefusedError, invalid, not_found
from commerce.rest.route import Ask, Call, Json, Node, Reply, Steps
from commerce.rest.shopkit.keys import key
from commerce.rest.shopkit.orders import shapes
from commerce.rest.shopkit.orders.inputs import wanted_status, written

ORDER: Final = "ShopkitOrder"
STEPS: Final = (
    ORDER,
    "ShopkitOrderUpdate",
    "ShopkitFulfillmentUpdate",
    "ShopkitOrderTransition",
    "ShopkitOrderCancel",
    "ShopkitFulfillmentCreate",
    "ShopkitFulfillmentDeliver",
)
FILE: Final = "ShopkitMediaCreate"
CAPTURE: Final = "ShopkitPaymentCapture"
MARK_PAID: Final = "ShopkitOrderPaid"
SELDOM: Final = (FILE, CAPTURE, MARK_PAID)
TRACKING: Final = {
    "tracking_url": "trackingUrl",
    "tracking_code": "trackingNumber",
    "tracking_carrier": "carrier",
}
PAID: Final = shapes.PAID
SENT: Final = ("SHIPPED", "DELIVERED")

Doing = Generator[Ask, Any, None]
Finding = Generator[Ask, Any, Node]


def put(call: Call) -> Steps:
    id_ = key(call.params["id"], "Order")
    node = yield from changed(id_, call.body)
    return shapes.order(node, call)


def without_id(_call: Call) -> Steps:
    """The id is in the path, whatever the documents say."""
    raise invalid("id", "field is required")
    yield Ask(ORDER, {})


def delete(call: Call) -> Steps:
    """Stock goes back unless something was sent. What is filed away is deleted to clients."""
    id_ = key(call.params["id"], "Order")
    node = yield from _order(id_)
    if node["status"] != "CANCELED" and node["fulfillmentStatus"] == "UNFULFILLED":
        try:
            yield Ask("ShopkitOrderCancel", {"input": {"orderId": id_, "notify": False}})
        except RefusedError as error:
            if error.refusal.kind is not Kind.INVALID:
                raise
    yield Ask("ShopkitOrderArchive", {"input": {"orderId": id_}})
    return Reply(None, 204)


def changed(id_: str, change: Mapping[str, Any]) -> Finding:
    """The order as it is once it is as the change has it. Raises `RefusedError`."""
    wanted = wanted_status(change)
    node = yield from _order(id_)
    if change.get("paid") is False and node["paymentStatus"] in PAID:
        raise invalid("paid", "must be true: money goes back with a refund")
    yield from _noted(id_, node, change)
    if change.get("paid"):
        yield from _paid(id_, node)
    if wanted is not None:
        yield from _in_status(id_, wanted, notify=bool(change.get("notify_client")))
    return (yield from _order(id_))


def _order(id_: str) -> Finding:
    node: Node = yield Ask(ORDER, {"id": id_})
    if node["archivedAt"] is not None:
        raise not_found()
    return node


def _noted(id_: str, node: Node, change: Mapping[str, Any]) -> Doing:
    """Where it can be followed is noted on the last parcel, too."""
    values = written(change) | (yield from _filed(id_, change))
    if values:
        yield Ask("ShopkitOrderUpdate", {"input": {"orderId": id_, **values}})
    tracking = {field: change[name] or "" for name, field in TRACKING.items() if name in change}
    parcels = _parcels(node)
    if tracking and parcels:
        yield Ask("ShopkitFulfillmentUpdate", {"input": {"id": parcels[-1]["id"], **tracking}})


def _filed(id_: str, change: Mapping[str, Any]) -> Generator[Ask, Any, dict[str, Any]]:
    """An invoice that comes as bytes becomes a file, and the file the order's invoice."""
    content = change.get("invoice_file")
    if content is None:
        return {}
    if change.get("invoice_url"):
        raise invalid("invoice_file", "goes without invoice_url")
    _, number = parse_global_id(id_) or ("", 0)
    letters = content.partition(",")[2] if content.startswith("data:") else content
    name = f"invoice-{number}.pdf"
    made = yield Ask(
        FILE,
        {"input": {"base64": letters, "purpose": "DOCUMENT", "filename": name}},
    )
    return {"invoiceUrl": None, "invoiceFileId": global_id("File", made["file"]["databaseId"])}


def _paid(id_: str, node: Node) -> Doing:
    """What providers have set aside is taken, what is left was paid elsewhere."""
    if node["paymentStatus"] in PAID:
        return
    for payment in node["payments"]:
        if not payment["closed"] and _open(payment) > 0:
            yield Ask(CAPTURE, {"input": {"paymentId": payment["id"]}})
    yield Ask(MARK_PAID, {"input": {"orderId": id_}})


def _in_status(id_: str, wanted: str, *, notify: bool) -> Doing:
    node = yield from _order(id_)
    if node["status"] == wanted:
        return
    if wanted == "CANCELED":
        yield Ask("ShopkitOrderCancel", {"input": {"orderId": id_, "notify": notify}})
        return
    if wanted in SENT:
        yield from _sent(id_, node, notify=notify)
    if wanted == "DELIVERED":
        yield from _delivered(id_)
    now = yield from _order(id_)
    if now["status"] != wanted:
        values = {"orderId": id_, "status": wanted, "force": True}
        yield Ask("ShopkitOrderTransition", {"input": values})


def _sent(id_: str, node: Node, *, notify: bool) -> Doing:
    """All that is left of it leaves, with what is known of how it can be followed."""
    if node["fulfillmentStatus"] not in ("UNFULFILLED", "PARTIALLY_FULFILLED"):
        return
    known = node["dispatch"]
    values = {
        "orderId": id_,
        "notify": notify,
        "carrier": known["trackingCarrier"],
        "trackingNumber": known["trackingNumber"],
        "trackingUrl": known["trackingUrl"],
    }
    try:
        yield Ask("ShopkitFulfillmentCreate", {"input": values})
    except RefusedError:
        now = yield from _order(id_)  # somebody else may have sent it just now
        if now["status"] not in SENT:
            raise


def _delivered(id_: str) -> Doing:
    node = yield from _order(id_)
    for parcel in _parcels(node):
        if parcel["deliveredAt"] is None:
            yield Ask("ShopkitFulfillmentDeliver", {"input": {"id": parcel["id"]}})


def _parcels(node: Node) -> list[Json]:
    return [each for each in node["fulfillments"] if each["canceledAt"] is None]


def _open(payment: Node) -> Decimal:
    authorized, captured, voided = (
        Decimal(payment[name]["amount"]) for name in ("authorized", "captured", "voided")
    )
    return authorized - captured - voided
