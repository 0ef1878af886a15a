"""What goes back of an order: units of lines, shipping, or an amount that was agreed on. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from commerce.core.money import amount_flaw
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.orders.rules.charges import Json, charge_of, rounding_of, tax_json
from commerce.orders.rules.units import LineUnits, wanted_units
from commerce.pricing.rules.amounts import Rounding
from commerce.pricing.rules.refunds import Refunded, over_charges, refunded, refunded_part

NOTHING: Final = Decimal(0)
SHIPPING: Final = 0  # its key among lines, whose ids are positive


@dataclass(frozen=True, slots=True)
class RefundPart:
    """What goes back for a line; without `quantity` its price was lowered."""

    line_id: int
    quantity: int
    refunded: Refunded


@dataclass(frozen=True, slots=True)
class RefundPlan:
    """`shipping` None: nothing of it goes back."""

    currency: str
    parts: tuple[RefundPart, ...]
    shipping: Refunded | None

    @property
    def every(self) -> tuple[Refunded, ...]:
        lines = tuple(part.refunded for part in self.parts)
        return lines if self.shipping is None else (*lines, self.shipping)

    @property
    def amount(self) -> Decimal:
        return sum((each.gross for each in self.every), NOTHING)

    @property
    def tax(self) -> Decimal:
        return sum((each.tax for each in self.every), NOTHING)

    @property
    def taxes(self) -> list[Json]:
        return [tax_json(share) for each in self.every for share in each.taxes if share.amount]


@dataclass(frozen=True, slots=True)
class Refundable:
    """An order with its lines, and what went back of each of them already, by line."""

    order: Any
    lines: Sequence[Any]
    already: Mapping[int, Decimal]

    @property
    def rounding(self) -> Rounding:
        return rounding_of(self.order.rounding)

    def left(self) -> dict[int, Decimal]:
        """Of the gross of each line and of shipping."""
        left = {line.id: line.gross - self.already.get(line.id, NOTHING) for line in self.lines}
        return {**left, SHIPPING: self.order.shipping - self.order.shipping_refunded}


def refund_plan(
    of: Refundable,
    wanted: Sequence[LineUnits],
    shipping: Decimal | None = None,
    amount: Decimal | None = None,
) -> RefundPlan | Problem:
    """Units, some of shipping, or both; or an `amount` spread over all that is left.

    With units or shipping, `amount` may be less than they come to: a fee is kept.
    """
    for name, money in (("shipping", shipping), ("amount", amount)):
        flaw = None if money is None else amount_flaw(money, of.order.currency)
        if flaw is not None:
            return Invalid(f"The {name} {flaw}.", (name,))
    units: dict[int, int] = {}
    if wanted:
        found = wanted_units(wanted, of.lines, lambda line: line.quantity - line.refunded)
        if isinstance(found, Invalid | NotFound):
            return found
        units = found
    if not units and not shipping and amount is None:
        return Invalid("Say what goes back: units, shipping or an amount.", ("amount",))
    return _planned(of, units, shipping or NOTHING, amount)


def _planned(
    of: Refundable, units: Mapping[int, int], shipping: Decimal, amount: Decimal | None
) -> RefundPlan | Problem:
    left = of.left()
    if shipping > left[SHIPPING]:
        return Invalid(f"Only {_shown(of, left[SHIPPING])} of shipping is left.", ("shipping",))
    named = _of_units(of, units, left) | ({SHIPPING: shipping} if shipping else {})
    worth = named or left
    if amount is not None:
        most = sum(worth.values(), NOTHING)
        if amount > most:
            return Invalid(f"At most {_shown(of, most)} can go back for this.", ("amount",))
        worth = over_charges(amount, worth, of.rounding)
    plan = _parted(of, units, worth)
    if plan.amount > 0 or units:
        return plan
    return Invalid("Nothing is left to go back.", ("amount",))


def _shown(of: Refundable, amount: Decimal) -> Decimal:
    return of.rounding.money(of.rounding.units(Fraction(amount)))


def _of_units(
    of: Refundable, units: Mapping[int, int], left: Mapping[int, Decimal]
) -> dict[int, Decimal]:
    """What units come to; no more than what was lowered has left of them."""
    lines = {line.id: line for line in of.lines}
    worth = {}
    for id_, quantity in units.items():
        line = lines[id_]
        charge = charge_of(line._mapping)
        whole = refunded(charge, quantity, line.refunded, line.quantity, of.rounding)
        worth[id_] = min(whole.gross, left[id_])
    return worth


def _parted(of: Refundable, units: Mapping[int, int], worth: Mapping[int, Decimal]) -> RefundPlan:
    parts = []
    for line in of.lines:
        gross = worth.get(line.id, NOTHING)
        if gross > 0 or line.id in units:
            already = of.already.get(line.id, NOTHING)
            back = refunded_part(charge_of(line._mapping), gross, already, of.rounding)
            parts.append(RefundPart(line.id, units.get(line.id, 0), back))
    shipping = None
    if worth.get(SHIPPING, NOTHING) > 0:
        charge = charge_of(of.order.shipping_charge)
        already = of.order.shipping_refunded
        shipping = refunded_part(charge, worth[SHIPPING], already, of.rounding)
    return RefundPlan(of.order.currency, tuple(parts), shipping)
