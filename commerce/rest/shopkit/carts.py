"""Carts as Shopkit's webhooks show them; its documents print none."""

from commerce.rest.printing import amount, seconds_with_offset
from commerce.rest.route import Call, Json, Node
from commerce.rest.shopkit.clients.shapes import hash_of
from commerce.rest.shopkit.orders.figures import number
from commerce.rest.shopkit.pictures import image


def cart(node: Node, call: Call) -> Json:
    cost = node["cost"]
    return {
        "id": node["databaseId"],
        "currency": node["currencyCode"],
        "subtotal": number(amount(cost["subtotal"])),
        "discount": number(amount(cost["discount"])),
        "total_tax": number(amount(cost["tax"])),
        "total": number(amount(cost["total"])),
        "created_at": seconds_with_offset(node["createdAt"], call.zone),
        "updated_at": seconds_with_offset(node["updatedAt"], call.zone),
        "client": _client(node),
        "products": [_line(line, call) for line in node["lines"]["nodes"]],
    }


def _client(node: Node) -> Json:
    """Whoever said how to be reached; a guest has no id."""
    customer = node["customer"]
    email = node["email"] or (customer and customer["email"])
    return {
        "id": customer and customer["databaseId"],
        "hash": hash_of(email) if email else None,
        "name": customer and customer["name"],
        "email": email,
        "phone": node["phone"],
    }


def _line(line: Node, call: Call) -> Json:
    """What is not sold any more has neither a name nor a price."""
    variant = line["variant"] or {}
    product = variant.get("product") or {}
    slug, picture = product.get("slug"), variant.get("media")
    return {
        "id": product.get("databaseId"),
        "title": product.get("title"),
        "option": variant.get("title") or None,
        "reference": variant.get("sku") or "",
        "price": number(amount(line["unitPrice"])),
        "quantity": line["quantity"],
        "subtotal": number(amount(line["cost"] and line["cost"]["subtotal"])),
        "url": f"{call.origin}/product/{slug}" if slug else None,
        "image": picture and image(picture),
    }
