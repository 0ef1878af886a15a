"""From GraphQL's carts to Cartino's."""

from typing import Any

from commerce.rest.cartino.cart.tokens import told
from commerce.rest.cartino.envelope import message
from commerce.rest.cartino.sums import money, sums
from commerce.rest.printing import amount, two_decimals
from commerce.rest.route import Call, Json, Node, Reply


def cart(node: Node, call: Call, status: int = 200) -> Reply:
    return told({"data": shown(node)}, node, call, status)


def cleared(node: Node, call: Call) -> Reply:
    return told(message("Cart cleared successfully"), node, call)


def couponed(node: Node, code: str, text: str) -> Json:
    given = (each for each in node["cost"]["discounts"] if _same(each["code"], code))
    discount = sum((money(each["amount"]) for each in given), money(None))
    sum_of = sums(node["cost"])
    return {
        "message": text,
        "discount": two_decimals(discount),
        "cart": {name: sum_of[name] for name in ("subtotal", "discount", "total")},
    }


def shown(node: Node) -> dict[str, Any]:
    codes = [coupon["code"] for coupon in node["coupons"]]
    return {
        "id": node["databaseId"],
        "items": [item(line) for line in node["lines"]["nodes"]],
        **sums(node["cost"]),
        "items_count": node["totalQuantity"],
        "currency": node["currencyCode"],
        "coupon_code": codes[0] if codes else None,
    }


def item(line: Node) -> dict[str, Any]:
    """What cannot be bought any more has no price."""
    variant = line["variant"]
    return {
        "id": line["databaseId"],
        "variant_id": variant and variant["databaseId"],
        "sku": variant and variant["sku"],
        "title": variant and _title(variant),
        "quantity": line["quantity"],
        "price": two_decimals(amount(line["unitPrice"])),
        "subtotal": two_decimals(amount(line["cost"] and line["cost"]["subtotal"])),
    }


def _title(variant: Node) -> str:
    """`Cotton T-Shirt - Red / M`; a simple product has but one title."""
    title = variant["product"]["title"] if variant["product"] else ""
    other = variant["title"]
    return f"{title} - {other}" if other and other != title else title


def _same(code: str | None, other: str) -> bool:
    return (code or "").strip().lower() == other.strip().lower()
