"""What an order is to be made of once it is edited, and what that comes to. Pure.

What was bought keeps its price and its taxes; what is added has those of today. A draft has those
of today throughout, but for prices that the shop's people have set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from commerce.carts.rules.content import CartContent, Priced, PricedLine, WantedLine
from commerce.core.money import amount_flaw
from commerce.core.places import Place
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.orders.kinds import OrderStatus
from commerce.orders.rules.charges import rate_of, rounding_of
from commerce.orders.rules.surcharges import charged_again, terms_of
from commerce.orders.rules.units import MAX_UNITS
from commerce.pricing.rules.draft import Draft, GiftCard, Goods, Line, Shipping
from commerce.pricing.rules.promotions import Amount, Percent, Promotion, Stage
from commerce.pricing.rules.totals import calculate, gross_of

MAX_LINES: Final = 250
BY_HAND: Final = -1  # the id of what is taken off by hand, among promotions


@dataclass(frozen=True, slots=True)
class LineEdit:
    """Another quantity for a line (0 removes it), or units of a variant to add.

    `unit_price` sets the price by hand; None leaves it to the price list, or as it was.
    """

    quantity: int
    line_id: int | None = None
    variant_id: int | None = None
    unit_price: Decimal | None = None
    extra_fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line as it is to be; `row` is the stored one, None for a new one."""

    id: int
    variant_id: int | None
    quantity: int
    unit_price: Decimal | None
    custom: bool
    row: Any
    extra_fields: Mapping[str, Any]


def wanted_lines(
    lines: Sequence[Any], edits: Sequence[LineEdit], currency: str
) -> list[Wanted] | Problem:
    """All lines as they are to be, those that are added at the end."""
    flaw = _flaw(lines, edits, currency)
    if flaw is not None:
        return flaw
    by_line = {edit.line_id: edit for edit in edits if edit.line_id is not None}
    kept = [_kept(row, by_line.get(row.id)) for row in lines]
    first = max((row.id for row in lines), default=0) + 1
    added = [
        Wanted(
            id=first + place,
            variant_id=edit.variant_id,
            quantity=edit.quantity,
            unit_price=edit.unit_price,
            custom=edit.unit_price is not None,
            row=None,
            extra_fields=edit.extra_fields,
        )
        for place, edit in enumerate(edit for edit in edits if edit.line_id is None)
    ]
    found = [wanted for wanted in (*kept, *added) if wanted.quantity]
    if not 1 <= len(found) <= MAX_LINES:
        return Invalid(f"An order has 1 to {MAX_LINES} lines.", ("lines",))
    return found


def _kept(row: Any, edit: LineEdit | None) -> Wanted:
    given = None if edit is None else edit.unit_price
    return Wanted(
        id=row.id,
        variant_id=row.variant_id,
        quantity=row.quantity if edit is None else edit.quantity,
        unit_price=row.unit_price if given is None else given,
        custom=row.custom_price or given is not None,
        row=row,
        extra_fields=row.extra_fields,
    )


def _flaw(lines: Sequence[Any], edits: Sequence[LineEdit], currency: str) -> Problem | None:
    known, seen = {row.id: row for row in lines}, set()
    for place, edit in enumerate(edits):
        path = ("lines", str(place))
        if (edit.line_id is None) is (edit.variant_id is None):
            return Invalid("Name either a line or a variant.", path)
        if edit.line_id is not None and edit.line_id not in known:
            return NotFound("The order has no such line.", (*path, "order_line_id"))
        if edit.line_id in seen and edit.line_id is not None:
            return Invalid("This line is named twice.", (*path, "order_line_id"))
        seen.add(edit.line_id)
        row = known.get(edit.line_id or 0)
        least = 1 if row is None else max(row.fulfilled, row.refunded)
        if not least <= edit.quantity <= MAX_UNITS:
            return Invalid(f"A quantity is {least} or more here.", (*path, "quantity"))
        price = None if edit.unit_price is None else amount_flaw(edit.unit_price, currency)
        if price is not None:
            return Invalid(f"The price {price}.", (*path, "unit_price"))
    return None


def content_of(order: Any, wanted: Sequence[Wanted]) -> CartContent:
    """What today's prices are asked for."""
    address, method = order.shipping_address or {}, order.shipping_method or {}
    return CartContent(
        currency=order.currency,
        lines=tuple(
            WantedLine(each.id, each.variant_id, each.quantity, None, each.extra_fields)
            for each in wanted
            if each.variant_id is not None
        ),
        codes=tuple(order.coupon_codes),
        email=order.email,
        customer_id=order.customer_id,
        customer_group_id=order.customer_group_id,
        tax_exempt=order.tax_exempt,
        place=Place(
            address.get("country"), address.get("region") or None, address.get("postal_code")
        ),
        shipping_method_id=method.get("method_id"),
        surcharges=tuple(terms_of(held) for held in order.surcharges),
    )


def repriced(order: Any, wanted: Sequence[Wanted], today: Priced) -> Priced | Problem:
    """What the order comes to as it is to be."""
    frozen = order.status is not OrderStatus.DRAFT
    priced = {line.id: line for line in today.lines}
    drafted = {line.id: line for line in today.draft.lines}
    for place, each in enumerate(wanted):
        if each.id not in priced and each.row is None:
            return NotFound("This cannot be bought.", ("lines", str(place), "variant_id"))
    shown = tuple(_shown(each, priced.get(each.id), frozen=frozen) for each in wanted)
    lines = tuple(
        _line(each, drafted.get(each.id), line, frozen=frozen)
        for each, line in zip(wanted, shown, strict=True)
    )
    draft = replace(
        today.draft,
        lines=lines,
        shipping=_shipping(order) if frozen else today.draft.shipping,
        surcharges=charged_again(order.surcharges, today.draft.surcharges)
        if frozen
        else today.draft.surcharges,
        promotions=_promotions(order, today.draft),
        codes=tuple(order.coupon_codes),
        gift_cards=(GiftCard(0, order.gift_cards),) if order.gift_cards else (),
        rounding=rounding_of(order.rounding) if frozen else today.draft.rounding,
    )
    result = calculate(draft)
    if frozen and gross_of(result.surcharges) < order.surcharge_refunded:
        message = f"{order.surcharge_refunded} of the surcharges went back already."
        return Invalid(message, ("surcharges",))
    return replace(today, draft=draft, result=result, lines=shown)


def _shown(wanted: Wanted, priced: PricedLine | None, *, frozen: bool) -> PricedLine:
    row = wanted.row
    if row is None or (priced is not None and not frozen):
        return _with_price(wanted, priced)
    return PricedLine(
        id=wanted.id,
        variant_id=row.variant_id,
        product_id=row.product_id,
        quantity=wanted.quantity,
        unit_price=wanted.unit_price,  # type: ignore[arg-type]  # stored lines have one
        compare_at=None,
        seen_price=None,
        includes_tax=row.includes_tax,
        tax_class_id=row.tax_class_id,
        title=row.title,
        variant_title=row.variant_title,
        sku=row.sku,
        options=tuple((option["name"], option["value"]) for option in row.options),
        image_url=row.image_url,
        slug=row.slug,
        weight_grams=row.weight_grams,
        requires_shipping=row.requires_shipping,
        taxable=row.taxable,
        available=None,
        backorder=False,
        extra_fields=row.extra_fields,
    )


def _with_price(wanted: Wanted, priced: Any) -> PricedLine:
    by_hand = wanted.custom and wanted.unit_price is not None
    return replace(priced, unit_price=wanted.unit_price) if by_hand else priced  # type: ignore[no-any-return]  # a PricedLine


def _line(wanted: Wanted, drafted: Line | None, shown: PricedLine, *, frozen: bool) -> Line:
    row = wanted.row
    if row is None or (drafted is not None and not frozen):
        return replace(drafted, unit_price=shown.unit_price)  # type: ignore[type-var,return-value]  # a Line
    goods = Goods(row.product_id or 0, row.variant_id or 0) if drafted is None else drafted.goods
    return Line(
        id=wanted.id,
        quantity=wanted.quantity,
        unit_price=shown.unit_price,
        taxes=tuple(rate_of(share) for share in row.taxes),
        includes_tax=row.includes_tax,
        goods=goods,
    )


def _shipping(order: Any) -> Shipping | None:
    held = order.shipping_method
    if held is None:
        return None
    rates = held["taxes"]
    return Shipping(
        method_id=held["method_id"],
        name=held["name"],
        price=Decimal(held["price"]),
        taxes=None if rates is None else tuple(rate_of(rate) for rate in rates),
        includes_tax=held["includes_tax"],
    )


def _promotions(order: Any, draft: Draft) -> tuple[Promotion, ...]:
    """Those of today; a coupon that this very order has used is not used up for it.

    A draft has used none yet.
    """
    own = set() if order.status is OrderStatus.DRAFT else set(order.coupon_codes)
    known = (
        replace(each, used_up=False) if each.code in own else each for each in draft.promotions
    )
    by_hand = manual_promotion(order.manual_discount)
    return (*known, by_hand) if by_hand is not None else tuple(known)


def manual_promotion(held: Mapping[str, Any] | None) -> Promotion | None:
    """What the shop's people take off: a percentage, or an amount of the whole order."""
    if held is None:
        return None
    number = Decimal(held["value"])
    value = Percent(number) if held["kind"] == "percent" else Amount(number)
    return Promotion(BY_HAND, held["title"], value, Stage.ORDER)
