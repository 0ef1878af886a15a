"""Who has signed in is written to at the account's own address."""

from types import SimpleNamespace
from typing import Any

import pytest

from commerce.carts.rules.merging import taken_over

OWN, TYPED, SET = "ada@shop.test", "typed@elsewhere.test", "office@shop.test"


def cart(**values: Any) -> Any:
    blank = dict.fromkeys(("phone", "locale", "shipping_address", "billing_address", "note"))
    lists: dict[str, Any] = {"extra_fields": {}, "attribution": {}, "gift_card_ids": []}
    return SimpleNamespace(**{"email": None, "customer_email": None, **blank, **lists, **values})


@pytest.mark.parametrize(
    ("own", "account", "typed", "after"),
    [
        (None, OWN, TYPED, OWN),
        (None, OWN, None, None),
        (SET, OWN, TYPED, SET),
        (None, None, TYPED, TYPED),
    ],
)
def test_whose_address_a_merged_cart_has(
    own: str | None, account: str | None, typed: str | None, after: str | None
) -> None:
    mine = cart(email=own, customer_email=account)
    known = taken_over(mine, cart(email=typed, phone="+49301234567"))
    assert {"email": own, **known}["email"] == after
    assert known["phone"] == "+49301234567"
