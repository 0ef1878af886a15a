"""What carts and orders come to, and how callers say so and how they pay."""

from decimal import Decimal
from typing import Any

import pytest

from commerce.rest.cartino.orders.inputs import reason, tracking
from commerce.rest.cartino.paying import method_named
from commerce.rest.cartino.sums import sums
from commerce.rest.route import Call

MANUAL = {"code": "transfer", "kind": "BANK_TRANSFER"}
CARD = {"code": "visa", "kind": "CARD"}


def cost(**amounts: str | None) -> dict[str, Any]:
    """Of the amounts as they are written; `net` and `gross` are those of shipping."""
    given = {name: each and {"amount": each} for name, each in amounts.items()}
    net, gross = given.pop("net", None), given.pop("gross", None)
    names = ("subtotal", "total", "tax", "discount", "surcharge")
    sent = {"net": net, "gross": gross} if gross else None
    return {**{name: given.get(name) for name in names}, "shipping": sent}


@pytest.mark.parametrize(
    ("given", "shipping"),
    [
        # The document's order: prices without taxes, and none on shipping.
        (cost(subtotal="59.97", tax="5.40", net="10", gross="10", total="75.37"), "10.00"),
        # Taxes on shipping, too, stand in `tax` alone.
        (cost(subtotal="100", tax="20.9", net="10", gross="10.9", total="130.9"), "10.00"),
        # Prices that contain them.
        (cost(subtotal="119", tax="20.6", net="8.4", gross="10", total="129"), "10.00"),
        (cost(subtotal="119", tax="19", discount="19", total="100"), "0.00"),
        # A surcharge for paying in cash goes with the shipping.
        (cost(subtotal="10", net="5", gross="5", surcharge="2", total="17"), "7.00"),
        (cost(subtotal="0", total="0"), "0.00"),
    ],
)
def test_what_is_printed_adds_up(given: Any, shipping: str) -> None:
    shown = sums(given)
    assert str(shown["shipping"]) == shipping
    before = shown["subtotal"] + shown["shipping"] - shown["discount"]
    assert Decimal(str(shown["total"])) in (before, before + shown["tax"])
    assert all(
        isinstance(each, Decimal) and each.as_tuple().exponent == -2 for each in shown.values()
    )


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        (None, {}),
        ("", {}),
        ("  ", {}),
        ("customer", {"reason": "CUSTOMER"}),
        (" Fraud ", {"reason": "FRAUD"}),
        ("Too late", {"message": "Too late"}),
    ],
)
def test_a_reason_is_one_of_ours_or_a_message(given: str | None, asked: Any) -> None:
    assert reason(Call("", body={} if given is None else {"reason": given})) == asked


def test_of_a_parcel_only_what_is_known_is_told() -> None:
    assert tracking({"carrier": "UPS", "tracking_number": "", "notify_customer": True}) == {
        "carrier": "UPS"
    }


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (None, None),
        ("transfer", "transfer"),
        ("bank_transfer", "transfer"),
        ("Credit_Card", "visa"),
        ("stripe", "visa"),
        ("invoice", "invoice"),
        ("shells", "shells"),
    ],
)
def test_a_way_of_paying_is_a_code_or_a_kind(wanted: str | None, found: str | None) -> None:
    """What is neither is handed on, to be refused by its name."""
    assert method_named(wanted, [MANUAL, CARD]) == found
