"""An order from GraphQL to Shopkit's JSON.

Shopkit's prices are without tax; where ours include it the tax is taken out of them.
"""

from collections.abc import Mapping
from hashlib import md5, sha1
from typing import Any, Final

from commerce.rest.errors import not_found
from commerce.rest.printing import seconds_with_offset
from commerce.rest.route import Call, Json, Node, Reply
from commerce.rest.shopkit.clients.shapes import WHOLESALE
from commerce.rest.shopkit.envelope import listed
from commerce.rest.shopkit.orders.figures import line_of, shipping_of, sums_of
from commerce.rest.shopkit.orders.paying import coupon_of, paid_at, payment_of
from commerce.rest.shopkit.orders.statuses import ALIASES, NUMBERS, status_of
from commerce.rest.shopkit.places import country_code, country_name

NOBODY: Final[Mapping[str, Any]] = {"firstName": "", "lastName": "", "street1": "", "street2": ""}
NO_CUSTOMER: Final[Mapping[str, Any]] = {"group": {"kind": None}}
PAID: Final = ("PAID", "PARTIALLY_REFUNDED")


def orders(connection: Node, call: Call) -> Reply:
    return listed([order(node, call) for node in connection["nodes"]], connection, call)


def found(node: Node, call: Call) -> Json:
    """Orders that were filed away are deleted ones to Shopkit's clients."""
    if node["archivedAt"] is not None:
        raise not_found()
    return order(node, call)


def order(node: Node, call: Call) -> Json:
    lines = [line_of(line, call) for line in node["lines"]["nodes"]]
    status = status_of(node)
    alias = ALIASES[status]
    return {
        "id": node["databaseId"],
        "hash": handle(node),
        **sums_of(node, lines),
        "shipping": shipping_of(node["cost"]["shipping"]),
        **_times(node, call),
        "currency": node["currencyCode"],
        "payment": payment_of(node),
        "status": NUMBERS[status],
        "status_alias": alias,
        "status_description": alias.replace("_", " ").title(),
        "paid": node["paymentStatus"] in PAID,
        "is_new": node["seenAt"] is None,
        **_notes(node),
        "weight": sum(line["weight"] for line in lines),
        "coupon": coupon_of(node),
        "shipment_method": node["shippingMethod"] and node["shippingMethod"]["name"],
        **_tracking(node, call),
        **_arrival(node),
        "permalink": f"{call.origin}/order/{handle(node)}",
        "tags": node["tags"],
        "is_digital": not any(line["requiresShipping"] for line in node["lines"]["nodes"]),
        "wholesale": (node["customer"] or NO_CUSTOMER)["group"]["kind"] == WHOLESALE,
        "billing_info_same_delivery": _is_same(node),
        "products_count": len(lines),
        "products_quantity": sum(line["quantity"] for line in lines),
        "client": client(node),
        "products": lines,
    }


def handle(node: Node) -> str:
    """40 digits that name an order in public without opening it."""
    secret = f"{node['databaseId']}:{node['token'] or ''}"
    return sha1(secret.encode(), usedforsecurity=False).hexdigest()


def client_hash(email: str | None) -> str | None:
    """By which Shopkit names a client."""
    if not email:
        return None
    return md5(email.lower().encode(), usedforsecurity=False).hexdigest()


def client(node: Node) -> Json:
    customer = node["customer"]
    delivery = _address(node["shippingAddress"] or node["billingAddress"] or NOBODY, node)
    return {
        "id": customer and customer["databaseId"],
        "hash": client_hash(node["email"]),
        "name": node["name"],
        "email": node["email"],
        "fiscal_id": (customer and customer["taxId"]) or None,
        "company": (node["billingAddress"] or {}).get("company") or None,
        "is_registered": customer is not None,
        "delivery": delivery,
        "billing": {
            **_address(node["billingAddress"] or node["shippingAddress"] or NOBODY, node),
            "same_as_delivery": _is_same(node),
        },
        "address": f"{delivery['address']} {delivery['address_extra']}",
        "postcode": delivery["zip_code"],
        "town": delivery["city"],
        "country": delivery["country"],
        "country_code": delivery["country_code"],
        "phone": delivery["phone"],
    }


def _notes(node: Node) -> dict[str, Any]:
    issued = (each["pdfUrl"] for each in node["invoices"] if each["kind"] == "INVOICE")
    answers = [str(answer) for answer in (node["extraFields"] or {}).values() if answer]
    return {
        "invoice_url": node["invoiceUrl"] or next(issued, None),
        "observations": node["note"] or None,
        "note": node["staffNote"] or None,
        "client_note": node["publicNote"] or None,
        "custom_field": ", ".join(answers) or None,
    }


def _is_same(node: Node) -> bool:
    """Whether the bill goes where the goods do; one place alone is said of both."""
    billing, delivery = node["billingAddress"], node["shippingAddress"]
    return billing is None or delivery is None or billing == delivery


def _arrival(node: Node) -> dict[str, Any]:
    """The days that were promised when it was bought."""
    method = node["shippingMethod"] or {}
    return {
        "expected_arrival_from": method.get("deliveryFrom"),
        "expected_arrival_until": method.get("deliveryTo"),
    }


def _tracking(node: Node, call: Call) -> dict[str, Any]:
    """The last parcel's, or what is known before there is one."""
    sent = [each for each in node["fulfillments"] if each["canceledAt"] is None]
    parcel, known = (sent[-1] if sent else {}), node["dispatch"]
    noted = parcel.get("createdAt")
    return {
        "tracking_created_at": noted and seconds_with_offset(noted, call.zone),
        "tracking_url": parcel.get("trackingUrl") or known["trackingUrl"] or None,
        "tracking_code": parcel.get("trackingNumber") or known["trackingNumber"] or None,
        "tracking_carrier": parcel.get("carrier") or known["trackingCarrier"] or None,
        "shipping_url": known["labelUrl"] or None,
        "at_code": known["transportCode"] or None,
        "pickup_code": known["pickupCode"] or None,
    }


def _times(node: Node, call: Call) -> dict[str, Any]:
    """A parcel that was called off was not sent."""
    sent = [each["shippedAt"] for each in node["fulfillments"] if each["canceledAt"] is None]
    paid = paid_at(node) if node["paymentStatus"] in PAID else None
    return {
        "created_at": seconds_with_offset(node["placedAt"] or node["createdAt"], call.zone),
        "update_at": seconds_with_offset(node["updatedAt"], call.zone),
        "sent_at": seconds_with_offset(min(sent), call.zone) if sent else None,
        "paid_at": None if paid is None else seconds_with_offset(paid, call.zone),
    }


def _address(address: Node, node: Node) -> Json:
    code, postal_code = address.get("country") or "", address.get("postalCode") or ""
    name = f"{address['firstName']} {address['lastName']}".strip()
    return {
        "name": name or node["name"],
        "phone": address.get("phone") or node["phone"],
        "address": address["street1"],
        "address_extra": address["street2"],
        "country": country_name(code, postal_code) if code else "",
        "country_code": country_code(code),
        "country_code_alpha_2": code,
        "zip_code": postal_code,
        "city": address.get("city") or "",
    }
