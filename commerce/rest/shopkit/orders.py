"""An order from GraphQL to Shopkit's JSON.

Shopkit's prices are without tax; where ours include it the tax is taken out of them.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha1
from typing import Any, Final

from commerce.core.countries import locale_of
from commerce.rest.printing import amount, seconds_with_offset, shortest
from commerce.rest.route import Call, Json, Node
from commerce.rest.shopkit.order_statuses import ALIASES, NUMBERS
from commerce.rest.shopkit.shapes import shortened

DIGITS: Final = Decimal("0.00001")
CENTS: Final = Decimal("0.01")
ZERO: Final = Decimal(0)
LIKE: Final = {"DRAFT": "PENDING", "COMPLETED": "DELIVERED"}
NOBODY: Final[Mapping[str, Any]] = {"firstName": "", "lastName": "", "street1": "", "street2": ""}


def order(node: Node, call: Call) -> Json:
    lines = [_line(line, call) for line in node["lines"]["nodes"]]
    status: str = LIKE.get(node["status"]) or node["status"]
    alias = ALIASES[status]
    return {
        "id": node["databaseId"],
        "hash": handle(node),
        **_sums(node, lines),
        "shipping": _shipping(node["cost"]["shipping"]),
        **_times(node),
        "currency": node["currencyCode"],
        "payment": _payment(node),
        "status": NUMBERS[status],
        "status_alias": alias,
        "status_description": alias.replace("_", " ").title(),
        "paid": node["paymentStatus"] == "PAID",
        "is_new": status == "PENDING",
        "invoice_url": next((each["pdfUrl"] for each in node["invoices"]), None),
        "observations": node["note"] or None,
        "note": node["staffNote"] or None,
        "client_note": node["note"] or None,
        "custom_field": None,
        "tracking_url": next((each["trackingUrl"] or None for each in node["fulfillments"]), None),
        "weight": sum(line["weight"] for line in lines),
        "coupon": _coupon(node),
        "shipment_method": node["shippingMethod"] and node["shippingMethod"]["name"],
        "permalink": f"{call.origin}/order/{handle(node)}",
        "client": client(node),
        "products": lines,
    }


def handle(node: Node) -> str:
    """40 digits that name an order in public without opening it."""
    secret = f"{node['databaseId']}:{node['token'] or ''}"
    return sha1(secret.encode(), usedforsecurity=False).hexdigest()


def client(node: Node) -> Json:
    customer = node["customer"]
    delivery = _address(node["shippingAddress"] or node["billingAddress"] or NOBODY, node)
    return {
        "name": node["name"],
        "email": node["email"],
        "fiscal_id": customer and customer["taxId"],
        "company": (node["billingAddress"] or {}).get("company") or None,
        "is_registered": customer is not None,
        "delivery": delivery,
        "billing": _address(node["billingAddress"] or node["shippingAddress"] or NOBODY, node),
        "address": f"{delivery['address']} {delivery['address_extra']}".strip(),
        "postcode": delivery["zip_code"],
        "town": delivery["city"],
        "country": delivery["country"],
        "country_code": delivery["country_code"],
        "phone": delivery["phone"],
    }


def _sums(node: Node, lines: Sequence[Json]) -> dict[str, Any]:
    shipping = node["cost"]["shipping"]
    product_tax = sum((Decimal(line["cost"]["exact"]["tax"]) for line in _nodes(node)), ZERO)
    total_tax = product_tax + (Decimal(shipping["exact"]["tax"]) if shipping else ZERO)
    return {
        "total": _number(amount(node["cost"]["total"])),
        "subtotal": shortest(sum((line["price"] * line["quantity"] for line in lines), ZERO)),
        "product_tax": _short(product_tax, Decimal("0.0001")),
        "total_tax": _short(total_tax, Decimal("0.0001")),
        "discount": shortest(sum((line["discount"] for line in lines), ZERO)),
    }


def _line(node: Node, call: Call) -> Json:
    percent = _percent(node["cost"])
    included = 1 + percent / 100 if node["pricesIncludeTax"] else Decimal(1)
    price = Decimal(node["unitPrice"]["amount"]) / included
    discount = Decimal(node["cost"]["exact"]["discount"]) / included
    before = price * node["quantity"]
    product, slug = node["product"], node["slug"]
    text = product["descriptionText"] if product else ""
    picture = node["imageUrl"]
    return {
        "id": product and product["databaseId"],
        "title": node["title"],
        "option": node["variantTitle"] or None,
        "reference": node["sku"] or "",
        "price": _short(price),
        "tax": shortest(percent),
        "quantity": node["quantity"],
        "discount": _short(discount),
        "subtotal": _short(Decimal(node["cost"]["exact"]["gross"])),
        "discount_percent": _short(discount * 100 / before, CENTS) if before else ZERO,
        "weight": node["weightGrams"] * node["quantity"],
        "url": f"{call.origin}/product/{slug}" if slug else None,
        "description_short": shortened(text),
        "image": picture and {"thumb": picture, "square": picture, "full": picture},
    }


def _shipping(charge: Node | None) -> Json:
    if charge is None:
        return {"value": ZERO, "tax": ZERO, "discount": ZERO, "discount_percent": ZERO}
    discount, subtotal = amount(charge["discount"]) or ZERO, amount(charge["subtotal"]) or ZERO
    return {
        "value": _number(amount(charge["net"])),
        "tax": _short(Decimal(charge["exact"]["tax"]), Decimal("0.0001")),
        "tax_percent": shortest(_percent(charge)),
        "discount": shortest(discount),
        "discount_percent": _short(discount * 100 / subtotal, CENTS) if subtotal else ZERO,
    }


def _times(node: Node) -> dict[str, Any]:
    """A parcel that was called off was not sent."""
    sent = [each["shippedAt"] for each in node["fulfillments"] if each["canceledAt"] is None]
    taken = [
        each["createdAt"]
        for payment in node["payments"]
        for each in payment["transactions"]
        if each["kind"] == "CAPTURE"
    ]
    paid = max(taken, default=None) if node["paymentStatus"] == "PAID" else None
    return {
        "created_at": seconds_with_offset(node["placedAt"] or node["createdAt"]),
        "update_at": seconds_with_offset(node["updatedAt"]),
        "sent_at": seconds_with_offset(min(sent)) if sent else None,
        "paid_at": None if paid is None else seconds_with_offset(paid),
    }


def _payment(node: Node) -> Json:
    methods = [payment["method"] for payment in node["payments"] if payment["method"]]
    if not methods:
        return {"type": None, "data": {}, "description": None}
    return {"type": methods[0]["code"], "data": {}, "description": methods[0]["name"]}


def _coupon(node: Node) -> Json:
    """In money, whatever it was made of: what it took off is what there is."""
    taken = [each for each in node["cost"]["discounts"] if each["code"]]
    if not taken:
        return None
    first = taken[0]
    return {"code": first["code"], "type": "money", "value": _number(amount(first["amount"]))}


def _address(address: Node, node: Node) -> Json:
    code = address.get("country") or ""
    english = locale_of("en")
    names = english.territories if english is not None else {}
    name = f"{address['firstName']} {address['lastName']}".strip()
    return {
        "name": name or node["name"],
        "phone": address.get("phone") or node["phone"],
        "address": address["street1"],
        "address_extra": address["street2"],
        "country": names.get(code, code),
        "country_code": code,
        "zip_code": address.get("postalCode", ""),
        "city": address.get("city", ""),
    }


def _percent(charge: Node) -> Decimal:
    return sum((Decimal(tax["percent"]) for tax in charge["taxLines"]), ZERO)


def _nodes(node: Node) -> Sequence[Node]:
    nodes: Sequence[Node] = node["lines"]["nodes"]
    return nodes


def _short(number: Decimal, digits: Decimal = DIGITS) -> Decimal:
    return shortest(number.quantize(digits, ROUND_HALF_UP))


def _number(number: Decimal | None) -> Decimal | None:
    return None if number is None else shortest(number)
