"""What goes from one cart into another one. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commerce.carts.kinds import CartWarningCode
from commerce.carts.rules.content import CartWarning
from commerce.carts.rules.lines import MAX_LINES, MAX_QUANTITY, NewLine
from commerce.catalog.kinds import BackorderPolicy


@dataclass(slots=True)
class _Room:
    """How many more units of a variant the cart can take."""

    stock: int | None
    units: int


def transfer(
    own: Sequence[Any], others: Sequence[Any], goods: Mapping[int, Any]
) -> tuple[list[NewLine], list[CartWarning]]:
    """What is added to `own` lines from `others`, and why it is less than all of them.

    No variant exceeds its stock by what is added, and no line and no cart its limit.
    """
    added: list[NewLine] = []
    warnings: list[CartWarning] = []
    stored = {(line.variant_id, line.digest): line.quantity for line in own}
    rooms = {id_: _room(row, own) for id_, row in goods.items()}
    for line in others:
        room = rooms.get(line.variant_id)
        same = stored.get((line.variant_id, line.digest))
        units = 0
        if room is not None and (same is not None or len(stored) < MAX_LINES):
            units = _granted(line.quantity, same or 0, room)
        if units < line.quantity:
            warnings.append(_cut(line, units, room))
        if units:
            stored[line.variant_id, line.digest] = (same or 0) + units
            added.append(NewLine(line.variant_id, units, line.extra_fields))
    return added, warnings


def _room(row: Any, own: Sequence[Any]) -> _Room | None:
    """None for what is not for sale any more."""
    if not row.can_be_bought:
        return None
    units = sum(line.quantity for line in own if line.variant_id == row.id)
    unlimited = not row.track_stock or row.backorder is BackorderPolicy.ALLOW
    stock = None if unlimited else row.available
    if row.one_per_order:
        stock = 1 if stock is None else min(stock, 1)
    return _Room(stock, units)


def _granted(wanted: int, stored: int, room: _Room) -> int:
    units = min(wanted, MAX_QUANTITY - stored)
    if room.stock is not None:
        units = min(units, room.stock - room.units)
    units = max(units, 0)
    room.units += units
    return units


def _cut(line: Any, units: int, room: _Room | None) -> CartWarning:
    path = ("variants", str(line.variant_id))
    if room is None:
        return CartWarning(CartWarningCode.UNAVAILABLE, "This is not for sale any more.", path)
    message = f"Of {line.quantity} units {units} were taken over."
    return CartWarning(CartWarningCode.QUANTITY_CAPPED, message, path, room.stock)


def taken_over(own: Any, other: Any) -> dict[str, Any]:
    """What the cart did not know itself.

    Who has signed in is written to at the account's own address, whatever a guest had typed: that
    address is known to be theirs, and coupons are counted by it.
    """
    names = ("email", "phone", "locale", "shipping_address", "billing_address", "note")
    known = {name: getattr(other, name) for name in names if not getattr(own, name)}
    if known.get("email") and own.customer_email:
        known["email"] = own.customer_email
    objects = {
        name: {**getattr(other, name), **getattr(own, name)}
        for name in ("extra_fields", "attribution")
    }
    cards = list(dict.fromkeys([*own.gift_card_ids, *other.gift_card_ids]))
    return {**known, **objects, "gift_card_ids": cards}
