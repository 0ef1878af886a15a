"""What an order comes to, in Shopkit's figures: prices without tax, further decimals kept."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from commerce.rest.printing import amount, shortest
from commerce.rest.route import Call, Json, Node
from commerce.rest.shopkit.pictures import image, one_size
from commerce.rest.shopkit.places import customs_of
from commerce.rest.shopkit.texts import shortened

DIGITS: Final = Decimal("0.00001")
TAXES: Final = Decimal("0.0001")
CENTS: Final = Decimal("0.01")
ZERO: Final = Decimal(0)


def sums_of(node: Node, lines: Sequence[Json]) -> dict[str, Any]:
    shipping = node["cost"]["shipping"]
    taxes = (Decimal(line["cost"]["exact"]["tax"]) for line in node["lines"]["nodes"])
    product_tax = sum(taxes, ZERO)
    total_tax = product_tax + (Decimal(shipping["exact"]["tax"]) if shipping else ZERO)
    return {
        "total": number(amount(node["cost"]["total"])),
        "subtotal": shortest(sum((line["price"] * line["quantity"] for line in lines), ZERO)),
        "product_tax": short(product_tax, TAXES),
        "total_tax": short(total_tax, TAXES),
        "discount": shortest(sum((line["discount"] for line in lines), ZERO)),
    }


def line_of(node: Node, call: Call) -> Json:
    percent = _percent(node["cost"])
    included = 1 + percent / 100 if node["pricesIncludeTax"] else Decimal(1)
    price = Decimal(node["unitPrice"]["amount"]) / included
    discount = Decimal(node["cost"]["exact"]["discount"]) / included
    before = price * node["quantity"]
    product, slug = node["product"], node["slug"]
    gross = short(Decimal(node["cost"]["exact"]["gross"]))
    return {
        "id": product and product["databaseId"],
        "is_product": product is not None,
        "title": node["title"],
        "option": node["variantTitle"] or None,
        "reference": node["sku"] or "",
        "barcode": node["variant"] and node["variant"]["barcode"],
        **customs_of(node["variant"]),
        "price": short(price),
        "price_with_tax": short(price * (1 + percent / 100)),
        "price_without_tax": short(price),
        "tax": shortest(percent),
        "quantity": node["quantity"],
        "discount": short(discount),
        "subtotal": gross,
        "subtotal_with_tax": gross,
        "subtotal_without_tax": short(Decimal(node["cost"]["exact"]["net"])),
        "discount_percent": short(discount * 100 / before, CENTS) if before else ZERO,
        "weight": node["weightGrams"] * node["quantity"],
        "url": f"{call.origin}/product/{slug}" if slug else None,
        "description_short": shortened(product["descriptionText"] if product else ""),
        "image": _picture(node["imageUrl"], product),
    }


def shipping_of(charge: Node | None) -> Json:
    """Nothing to send costs nothing."""
    if charge is None:
        return {
            "value": ZERO,
            "tax": ZERO,
            "tax_percent": None,
            "discount": ZERO,
            "discount_percent": ZERO,
        }
    discount, subtotal = amount(charge["discount"]) or ZERO, amount(charge["subtotal"]) or ZERO
    return {
        "value": number(amount(charge["net"])),
        "tax": short(Decimal(charge["exact"]["tax"]), TAXES),
        "tax_percent": shortest(_percent(charge)) if charge["taxLines"] else None,
        "discount": shortest(discount),
        "discount_percent": short(discount * 100 / subtotal, CENTS) if subtotal else ZERO,
    }


def short(value: Decimal, digits: Decimal = DIGITS) -> Decimal:
    return shortest(value.quantize(digits, ROUND_HALF_UP))


def number(value: Decimal | None) -> Decimal | None:
    return None if value is None else shortest(value)


def _picture(url: str | None, product: Node | None) -> Json:
    """As it was bought: in three sizes while the product still has it."""
    if not url:
        return None
    gallery = product["media"]["nodes"] if product else []
    held = next((media for media in gallery if media["url"] == url), None)
    return one_size(url) if held is None else image(held)


def _percent(charge: Node) -> Decimal:
    return sum((Decimal(tax["percent"]) for tax in charge["taxLines"]), ZERO)
