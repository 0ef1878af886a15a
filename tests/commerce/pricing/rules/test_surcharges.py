"""What is charged beside goods and shipping."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from commerce.pricing.kinds import SurchargeBase, SurchargeKind, SurchargeSource
from commerce.pricing.rules.amounts import Rounding
from commerce.pricing.rules.draft import (
    Buyer,
    Draft,
    GiftCard,
    Line,
    Shipping,
    Surcharge,
    TaxRate,
)
from commerce.pricing.rules.promotions import Percent, Promotion, Stage
from commerce.pricing.rules.refunds import merged, refunded_part
from commerce.pricing.rules.totals import Calculation, calculate
from commerce.pricing.rules.trace import Step

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
VAT_19, VAT_7 = TaxRate(1, "VAT 19", Decimal(19)), TaxRate(2, "VAT 7", Decimal(7))
TEN_OFF = Promotion(1, "Ten", Percent(Decimal(10)), Stage.ORDER)
ALL_OFF = Promotion(1, "All", Percent(Decimal(100)), Stage.ORDER, free_shipping=True)
SUBTOTAL, WITH_SHIPPING = SurchargeBase.SUBTOTAL, SurchargeBase.SUBTOTAL_AND_SHIPPING


def calculated(*surcharges: Surcharge, included: bool = False, **parts: Any) -> Calculation:
    """Two at 50.00 and shipping for 10.00, all at 19 percent, with these surcharges."""
    line = Line(1, 2, Decimal("50.00"), (VAT_19,), included)
    shipping = Shipping(1, "Post", Decimal("10.00"), (VAT_19,), included)
    return calculate(Draft("EUR", (line,), NOW, shipping, surcharges=surcharges, **parts))


def fee(value: str, *, percent: bool = False, **parts: Any) -> Surcharge:
    kind = SurchargeKind.PERCENT if percent else SurchargeKind.FIXED
    parts = {"code": "cod", "source": SurchargeSource.PAYMENT_METHOD, "kind": kind, **parts}
    return Surcharge(name="Cash on delivery", value=Decimal(value), **parts)


@pytest.mark.parametrize(
    ("surcharge", "included", "promotions", "charged", "total"),
    [
        (fee("5"), False, (), ("5.00", "0.00", "5.00"), "135.90"),
        (fee("5", taxes=(VAT_19,)), False, (), ("5.00", "0.95", "5.95"), "136.85"),
        (fee("5", taxes=(VAT_19,), includes_tax=True), True, (), ("4.20", "0.80", "5.00"), "115"),
        (fee("5", taxes=(VAT_7,), includes_tax=True), True, (), ("4.67", "0.33", "5.00"), "115"),
        (fee("3", percent=True), False, (), ("3.00", "0.00", "3.00"), "133.90"),
        (fee("3", percent=True, base=WITH_SHIPPING), False, (), ("3.30", "0.00", "3.30"), "134.20"),
        # Of what is left after discounts, and itself not discounted.
        (fee("3", percent=True), False, (TEN_OFF,), ("2.70", "0.00", "2.70"), "121.70"),
        (fee("5"), False, (TEN_OFF,), ("5.00", "0.00", "5.00"), "124.00"),
        (fee("5"), False, (ALL_OFF,), ("5.00", "0.00", "5.00"), "5.00"),
        (fee("3", percent=True, base=WITH_SHIPPING), False, (ALL_OFF,), ("0", "0", "0"), "0"),
    ],
)
def test_a_surcharge_is_taxed_and_never_discounted(
    surcharge: Surcharge,
    included: bool,
    promotions: tuple[Promotion, ...],
    charged: tuple[str, str, str],
    total: str,
) -> None:
    found = calculated(surcharge, included=included, promotions=promotions)
    (only,) = found.surcharges
    shown = (only.charge.net, only.charge.tax, only.charge.gross)
    assert shown == tuple(map(Decimal, charged))
    assert (found.total, only.charge.discount) == (Decimal(total), Decimal(0))
    assert sum(charge.gross for charge in found.every) == found.total


def test_who_is_exempt_pays_a_surcharge_without_its_tax() -> None:
    with_tax = fee("5", taxes=(VAT_19,), includes_tax=True)
    found = calculated(with_tax, included=True, buyer=Buyer(tax_exempt=True))
    assert (found.surcharges[0].charge.gross, found.tax) == (Decimal("4.20"), Decimal(0))


def test_gift_cards_pay_surcharges_too() -> None:
    found = calculated(fee("5"), gift_cards=(GiftCard(1, Decimal("130.90")),))
    assert (found.total, found.due) == (Decimal("135.90"), Decimal("5.00"))


def test_a_surcharge_is_rounded_with_all_the_rest() -> None:
    """Alone each would be rounded down: together they are a cent more."""
    third = fee("0.334", code="b")
    found = calculated(fee("0.333", code="a"), third, fee("0.333", code="c"))
    assert sum(each.charge.gross for each in found.surcharges) == Decimal("1.00")
    assert [each.charge.gross for each in found.surcharges] == [
        Decimal("0.33"),
        Decimal("0.34"),
        Decimal("0.33"),
    ]


def test_the_trace_tells_what_a_surcharge_is_for() -> None:
    found = calculated(fee("5", taxes=(VAT_19,)))
    told = [step for step in found.trace if step.subject == "surcharge:cod"]
    exact = [Decimal(number) for number in ("0", "5", "5", "5", "0.95", "5.95")]
    assert told == [
        Step("surcharge", "surcharge:cod", "payment_method", *exact[:3]),
        Step("tax", "surcharge:cod", "tax:1", *exact[3:]),
    ]


def test_surcharges_go_back_together_and_once() -> None:
    """A cent at a time: each tax comes back whole, and nothing is given twice."""
    found = calculated(
        fee("1", taxes=(VAT_19,)), fee("2", code="wrap", taxes=(VAT_7, VAT_19)), fee("3", code="z")
    )
    whole, rounding = merged([each.charge for each in found.surcharges]), Rounding()
    assert (whole.net, whole.gross) == (Decimal("6.00"), Decimal("6.71"))
    steps = [
        refunded_part(whole, Decimal("0.01"), Decimal(cents).scaleb(-2), rounding)
        for cents in range(700)
    ]
    back = {
        rate: sum(share.amount for step in steps for share in step.taxes if share.rate == rate)
        for rate in (VAT_7, VAT_19)
    }
    assert back == {share.rate: share.amount for share in whole.taxes}
    assert sum(step.gross for step in steps) == whole.gross
    assert sum(step.tax for step in steps) == whole.tax
