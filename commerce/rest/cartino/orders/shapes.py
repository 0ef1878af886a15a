"""From GraphQL's orders to Cartino's."""

from collections.abc import Sequence
from typing import Any, Final

from commerce.rest.cartino import statuses
from commerce.rest.cartino.addresses import address
from commerce.rest.cartino.paging import listed, whole_list
from commerce.rest.cartino.sums import sums
from commerce.rest.printing import Word, amount, seconds, two_decimals
from commerce.rest.route import Call, Json, Node, Reply

NO_PARCEL: Final = {"carrier": "", "trackingNumber": "", "trackingUrl": ""}


def orders(connection: Node, call: Call) -> Json:
    return listed(connection, call, summary)


def customer_orders(customer: Node, call: Call) -> Json:
    return listed(customer["orders"], call, summary)


def order(node: Node, call: Call) -> Json:
    return {"data": detail(node, *call.args.get("include", ()))}


def changed(payload: Node, call: Call) -> Json:
    return order(payload["order"], call)


def created(node: Node, call: Call) -> Reply:
    return Reply(order(node, call), 201)


def items(node: Node, call: Call) -> Json:
    return whole_list([item(line) for line in node["items"]["nodes"]], call)


def one_item(line: Node) -> Json:
    return {"data": item(line)}


def history(node: Node, call: Call) -> Json:
    return listed(node["timeline"], call, _event)


def movements(connection: Node, call: Call) -> Json:
    return listed(connection, call, _movement)


def summary(node: Node) -> dict[str, Any]:
    customer = node["customer"]
    id_ = customer and customer["databaseId"]
    return {
        "id": node["databaseId"],
        "order_number": node["number"],
        "status": statuses.status_of(node),
        "payment_status": statuses.payment_of(node),
        "fulfillment_status": statuses.fulfillment_of(node),
        "customer_id": id_,
        "customer": {"id": id_, "email": node["email"], "name": node["name"]},
        **sums(node["cost"]),
        "currency": node["currencyCode"],
        "items_count": node["totalQuantity"],
        "created_at": seconds(node["placedAt"] or node["createdAt"]),
        "updated_at": seconds(node["updatedAt"]),
    }


def detail(node: Node, *included: str) -> dict[str, Any]:
    """The whole order; `items.variant` adds what the variants are today."""
    parcels = [each for each in node["fulfillments"] if each["status"] != "CANCELED"]
    last, payments = (parcels or [NO_PARCEL])[-1], node.get("payments") or ()
    method = node["shippingMethod"]
    with_variant = "items.variant" in included
    return {
        **summary(node),
        "items": [item(line, with_variant=with_variant) for line in node["items"]["nodes"]],
        "shipping_address": address(node["shippingAddress"]),
        "billing_address": address(node["billingAddress"]),
        "payment_method": payments[-1]["method"]["code"] if payments else None,
        "shipping_method": method and (method["code"] or method["name"]),
        "tracking_number": last["trackingNumber"] or None,
        "carrier": last["carrier"] or None,
        "tracking_url": last["trackingUrl"] or None,
    }


def item(line: Node, *, with_variant: bool = False) -> dict[str, Any]:
    variant = line["variant"]
    shown = {
        "id": line["databaseId"],
        "variant_id": variant and variant["databaseId"],
        "sku": line["sku"],
        "title": titled(line["title"], line["variantTitle"]),
        "quantity": line["quantity"],
        "price": two_decimals(amount(line["unitPrice"])),
        "subtotal": two_decimals(amount(line["cost"]["subtotal"])),
        "fulfillment_status": Word.one_of(statuses.LINES, statuses.line_status(line)),
        "fulfilled_quantity": line["fulfilled"],
        "refunded_quantity": line["refunded"],
    }
    return {**shown, "variant": _variant(variant)} if with_variant else shown


def titled(product: str, variant: str) -> str:
    """`Cotton T-Shirt - Red / M`; a simple product has but one title."""
    return f"{product} - {variant}" if variant and variant != product else product


def _variant(node: Node | None) -> Json:
    if node is None:
        return None
    return {
        "id": node["databaseId"],
        "product_id": node["product"] and node["product"]["databaseId"],
        "title": node["title"],
        "sku": node["sku"],
    }


def _event(node: Node) -> Json:
    """Statuses where it was they that changed."""
    data = node["data"]
    kind: str = node["kind"]
    after = {"PLACED": "pending", "CANCELED": "canceled"}.get(kind, data.get("to"))
    known = kind in ("PLACED", "CANCELED", "STATUS_CHANGED")
    return {
        "from_status": _status(data.get("from")) if known else None,
        "to_status": _status(after) if known else None,
        "comment": node["message"] or kind.replace("_", " ").capitalize(),
        "created_at": seconds(node["createdAt"]),
    }


def _status(stored: str | None) -> str | None:
    return None if stored is None else statuses.named(stored.upper())


def _movement(node: Node) -> Json:
    _kind, _, number = node["actor"].partition(":")
    return {
        "id": node["databaseId"],
        "type": node["kind"].lower(),
        "quantity": node["delta"],
        "reason": node["reason"] or None,
        "variant_id": node["variant"] and node["variant"]["databaseId"],
        "location": {"id": node["location"]["databaseId"], "name": node["location"]["name"]},
        "user": {"id": int(number) if number.isdigit() else None, "name": node["actor"]},
        "created_at": seconds(node["createdAt"]),
    }


def live(parcels: Sequence[Node]) -> list[Node]:
    """Those that are under way: not recalled, and not arrived."""
    return [each for each in parcels if each["status"] == "SHIPPED"]
