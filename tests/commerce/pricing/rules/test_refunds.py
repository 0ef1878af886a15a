"""Whatever the steps, what goes back adds up to what was charged."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.pricing.rules.amounts import Rounding
from commerce.pricing.rules.commission import commission, commission_back
from commerce.pricing.rules.draft import Draft, TaxRate
from commerce.pricing.rules.refunds import Refunded, over_charges, refunded, refunded_part
from commerce.pricing.rules.totals import Charge, ExactAmounts, TaxShare, calculate
from tests.commerce.pricing.rules.test_laws import TRIES, amounts, charges, drafts, laws, percents

pytestmark = pytest.mark.timeout(120 + TRIES)
EUR = Rounding()


def added(parts: list[Refunded]) -> tuple[Any, ...]:
    taxes = [[share.amount for share in part.taxes] for part in parts]
    return (
        sum(part.net for part in parts),
        sum(part.tax for part in parts),
        sum(part.gross for part in parts),
        [sum(each) for each in zip(*taxes, strict=True)],
    )


def held(charge: Charge) -> tuple[Any, ...]:
    return charge.net, charge.tax, charge.gross, [share.amount for share in charge.taxes]


def sound(part: Refunded) -> bool:
    amounts = (part.net, part.tax, part.gross, *(share.amount for share in part.taxes))
    return part.net + part.tax == part.gross and all(amount >= 0 for amount in amounts)


@laws
@given(drafts(), st.lists(st.integers(0, 7), max_size=12))
def test_units_one_by_one_are_the_whole_line(draft: Draft, steps: list[int]) -> None:
    found = calculate(draft)
    for line in draft.lines:
        charge, parts, already = found.lines[line.id], [], 0
        for step in [*steps, line.quantity]:
            parts.append(refunded(charge, step, already, line.quantity, draft.rounding))
            already = min(already + step, line.quantity)
        assert already == line.quantity
        assert all(sound(part) for part in parts)
        assert added(parts) == held(charge)
        again = refunded(charge, line.quantity, already, line.quantity, draft.rounding)
        assert again.gross == 0, "there is nothing left"


@laws
@given(drafts(), st.lists(st.integers(0, 10**6), max_size=8))
def test_parts_of_the_gross_are_the_whole_charge(draft: Draft, steps: list[int]) -> None:
    for charge in charges(calculate(draft)):
        parts, already = [], Decimal(0)
        for wanted in [*(draft.rounding.money(step) for step in steps), charge.gross]:
            part = refunded_part(charge, wanted, already, draft.rounding)
            assert sound(part)
            assert part.gross == min(wanted, charge.gross - already)
            parts.append(part)
            already += part.gross
        assert added(parts) == held(charge)


@laws
@given(drafts(), amounts(2, 10**9))
def test_a_refund_of_the_order_is_never_more_than_what_is_left(
    draft: Draft, amount: Decimal
) -> None:
    found = calculate(draft)
    left = dict(enumerate(charge.gross for charge in charges(found)))
    parts = over_charges(amount, left, draft.rounding)
    wanted = draft.rounding.money(draft.rounding.units(Fraction(amount)))
    assert sum(parts.values()) == min(wanted, found.total)
    assert all(0 <= parts[key] <= left[key] for key in left)
    mixed = dict(reversed(left.items()))
    assert over_charges(amount, mixed, draft.rounding) == parts


def test_each_of_three_units_gives_back_a_third_of_its_price() -> None:
    charge = _charge("29.97", "4.79")
    parts = [refunded(charge, 1, already, 3, EUR) for already in range(3)]
    assert [part.gross for part in parts] == [Decimal("9.99")] * 3
    assert [part.tax for part in parts] == [Decimal("1.60"), Decimal("1.59"), Decimal("1.60")]


def _charge(gross: str, tax: str) -> Charge:
    net = Decimal(gross) - Decimal(tax)
    exact = ExactAmounts(Decimal(0), net, Decimal(tax), Decimal(gross))
    share = TaxShare(TaxRate(1, "VAT", Decimal(19)), Decimal(tax))
    return Charge(Decimal(gross), Decimal(0), net, Decimal(tax), Decimal(gross), (share,), exact)


@pytest.mark.parametrize(
    ("revenue", "percent", "earned"),
    [
        ("49.99", "10", "4.99"),
        ("0.09", "10", "0.00"),
        ("-49.99", "10", "-4.99"),
        ("10.00", "0", "0.00"),
        ("10.00", "250", "10.00"),
        ("10.00", "-5", "0.00"),
        ("33.33", "33.333", "11.10"),
    ],
)
def test_commission_is_rounded_down(revenue: str, percent: str, earned: str) -> None:
    assert commission(Decimal(revenue), Decimal(percent)) == Decimal(earned)


def test_commission_knows_the_smallest_unit() -> None:
    assert commission(Decimal(499), exponent=0) == Decimal(49)
    assert commission(Decimal("1.999"), exponent=3) == Decimal("0.199")


@laws
@given(amounts(2), percents, st.lists(amounts(2, 10**6), max_size=6))
def test_refunds_take_back_what_was_earned(
    revenue: Decimal, percent: Decimal, refunds: list[Decimal]
) -> None:
    earned, already = commission(revenue, percent), Decimal(0)
    assert 0 <= earned <= revenue
    for refund in [*refunds, revenue]:
        back = commission_back(revenue, refund, already, percent)
        assert back <= 0
        earned += back
        already += refund
    assert earned == 0
