"""Which promotions apply to a draft, and why the others do not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from commerce.pricing.rules.draft import Buyer, Draft, Goods, Line
from commerce.pricing.rules.promotions import (
    BuyerKind,
    BuyXGetY,
    Conditions,
    Promotion,
    Schedule,
    Selection,
    Stage,
)


class Reason(Enum):
    """Why a code, or a promotion that was counted on, does nothing."""

    UNKNOWN_CODE = "unknown_code"
    USED_UP = "used_up"
    NOT_NOW = "not_now"
    CURRENCY = "currency"
    SUBTOTAL = "subtotal"
    QUANTITY = "quantity"
    CUSTOMER = "customer"
    COUNTRY = "country"
    SHIPPING_METHOD = "shipping_method"
    NO_GOODS = "no_goods"
    NOT_COMBINABLE = "not_combinable"


@dataclass(frozen=True, slots=True)
class Rejection:
    """`code` is as it was typed in, `promotion_id` None for a code that nobody knows."""

    code: str
    reason: Reason
    promotion_id: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    promotions: tuple[Promotion, ...]
    rejections: tuple[Rejection, ...]


def normalised(code: str) -> str:
    """Codes are the same whatever their case and the spaces around them."""
    return code.strip().casefold()


def choose(draft: Draft) -> Choice:
    """The promotions that apply, in the order of their effect; typing order changes nothing."""
    typed = {normalised(code): code.strip() for code in sorted(draft.codes, reverse=True)}
    asked = [one for one in draft.promotions if one.code is None or normalised(one.code) in typed]
    known = {normalised(one.code) for one in asked if one.code is not None}
    rejections = [
        Rejection(text, Reason.UNKNOWN_CODE) for code, text in typed.items() if code not in known
    ]
    applying: list[Promotion] = []
    for promotion in sorted(asked, key=_order):
        reason = _reason(promotion, draft)
        if reason is None:
            applying.append(promotion)
        else:
            rejections.extend(_rejected(promotion, reason))
    kept = _without_rivals(applying)
    rejections += [
        rejection
        for promotion in applying
        if promotion not in kept
        for rejection in _rejected(promotion, Reason.NOT_COMBINABLE)
    ]
    return Choice(tuple(kept), tuple(sorted(rejections, key=lambda one: normalised(one.code))))


def selects(selection: Selection, goods: Goods) -> bool:
    return _included(selection, goods) and not _excluded(selection, goods)


def _order(promotion: Promotion) -> tuple[int, int, int, str]:
    return promotion.stage.value, promotion.priority, promotion.id, promotion.code or ""


def _rejected(promotion: Promotion, reason: Reason) -> Iterable[Rejection]:
    """Nobody is told of a promotion they did not ask for."""
    if promotion.code is not None:
        yield Rejection(promotion.code, reason, promotion.id)


def _without_rivals(applying: Sequence[Promotion]) -> Sequence[Promotion]:
    """An exclusive promotion stays alone: the first by priority, a typed code before others.

    Of two codes for one promotion the first counts.
    """
    first = {promotion.id: promotion for promotion in reversed(applying)}
    applying = [promotion for promotion in applying if first[promotion.id] is promotion]
    exclusive = [promotion for promotion in applying if promotion.exclusive]
    if not exclusive:
        return applying
    return [min(exclusive, key=lambda one: (one.code is None, one.priority, one.id))]


def _reason(promotion: Promotion, draft: Draft) -> Reason | None:
    if promotion.used_up:
        return Reason.USED_UP
    conditions = promotion.conditions
    checks = (
        (_scheduled(conditions.schedule, draft), Reason.NOT_NOW),
        (conditions.currency in (None, draft.currency), Reason.CURRENCY),
        (_is_for(conditions, draft.buyer), Reason.CUSTOMER),
        (not conditions.countries or draft.country in conditions.countries, Reason.COUNTRY),
        (_ships(conditions, draft), Reason.SHIPPING_METHOD),
        (_subtotal_fits(conditions, draft), Reason.SUBTOTAL),
        (_quantity_fits(conditions, draft), Reason.QUANTITY),
        (_has_target(promotion, draft), Reason.NO_GOODS),
    )
    return next((reason for holds, reason in checks if not holds), None)


def _scheduled(schedule: Schedule, draft: Draft) -> bool:
    at = draft.at
    if schedule.starts_at is not None and at < schedule.starts_at:
        return False
    if schedule.ends_at is not None and at >= schedule.ends_at:
        return False
    if schedule.weekdays and at.weekday() not in schedule.weekdays:
        return False
    return _in_hours(schedule, draft)


def _in_hours(schedule: Schedule, draft: Draft) -> bool:
    start, end, now = schedule.from_hour, schedule.to_hour, draft.at.time()
    if start is None or end is None:
        return (start is None or now >= start) and (end is None or now < end)
    return start <= now < end if start <= end else now >= start or now < end


def _is_for(conditions: Conditions, buyer: Buyer) -> bool:
    if conditions.groups and buyer.group_id not in conditions.groups:
        return False
    match conditions.buyers:
        case BuyerKind.ANYBODY:
            return True
        case BuyerKind.NEW:
            return buyer.orders == 0
        case BuyerKind.RETURNING:
            return bool(buyer.orders)


def _ships(conditions: Conditions, draft: Draft) -> bool:
    if not conditions.shipping_methods:
        return True
    return draft.shipping is not None and draft.shipping.method_id in conditions.shipping_methods


def _counted(conditions: Conditions, draft: Draft) -> list[Line]:
    return [line for line in draft.lines if selects(conditions.counted, line.goods)]


def _subtotal_fits(conditions: Conditions, draft: Draft) -> bool:
    if conditions.least_subtotal is None and conditions.most_subtotal is None:
        return True
    found = sum((subtotal(line) for line in _counted(conditions, draft)), Fraction(0))
    return _between(found, conditions.least_subtotal, conditions.most_subtotal)


def _quantity_fits(conditions: Conditions, draft: Draft) -> bool:
    found = sum(line.quantity for line in _counted(conditions, draft))
    return _between(found, conditions.least_quantity, conditions.most_quantity)


def _between(
    found: Fraction | int, least: Decimal | int | None, most: Decimal | int | None
) -> bool:
    return (least is None or found >= least) and (most is None or found <= most)


def _has_target(promotion: Promotion, draft: Draft) -> bool:
    if promotion.stage is Stage.SHIPPING:
        return draft.shipping is not None
    units = sum(line.quantity for line in draft.lines if is_target(promotion, line))
    return units >= (promotion.least_units or 1)


def is_target(promotion: Promotion, line: Line) -> bool:
    """What is only bought, so that something else is given, need not be discountable."""
    chosen = line.quantity > 0 and selects(promotion.target, line.goods)
    return chosen and (line.discountable or gifts_of(promotion) is not None)


def is_gift(promotion: Promotion, line: Line) -> bool:
    gifts = gifts_of(promotion)
    if gifts is None:
        return is_target(promotion, line)
    return line.quantity > 0 and line.discountable and selects(gifts, line.goods)


def gifts_of(promotion: Promotion) -> Selection | None:
    """What else is given than what is bought."""
    return promotion.value.given if isinstance(promotion.value, BuyXGetY) else None


def subtotal(line: Line) -> Fraction:
    """As shown: with taxes where prices contain them."""
    return Fraction(line.unit_price) * line.quantity


def _included(selection: Selection, goods: Goods) -> bool:
    """In each kind of thing that is named, one that fits; nothing named is everything."""
    wanted = (
        (selection.products, frozenset({goods.product_id})),
        (selection.variants, frozenset({goods.variant_id})),
        (selection.categories, goods.category_ids),
        (selection.collections, goods.collection_ids),
        (selection.brands, frozenset({goods.brand_id})),
        (selection.tags, goods.tags),
        (selection.attributes, goods.attributes),
    )
    named = [(names, found) for names, found in wanted if names]
    return not named or any(names & found for names, found in named)


def _excluded(selection: Selection, goods: Goods) -> bool:
    return (
        goods.product_id in selection.excluded_products
        or goods.variant_id in selection.excluded_variants
        or goods.brand_id in selection.excluded_brands
        or not selection.excluded_categories.isdisjoint(goods.category_ids)
        or (selection.exclude_sale and goods.on_sale)
    )
