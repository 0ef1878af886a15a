"""What Cartino's callers say about paying: by which way, and with what. Pure."""

from collections.abc import Generator, Mapping, Sequence
from typing import Any, Final

from commerce.rest.route import Ask, Node

METHODS: Final = "CartinoPaymentMethods"
# What older clients call ways of paying, by the kinds that they mean.
KINDS: Final = {
    "card": "CARD",
    "credit_card": "CARD",
    "stripe": "CARD",
    "bank_transfer": "BANK_TRANSFER",
    "transfer": "BANK_TRANSFER",
    "cash_on_delivery": "CASH_ON_DELIVERY",
    "cod": "CASH_ON_DELIVERY",
    "invoice": "INVOICE",
}
MOST: Final = 100


def method_named(wanted: str | None, methods: Sequence[Node]) -> str | None:
    """The code of the method, or of the first of the kind that is meant."""
    if wanted is None or any(method["code"] == wanted for method in methods):
        return wanted
    kind = KINDS.get(wanted.lower())
    return next((method["code"] for method in methods if method["kind"] == kind), wanted)


def method_offered(wanted: str | None, options: Node) -> str | None:
    """The same among what is offered for a cart."""
    return method_named(wanted, [each["method"] for each in options["paymentOptions"]])


def method_wanted(wanted: str | None) -> Generator[Ask, Any, str | None]:
    """The same among all that there are, which are asked for only if a kind may be meant."""
    if wanted is None or wanted.lower() not in KINDS:
        return wanted
    offered = yield Ask(METHODS, {"first": MOST, "after": None})
    return method_named(wanted, [each for each in offered["nodes"] if each.get("active", True)])


def payment_data(body: Mapping[str, Any]) -> dict[str, str]:
    names = {"payment_token": "paymentMethod", "return_url": "returnUrl"}
    return {theirs: body[ours] for ours, theirs in names.items() if body.get(ours)}
