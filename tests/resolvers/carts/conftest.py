"""What tests of carts share."""

from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from commerce.core.viewer import ANONYMOUS, Viewer
from tests.conftest import Ask
from tests.support.carts import Change, Goods

CART = """ id token version state totalQuantity email phone locale note extraFields
  shippingAddress { firstName city country } billingAddress { city }
  lines { nodes { databaseId quantity extraFields unitPrice { amount } unitPriceChange { amount } }
    totalCount { count } }
  coupons { code applies reason discount { amount } }
  giftCards { id lastCharacters amount { amount } }
  selectedShipping { code }
  cost { total { amount } due { amount } } """
ERRORS = "userErrors { code path ... on CouponRejectedError { reason } }"
PAYLOAD = f"{{ cart {{ {CART} }} warnings {{ code path available }} {ERRORS} }}"


@pytest.fixture
def change(ask: Ask) -> Change:
    """Send one of the mutations of carts; answers its payload."""

    async def send(name: str, viewer: Viewer = ANONYMOUS, **given: Any) -> Any:
        kind = f"{name[0].upper()}{name[1:]}Input"
        document = f"mutation ($input: {kind}!) {{ {name}(input: $input) {PAYLOAD} }}"
        answer = await ask(document, {"input": given}, viewer=viewer)
        assert "errors" not in answer, answer
        return answer["data"][name]

    return send


@pytest.fixture
async def goods(uow: UnitOfWork) -> Goods:
    return await Goods.open(uow)
