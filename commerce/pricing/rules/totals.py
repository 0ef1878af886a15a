"""From a draft to its totals: discounts, then taxes, then rounding, then gift cards.

Same draft, same calculation, byte for byte: nothing here reads a clock, a database or a set in the
order it happens to have.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from commerce.pricing.rules.amounts import ZERO, Rounding, apportioned, printed, shared_out
from commerce.pricing.rules.discounts import SHIPPING_KEY, Prices, discounted
from commerce.pricing.rules.draft import Draft, Surcharge, TaxRate
from commerce.pricing.rules.eligible import Reason, Rejection, choose, normalised
from commerce.pricing.rules.gift_cards import GiftCardUse, drawn
from commerce.pricing.rules.items import Item, items_of, surcharge_keys, trace_taxes
from commerce.pricing.rules.promotions import Promotion
from commerce.pricing.rules.trace import ORDER, Step, Trace


@dataclass(frozen=True, slots=True)
class ExactAmounts:
    """Before rounding, to 6 decimals: what some clients print."""

    discount: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class TaxShare:
    rate: TaxRate
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Charge:
    """A line, shipping or a surcharge, as it is charged: net and taxes add up to gross.

    `subtotal` less `discount` is the gross where prices contain taxes, and the net where not.
    """

    subtotal: Decimal
    discount: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    taxes: tuple[TaxShare, ...]
    exact: ExactAmounts


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """`net` is what the rate was taken of."""

    rate: TaxRate
    net: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class DiscountTotal:
    """What a promotion gave, exactly, and rounded for showing."""

    promotion: Promotion
    amount: Decimal
    exact: Decimal


@dataclass(frozen=True, slots=True)
class SurchargeTotal:
    surcharge: Surcharge
    charge: Charge


@dataclass(frozen=True, slots=True)
class Calculation:
    """`total` is what is charged; `due` is left of it once gift cards are drawn on."""

    lines: Mapping[int, Charge]
    shipping: Charge | None
    subtotal: Decimal
    discount: Decimal
    net: Decimal
    tax: Decimal
    total: Decimal
    due: Decimal
    taxes: tuple[TaxTotal, ...]
    discounts: tuple[DiscountTotal, ...]
    gift_cards: tuple[GiftCardUse, ...]
    rejections: tuple[Rejection, ...]
    trace: tuple[Step, ...]
    surcharges: tuple[SurchargeTotal, ...]

    @property
    def every(self) -> tuple[Charge, ...]:
        """All that is charged: it adds up to the total."""
        shipping = () if self.shipping is None else (self.shipping,)
        surcharges = (each.charge for each in self.surcharges)
        return (*self.lines.values(), *shipping, *surcharges)


def calculate(draft: Draft) -> Calculation:
    """Raises nothing for any draft of whole quantities and prices that are not negative."""
    trace, choice = Trace(), choose(draft)
    prices = discounted(draft, choice.promotions, trace)
    items = items_of(draft, prices, trace)
    trace_taxes(items, draft, trace)
    charges = _charges(items, draft.rounding)
    every = list(charges.values())
    total = _sum(charge.gross for charge in every)
    exact = sum((item.taxed.gross for item in items.values()), ZERO)
    trace.note("rounding", ORDER, draft.rounding.mode.value, exact, Fraction(total))
    uses = drawn(draft.gift_cards, total, draft.rounding.exponent, trace)
    surcharges = _surcharge_totals(draft, charges)
    discount = _sum(charge.discount for charge in every)
    shipping = charges.pop(SHIPPING_KEY, None)
    return Calculation(
        lines=charges,
        shipping=shipping,
        subtotal=_sum(charge.subtotal for charge in charges.values()),
        discount=discount,
        net=_sum(charge.net for charge in every),
        tax=_sum(charge.tax for charge in every),
        total=total,
        due=total - _sum(use.amount for use in uses),
        taxes=_tax_totals(every),
        discounts=_discount_totals(choice.promotions, prices, discount, draft.rounding),
        gift_cards=uses,
        rejections=(*choice.rejections, *_outdone(draft, choice.promotions, prices)),
        trace=tuple(trace.steps),
        surcharges=surcharges,
    )


def gross_of(surcharges: Iterable[SurchargeTotal]) -> Decimal:
    """Taxes included."""
    return _sum(each.charge.gross for each in surcharges)


def _surcharge_totals(draft: Draft, charges: dict[int, Charge]) -> tuple[SurchargeTotal, ...]:
    """In the order of the draft; taken out of the charges."""
    keys = surcharge_keys(draft)
    return tuple(SurchargeTotal(one, charges.pop(keys[one.code])) for one in draft.surcharges)


def _charges(items: Mapping[int, Item], rounding: Rounding) -> dict[int, Charge]:
    """Rounded together, those whose prices contain taxes apart from the others.

    In each group the total and its tax are rounded once, and the lines made to fit them.
    """
    charges: dict[int, Charge] = {}
    for included in (False, True):
        group = {key: item for key, item in items.items() if item.included is included}
        for part in rounding.groups(group):
            charges |= _rounded({key: group[key] for key in part}, rounding, included=included)
    return {key: charges[key] for key in items}


def _rounded(group: Mapping[int, Item], rounding: Rounding, *, included: bool) -> dict[int, Charge]:
    gross = {(key,): rounding.scaled(item.taxed.gross) for key, item in group.items()}
    taxes = {
        (key, place): rounding.scaled(tax)
        for key, item in group.items()
        for place, tax in enumerate(item.taxed.taxes.values())
    }
    total = rounding.units(sum((item.taxed.gross for item in group.values()), ZERO))
    tax = rounding.units(sum((item.taxed.tax for item in group.values()), ZERO))
    tax_units = apportioned(tax, taxes)
    if included:
        gross_units = {key: units for (key,), units in apportioned(total, gross).items()}
    else:
        net = {(key,): rounding.scaled(item.taxed.net) for key, item in group.items()}
        net_units = apportioned(total - tax, net)
        gross_units = {key: net_units[key,] + _of(key, tax_units) for key in group}
    return {
        key: _charge(item, gross_units[key], _taxes_of(key, tax_units), rounding)
        for key, item in group.items()
    }


def _of(key: int, taxes: Mapping[tuple[int, int], int]) -> int:
    return sum(_taxes_of(key, taxes))


def _taxes_of(key: int, taxes: Mapping[tuple[int, int], int]) -> list[int]:
    return [units for (owner, _), units in sorted(taxes.items()) if owner == key]


def _charge(item: Item, gross: int, taxes: Sequence[int], rounding: Rounding) -> Charge:
    net = gross - sum(taxes)
    shown = gross if item.included else net
    reduced = item.left < item.full
    full = max(rounding.units(item.full), shown) if reduced else shown
    exact = item.taxed
    return Charge(
        subtotal=rounding.money(full),
        discount=rounding.money(full - shown),
        net=rounding.money(net),
        tax=rounding.money(sum(taxes)),
        gross=rounding.money(gross),
        taxes=tuple(
            TaxShare(rate, rounding.money(units))
            for rate, units in zip(exact.taxes, taxes, strict=True)
        ),
        exact=ExactAmounts(
            discount=printed(item.full - item.left),
            net=printed(exact.net),
            tax=printed(exact.tax),
            gross=printed(exact.gross),
        ),
    )


def _tax_totals(charges: Sequence[Charge]) -> tuple[TaxTotal, ...]:
    totals: dict[TaxRate, tuple[Decimal, Decimal]] = {}
    for charge in charges:
        for share in charge.taxes:
            net, amount = totals.get(share.rate, (Decimal(0), Decimal(0)))
            totals[share.rate] = net + charge.net, amount + share.amount
    return tuple(TaxTotal(rate, *totals[rate]) for rate in sorted(totals, key=lambda rate: rate.id))


def _outdone(draft: Draft, promotions: Sequence[Promotion], prices: Prices) -> Iterator[Rejection]:
    """Codes whose promotions gave way to one beside which they do not count."""
    typed = {normalised(code): code.strip() for code in sorted(draft.codes, reverse=True)}
    for promotion in promotions:
        if promotion.code is not None and promotion.id not in prices.used:
            code = typed[normalised(promotion.code)]
            yield Rejection(code, Reason.NOT_COMBINABLE, promotion.id)


def _discount_totals(
    promotions: Sequence[Promotion], prices: Prices, discount: Decimal, rounding: Rounding
) -> tuple[DiscountTotal, ...]:
    """Together they are the discount that is shown, to the cent."""
    used = {each.id: each for each in promotions if each.id in prices.used}
    exact = dict.fromkeys(used, ZERO)
    for (id_, _), off in prices.given.items():
        exact[id_] += off
    scaled = {id_: rounding.scaled(off) for id_, off in exact.items()}
    units = shared_out(int(discount.scaleb(rounding.exponent)), scaled)
    return tuple(
        DiscountTotal(promotion, rounding.money(units[id_]), printed(exact[id_]))
        for id_, promotion in used.items()
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
