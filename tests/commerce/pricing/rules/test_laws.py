"""What holds for every draft, however odd. COMMERCE_TEST_LAWS sets how many are tried."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commerce.pricing.kinds import SurchargeBase, SurchargeKind
from commerce.pricing.rules.amounts import Rounding, RoundingMode, RoundingStage, apportioned
from commerce.pricing.rules.draft import (
    Buyer,
    Draft,
    GiftCard,
    Goods,
    Line,
    Shipping,
    Surcharge,
    TaxRate,
)
from commerce.pricing.rules.promotions import (
    Amount,
    Bundle,
    BuyXGetY,
    FixedPrice,
    FreeShipping,
    Percent,
    Promotion,
    Selection,
    Stage,
)
from commerce.pricing.rules.totals import Calculation, Charge, calculate

TRIES = int(os.environ.get("COMMERCE_TEST_LAWS", "100"))  # noqa: TID251  # the suite's own switch
pytestmark = pytest.mark.timeout(120 + TRIES)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MOST = Decimal(10**12 - 1)  # that a price can be
RATES = (
    TaxRate(1, "VAT 19", Decimal(19)),
    TaxRate(2, "VAT 7", Decimal(7)),
    TaxRate(3, "State", Decimal("8.875")),
    TaxRate(4, "Compound", Decimal("9.975"), compound=True),
)
laws = settings(
    max_examples=TRIES, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)


@cache
def amounts(exponent: int, most: int = 10**7) -> Any:
    return st.integers(0, most).map(lambda units: Decimal(units).scaleb(-exponent))


rates = st.lists(st.sampled_from(RATES), max_size=3, unique=True).map(
    lambda found: tuple(sorted(found, key=lambda rate: rate.id))
)
GIFTS = Selection(products=frozenset({1, 2}))
percents = st.integers(0, 150_000).map(lambda units: Decimal(units).scaleb(-3))


@cache
def values(exponent: int, stage: Stage) -> Any:
    found = [st.builds(Percent, percents), st.builds(Amount, amounts(exponent), st.booleans())]
    if stage is Stage.SHIPPING:
        found.append(st.just(FreeShipping()))
    if stage is Stage.LINE:
        times, gifts = st.none() | st.integers(0, 3), st.none() | st.just(GIFTS)
        found.append(st.builds(FixedPrice, amounts(exponent)))
        found.append(
            st.builds(BuyXGetY, st.integers(0, 3), st.integers(0, 2), percents, times, gifts)
        )
        found.append(st.builds(Bundle, st.integers(0, 4), amounts(exponent), times))
    return st.one_of(found)


@st.composite
def promotions(draw: Any, exponent: int) -> tuple[Promotion, ...]:
    found = []
    for id_ in range(1, draw(st.integers(0, 4)) + 1):
        stage = draw(st.sampled_from(Stage))
        promotion = Promotion(
            id_,
            "Any",
            draw(values(exponent, stage)),
            stage,
            code=draw(st.sampled_from([None, f"C{id_}"])),
            priority=draw(st.integers(0, 2)),
            exclusive=draw(st.integers(0, 9)) == 0,
            combinable=draw(st.booleans()),
            most_off=draw(st.none() | amounts(exponent)),
            most_units=draw(st.none() | st.integers(1, 5)),
        )
        found.append(promotion)
    return tuple(found)


@st.composite
def surcharges(draw: Any, exponent: int) -> tuple[Surcharge, ...]:
    found = []
    for code in draw(st.lists(st.sampled_from("abc"), max_size=2, unique=True)):
        kind = draw(st.sampled_from(SurchargeKind))
        fixed = kind is SurchargeKind.FIXED
        surcharge = Surcharge(
            code,
            "Any",
            draw(amounts(exponent, 10**4) if fixed else percents),
            kind,
            draw(st.sampled_from(SurchargeBase)),
            taxes=draw(rates),
            includes_tax=draw(st.booleans()),
        )
        found.append(surcharge)
    return tuple(found)


@st.composite
def drafts(draw: Any) -> Draft:
    exponent = draw(st.sampled_from([0, 2, 2, 2, 3]))
    lines = tuple(
        Line(
            id_,
            draw(st.integers(0, 30) | st.just(10**6)),
            draw(amounts(exponent) | st.just(MOST)),
            draw(rates),
            goods=Goods(product_id=draw(st.integers(1, 3))),
            includes_tax=draw(st.booleans()),
            discountable=draw(st.integers(0, 9)) > 0,
        )
        for id_ in range(1, draw(st.integers(1, 6)) + 1)
    )
    shipping = draw(
        st.none()
        | st.builds(
            Shipping,
            st.just(1),
            st.just("Post"),
            amounts(exponent, 10**4),
            st.none() | rates,
            st.booleans(),
        )
    )
    known = draw(promotions(exponent))
    cards = st.lists(amounts(exponent, 10**5), max_size=2)
    return Draft(
        "EUR",
        lines,
        NOW,
        shipping,
        known,
        tuple(promotion.code for promotion in known if promotion.code is not None),
        tuple(GiftCard(id_, balance) for id_, balance in enumerate(draw(cards), 1)),
        Buyer(tax_exempt=draw(st.integers(0, 4)) == 0),
        rounding=Rounding(
            exponent, draw(st.sampled_from(RoundingMode)), draw(st.sampled_from(RoundingStage))
        ),
        surcharges=draw(surcharges(exponent)),
    )


def charges(found: Calculation) -> list[Charge]:
    shipping = [] if found.shipping is None else [found.shipping]
    return [*found.lines.values(), *shipping, *(each.charge for each in found.surcharges)]


@laws
@given(drafts())
def test_everything_adds_up(draft: Draft) -> None:
    found = calculate(draft)
    every = charges(found)
    assert sum(charge.gross for charge in every) == found.total
    assert sum(total.amount for total in found.taxes) == found.tax
    assert found.net + found.tax == found.total
    assert found.total - sum(use.amount for use in found.gift_cards) == found.due
    for charge in every:
        assert charge.net + charge.tax == charge.gross
        assert sum(share.amount for share in charge.taxes) == charge.tax
        assert charge.subtotal - charge.discount in (charge.net, charge.gross)


@laws
@given(drafts())
def test_nothing_is_below_zero_or_finer_than_the_currency(draft: Draft) -> None:
    found = calculate(draft)
    unit = Decimal(1).scaleb(-draft.rounding.exponent)
    for charge in charges(found):
        shown = (charge.subtotal, charge.discount, charge.net, charge.tax, charge.gross)
        assert all(amount >= 0 for amount in shown), shown
        assert all(amount == amount.quantize(unit) for amount in shown), shown
    assert 0 <= found.due <= found.total


@laws
@given(drafts(), st.randoms())
def test_the_order_of_things_makes_no_difference(draft: Draft, random: Any) -> None:
    def shuffled(things: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(things, len(things)))

    mixed = replace(
        draft,
        lines=shuffled(draft.lines),
        surcharges=shuffled(draft.surcharges),
        promotions=shuffled(draft.promotions),
        codes=tuple(code.lower() for code in shuffled(draft.codes)),
    )
    found, again = calculate(draft), calculate(mixed)
    assert repr(sorted(found.lines.items())) == repr(sorted(again.lines.items()))
    assert (found.total, found.due, found.taxes) == (again.total, again.due, again.taxes)
    assert found.trace == again.trace
    assert {each.surcharge: each.charge for each in found.surcharges} == {
        each.surcharge: each.charge for each in again.surcharges
    }


@laws
@given(drafts())
def test_surcharges_come_on_top_and_no_promotion_touches_them(draft: Draft) -> None:
    """Rounded line by line, nothing else moves because of them."""
    each = replace(draft, rounding=replace(draft.rounding, stage=RoundingStage.LINE))
    found, without = calculate(each), calculate(replace(each, surcharges=()))
    assert (found.lines, found.shipping) == (without.lines, without.shipping)
    assert (found.discounts, found.discount) == (without.discounts, without.discount)
    added = [total.charge for total in found.surcharges]
    assert found.total == without.total + sum(charge.gross for charge in added)
    assert all(charge.discount == charge.exact.discount == 0 for charge in added)


@laws
@given(drafts())
def test_promotions_together_show_the_discount_that_is_shown(draft: Draft) -> None:
    found = calculate(draft)
    assert sum(each.amount for each in found.discounts) == found.discount
    assert all(each.amount >= 0 for each in found.discounts)


@laws
@given(drafts())
def test_prices_that_contain_tax_do_not_move(draft: Draft) -> None:
    plain = replace(
        draft,
        lines=tuple(replace(line, includes_tax=True) for line in draft.lines),
        promotions=(),
        shipping=None,
        surcharges=(),
        buyer=Buyer(),
    )
    found = calculate(plain)
    assert found.total == sum(line.unit_price * line.quantity for line in plain.lines)


@laws
@given(drafts())
def test_a_whole_discount_leaves_nothing_to_pay(draft: Draft) -> None:
    everything = Promotion(9, "All", Percent(Decimal(100)), Stage.ORDER)
    lines = tuple(replace(line, discountable=True) for line in draft.lines)
    free = replace(draft, lines=lines, promotions=(everything,), codes=(), shipping=None)
    fixed = tuple(one for one in draft.surcharges if one.kind is SurchargeKind.FIXED)
    assert calculate(replace(free, surcharges=())).total == 0
    found = calculate(replace(free, surcharges=fixed))
    assert found.total == sum(total.charge.gross for total in found.surcharges)


@laws
@given(drafts())
def test_the_trace_leads_from_nothing_to_what_is_due(draft: Draft) -> None:
    found = calculate(draft)
    end = sum((step.change for step in found.trace), Decimal(0))
    # Steps are told to 6 decimals each.
    assert abs(end - found.due) <= Decimal("0.000001") * len(found.trace)


@laws
@given(st.dictionaries(st.tuples(st.integers(1, 99)), st.fractions(0, 10**6), min_size=1))
def test_parts_add_up_and_stay_next_to_their_shares(
    shares: dict[tuple[int], Fraction],
) -> None:
    total = Rounding(0).units(sum(shares.values(), Fraction(0)))
    parts = apportioned(total, shares)
    assert sum(parts.values()) == total
    assert all(abs(parts[key] - share) < 1 for key, share in shares.items())
    assert parts == apportioned(total, dict(sorted(shares.items(), reverse=True)))
