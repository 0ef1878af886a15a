"""What carts and orders come to, in Cartino's fields."""

from decimal import Decimal
from typing import Any, Final

from commerce.rest.printing import amount, two_decimals
from commerce.rest.route import Node

NOTHING: Final = Decimal(0)
CENT: Final = Decimal("0.01")


def sums(cost: Node) -> dict[str, Any]:
    """Where prices are without taxes it is: total = subtotal + tax + shipping - discount. Where
    they contain them, `tax` is a part of the others. Surcharges go with the shipping."""
    subtotal, total, tax = (money(cost[name]) for name in ("subtotal", "total", "tax"))
    discount, surcharge = money(cost["discount"]), money(cost["surcharge"])
    sent = cost["shipping"] or {"net": None, "gross": None}
    gross = subtotal - discount + money(sent["gross"]) + surcharge
    included = abs(gross - total) <= CENT
    shipping = money(sent["gross" if included else "net"]) + surcharge
    return {
        "subtotal": two_decimals(subtotal),
        "discount": two_decimals(discount),
        "tax": two_decimals(tax),
        "shipping": two_decimals(shipping),
        "total": two_decimals(total),
    }


def money(node: Any) -> Decimal:
    """Nothing where there is no amount at all."""
    found = amount(node)
    return NOTHING if found is None else found
