"""What a draft charges, exactly, before anything is rounded: lines, shipping and surcharges."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from commerce.pricing.kinds import SurchargeBase, SurchargeKind
from commerce.pricing.rules.amounts import ZERO, percent_of
from commerce.pricing.rules.discounts import SHIPPING_KEY, Prices, subject_of
from commerce.pricing.rules.draft import Draft, Line, Shipping, Surcharge, TaxRate
from commerce.pricing.rules.eligible import subtotal
from commerce.pricing.rules.taxes import Taxed, taxed, taxed_like
from commerce.pricing.rules.trace import Trace, surcharge


@dataclass(frozen=True, slots=True)
class Item:
    """What a trace calls `subject`, exactly, as prices are shown: `full` before discounts, `left`
    after. `price` is what was taxed.
    """

    subject: str
    price: Fraction
    full: Fraction
    left: Fraction
    taxed: Taxed
    included: bool


@dataclass(frozen=True, slots=True)
class _Price:
    full: Fraction
    left: Fraction
    included: bool


Tax = Callable[[Fraction], Taxed]


def items_of(draft: Draft, prices: Prices, trace: Trace) -> dict[int, Item]:
    """By line; shipping by its own key, surcharges by `surcharge_keys`."""
    exempt = draft.buyer.tax_exempt
    items = {}
    for one in _sorted(draft):
        tax = partial(taxed, rates=one.taxes, included=one.includes_tax, exempt=exempt)
        price = _Price(subtotal(one), prices.left[one.id], one.includes_tax)
        items[one.id] = _item(subject_of(one.id), price, tax, exempt=exempt)
    if draft.shipping is not None:
        full, left = Fraction(draft.shipping.price), prices.left[SHIPPING_KEY]
        price = _Price(full, left, draft.shipping.includes_tax)
        how = _shipping_tax(draft.shipping, draft, prices)
        items[SHIPPING_KEY] = _item(subject_of(SHIPPING_KEY), price, how, exempt=exempt)
    return {**items, **dict(_surcharges(draft, prices, trace))}


def surcharge_keys(draft: Draft) -> dict[str, int]:
    """By code, whatever the order they are given in; below those of lines and shipping."""
    codes = sorted(one.code for one in draft.surcharges)
    return {code: SHIPPING_KEY - 1 - place for place, code in enumerate(codes)}


def trace_taxes(items: dict[int, Item], draft: Draft, trace: Trace) -> None:
    """From the prices that are shown to the net, where that is something else, and to the gross."""
    why = "exempt" if draft.buyer.tax_exempt else "included"
    for item in items.values():
        before = item.taxed.net
        trace.note("net", item.subject, why, item.price, before)
        for rate, tax in item.taxed.taxes.items():
            trace.note("tax", item.subject, f"tax:{rate.id}", before, before + tax)
            before += tax


def _surcharges(draft: Draft, prices: Prices, trace: Trace) -> Iterator[tuple[int, Item]]:
    """Nothing is ever taken off of them."""
    exempt, keys = draft.buyer.tax_exempt, surcharge_keys(draft)
    for one in sorted(draft.surcharges, key=lambda one: one.code):
        amount, subject = _amount(one, prices), surcharge(one.code)
        trace.note("surcharge", subject, one.source.value, ZERO, amount)
        tax = partial(taxed, rates=one.taxes, included=one.includes_tax, exempt=exempt)
        price = _Price(amount, amount, one.includes_tax)
        yield keys[one.code], _item(subject, price, tax, exempt=exempt)


def _amount(one: Surcharge, prices: Prices) -> Fraction:
    """Percentages are of what is left of prices, as they are shown."""
    if one.kind is SurchargeKind.FIXED:
        return Fraction(one.value)
    sent = one.base is SurchargeBase.SUBTOTAL_AND_SHIPPING
    left = (left for key, left in prices.left.items() if sent or key != SHIPPING_KEY)
    return percent_of(one.value, sum(left, ZERO))


def _item(subject: str, price: _Price, tax: Tax, *, exempt: bool) -> Item:
    """Who is exempt is shown prices without the taxes that others find in them."""
    found = tax(price.left)
    if price.included and exempt:
        return Item(subject, price.left, tax(price.full).net, found.net, found, included=False)
    return Item(subject, price.left, price.full, price.left, found, price.included)


def _shipping_tax(shipping: Shipping, draft: Draft, prices: Prices) -> Tax:
    included, exempt = shipping.includes_tax, draft.buyer.tax_exempt
    if shipping.taxes is None:
        goods = _goods(draft, prices)
        return partial(taxed_like, goods=goods, included=included, exempt=exempt)
    return partial(taxed, rates=shipping.taxes, included=included, exempt=exempt)


def _goods(draft: Draft, prices: Prices) -> dict[tuple[TaxRate, ...], Fraction]:
    """What shipping that is taxed like the goods goes by: what is paid for those of each rate, what
    they cost where all are free of charge, and how many they are where they cost nothing.
    """
    for weight in (lambda one: prices.left[one.id], subtotal, lambda one: Fraction(one.quantity)):
        goods: dict[tuple[TaxRate, ...], Fraction] = {}
        for one in _sorted(draft):
            rates = tuple(rate for rate in one.taxes if rate.on_shipping)
            goods[rates] = goods.get(rates, ZERO) + weight(one)
        if any(goods.values()):
            return goods
    return {}


def _sorted(draft: Draft) -> list[Line]:
    return sorted(draft.lines, key=lambda one: one.id)
