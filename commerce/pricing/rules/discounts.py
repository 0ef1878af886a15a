"""What promotions take off: exact amounts, stage by stage, never below zero."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from commerce.pricing.rules.amounts import ZERO, percent_of, spread
from commerce.pricing.rules.bonuses import bundled_worth, given_units
from commerce.pricing.rules.draft import Draft, Line
from commerce.pricing.rules.eligible import is_gift, is_target, subtotal
from commerce.pricing.rules.promotions import (
    Amount,
    Bundle,
    BuyXGetY,
    FixedPrice,
    FreeShipping,
    Percent,
    Promotion,
    Stage,
)
from commerce.pricing.rules.trace import SHIPPING, Trace, line

SHIPPING_KEY: Final = 0  # lines have positive ids
Offs = dict[int, Fraction]


@dataclass(slots=True)
class Prices:
    """What is still to be paid for each line and for shipping (key 0), as prices are shown.

    `given` is what each promotion took off each of them, `used` are those that others did not keep
    from taking anything.
    """

    left: dict[int, Fraction]
    given: dict[tuple[int, int], Fraction] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)


def discounted(draft: Draft, promotions: Sequence[Promotion], trace: Trace) -> Prices:
    """Lines first, then the order, then shipping: each stage on what the one before left."""
    prices = Prices({line.id: subtotal(line) for line in draft.lines})
    if draft.shipping is not None:
        prices.left[SHIPPING_KEY] = Fraction(draft.shipping.price)
    for key in sorted(prices.left, key=lambda key: (key == SHIPPING_KEY, key)):
        trace.note("price", subject_of(key), "price", ZERO, prices.left[key])
    for stage in Stage:
        for promotion in _of_stage(draft, promotions, stage, prices):
            prices.used.add(promotion.id)
            _take(promotion, _offs(draft, promotion, stage, prices), prices, trace)
    return prices


def subject_of(key: int) -> str:
    """What a trace calls a line, or shipping."""
    return SHIPPING if key == SHIPPING_KEY else line(key)


def _of_stage(
    draft: Draft, promotions: Sequence[Promotion], stage: Stage, prices: Prices
) -> Sequence[Promotion]:
    """Those that combine, together, or one that does not, alone: whatever gives more."""
    found = [promotion for promotion in promotions if _acts_in(promotion, stage)]
    together = [promotion for promotion in found if promotion.combinable]
    alone = [[promotion] for promotion in found if not promotion.combinable]
    options = [option for option in (together, *alone) if option]
    if len(options) < 2:
        return found
    return max(options, key=lambda option: (_worth(draft, option, stage, prices), -option[0].id))


def _acts_in(promotion: Promotion, stage: Stage) -> bool:
    return promotion.stage is stage or (stage is Stage.SHIPPING and promotion.free_shipping)


def _worth(draft: Draft, promotions: Sequence[Promotion], stage: Stage, prices: Prices) -> Fraction:
    tried = Prices(dict(prices.left))
    for promotion in promotions:
        _take(promotion, _offs(draft, promotion, stage, tried), tried, Trace())
    return sum(tried.given.values(), ZERO)


def _take(promotion: Promotion, offs: Offs, prices: Prices, trace: Trace) -> None:
    for key, off in offs.items():
        before = prices.left[key]
        prices.left[key] = before - off
        prices.given[promotion.id, key] = off
        trace.note("discount", subject_of(key), f"promotion:{promotion.id}", before, before - off)


def _offs(draft: Draft, promotion: Promotion, stage: Stage, prices: Prices) -> Offs:
    """What the promotion takes off of what is left, within its bounds."""
    if promotion.stage is not stage:
        return {SHIPPING_KEY: prices.left[SHIPPING_KEY]} if SHIPPING_KEY in prices.left else {}
    if promotion.stage is Stage.SHIPPING:
        offs = _off_shipping(promotion, prices)
    elif isinstance(promotion.value, BuyXGetY):
        offs = _off_gifts(promotion, promotion.value, draft, prices)
    elif isinstance(promotion.value, Bundle):
        offs = _off_bundles(promotion.value, _targets(draft, promotion), prices)
    else:
        offs = _off_lines(promotion, _targets(draft, promotion), prices)
    within = ((key, min(off, prices.left[key])) for key, off in offs.items())
    return _capped(promotion, {key: off for key, off in within if off > 0})


def _capped(promotion: Promotion, offs: Offs) -> Offs:
    whole = sum(offs.values(), ZERO)
    if promotion.most_off is None or whole <= promotion.most_off:
        return offs
    bound = Fraction(promotion.most_off)
    return dict(zip(offs, spread(bound, list(offs.values())), strict=True))


def _targets(draft: Draft, promotion: Promotion) -> list[Line]:
    return sorted(
        (line for line in draft.lines if is_target(promotion, line)), key=lambda line: line.id
    )


def _off_shipping(promotion: Promotion, prices: Prices) -> Offs:
    """Shipping pays for itself alone: no discount on it ever eats goods."""
    if SHIPPING_KEY not in prices.left:
        return {}
    left = prices.left[SHIPPING_KEY]
    match promotion.value:
        case FreeShipping():
            off = left
        case Percent(percent):
            off = percent_of(percent, left)
        case Amount(amount):
            off = min(Fraction(amount), left)
        case FixedPrice(price):
            off = left - Fraction(price)
        case _:
            off = ZERO
    return {SHIPPING_KEY: off}


def _off_lines(promotion: Promotion, targets: Sequence[Line], prices: Prices) -> Offs:
    units = dict(_units(promotion, targets))
    worth = {
        line.id: prices.left[line.id] * units[line.id] / line.quantity
        for line in targets
        if units.get(line.id)
    }
    match promotion.value:
        case Percent(percent):
            return {key: percent_of(percent, left) for key, left in worth.items()}
        case Amount(amount, each_unit=True):
            return {key: min(units[key] * Fraction(amount), left) for key, left in worth.items()}
        case Amount(amount):
            whole = min(Fraction(amount), sum(worth.values(), ZERO))
            return dict(zip(worth, spread(whole, list(worth.values())), strict=True))
        case FixedPrice(price):
            return {key: left - units[key] * Fraction(price) for key, left in worth.items()}
        case _:
            return {}


def _units(promotion: Promotion, targets: Iterable[Line]) -> Iterable[tuple[int, int]]:
    """How many units of each line count: all of them, or the first ones up to a bound."""
    left = promotion.most_units
    for target in targets:
        counted = target.quantity if left is None else min(target.quantity, left)
        left = None if left is None else left - counted
        yield target.id, counted


def _off_gifts(promotion: Promotion, value: BuyXGetY, draft: Draft, prices: Prices) -> Offs:
    """Of every `buy + get` units the cheapest `get` become cheaper."""
    gifts = _quantities(line for line in draft.lines if is_gift(promotion, line))
    each = _each(gifts, prices)
    given = given_units(value, _quantities(_targets(draft, promotion)), gifts, each)
    return {key: percent_of(value.percent, each[key] * units) for key, units in given.items()}


def _off_bundles(value: Bundle, targets: Sequence[Line], prices: Prices) -> Offs:
    units = _quantities(targets)
    worth, times = bundled_worth(value, units, _each(units, prices))
    off = sum(worth.values(), ZERO) - times * Fraction(value.price)
    return dict(zip(worth, spread(off, list(worth.values())), strict=True))


def _quantities(lines: Iterable[Line]) -> dict[int, int]:
    return {line.id: line.quantity for line in lines}


def _each(units: Mapping[int, int], prices: Prices) -> dict[int, Fraction]:
    return {key: prices.left[key] / quantity for key, quantity in units.items()}
