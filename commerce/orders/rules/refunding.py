"""What goes back of an order: units of lines, shipping, surcharges, or an agreed amount. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from commerce.core.money import amount_flaw
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.orders.rules.charges import Json, charge_of, rounding_of, tax_json
from commerce.orders.rules.surcharges import charge_of_all
from commerce.orders.rules.units import LineUnits, wanted_units
from commerce.pricing.rules.amounts import Rounding
from commerce.pricing.rules.refunds import Refunded, over_charges, refunded, refunded_part

NOTHING: Final = Decimal(0)
# Their keys among lines, whose ids are positive.
SHIPPING: Final = 0
SURCHARGES: Final = -1
BESIDE: Final = {SHIPPING: "shipping", SURCHARGES: "surcharge"}


@dataclass(frozen=True, slots=True)
class RefundPart:
    """What goes back for a line; without `quantity` its price was lowered."""

    line_id: int
    quantity: int
    refunded: Refunded


@dataclass(frozen=True, slots=True)
class RefundPlan:
    """`shipping` and `surcharge` None: nothing of them goes back."""

    currency: str
    parts: tuple[RefundPart, ...]
    shipping: Refunded | None
    surcharge: Refunded | None = None

    @property
    def every(self) -> tuple[Refunded, ...]:
        lines = (part.refunded for part in self.parts)
        beside = (each for each in (self.shipping, self.surcharge) if each is not None)
        return (*lines, *beside)

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
        """Of the gross of each line, of shipping and of all surcharges."""
        left = {line.id: line.gross - self.already.get(line.id, NOTHING) for line in self.lines}
        order = self.order
        shipping = order.shipping - order.shipping_refunded
        return {**left, SHIPPING: shipping, SURCHARGES: order.surcharge - order.surcharge_refunded}


def refund_plan(
    of: Refundable,
    wanted: Sequence[LineUnits],
    shipping: Decimal | None = None,
    amount: Decimal | None = None,
    surcharge: Decimal | None = None,
) -> RefundPlan | Problem:
    """Units, some of shipping, some of all surcharges; or an `amount` spread over all that is left.

    With any of the others, `amount` may be less than they come to: a fee is kept.
    """
    for name, money in (("shipping", shipping), ("surcharge", surcharge), ("amount", amount)):
        flaw = None if money is None else amount_flaw(money, of.order.currency)
        if flaw is not None:
            return Invalid(f"The {name} {flaw}.", (name,))
    units: dict[int, int] = {}
    if wanted:
        found = wanted_units(wanted, of.lines, lambda line: line.quantity - line.refunded)
        if isinstance(found, Invalid | NotFound):
            return found
        units = found
    beside = {SHIPPING: shipping or NOTHING, SURCHARGES: surcharge or NOTHING}
    if not units and not any(beside.values()) and amount is None:
        message = "Say what goes back: units, shipping, surcharges or an amount."
        return Invalid(message, ("amount",))
    return _planned(of, units, beside, amount)


def _planned(
    of: Refundable,
    units: Mapping[int, int],
    beside: Mapping[int, Decimal],
    amount: Decimal | None,
) -> RefundPlan | Problem:
    left = of.left()
    for key, name in BESIDE.items():
        if beside[key] > left[key]:
            return Invalid(f"Only {_shown(of, left[key])} of {name} is left.", (name,))
    named = _of_units(of, units, left) | {key: money for key, money in beside.items() if money}
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
    shipping = surcharge = None
    if worth.get(SHIPPING, NOTHING) > 0:
        charge = charge_of(of.order.shipping_charge)
        already = of.order.shipping_refunded
        shipping = refunded_part(charge, worth[SHIPPING], already, of.rounding)
    if worth.get(SURCHARGES, NOTHING) > 0:
        charge = charge_of_all(of.order.surcharges)
        already = of.order.surcharge_refunded
        surcharge = refunded_part(charge, worth[SURCHARGES], already, of.rounding)
    return RefundPlan(of.order.currency, tuple(parts), shipping, surcharge)
