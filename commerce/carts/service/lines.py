"""What is in a cart: more of it, less of it, nothing."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from commerce.carts.repository.carts import CartRow
from commerce.carts.repository.lines import CartLineRepository, LineRow
from commerce.carts.rules.lines import (
    MAX_LINES,
    MAX_QUANTITY,
    ONE_PER_ORDER,
    TOO_MANY,
    NewLine,
    lines_flaw,
    merged,
    quantity_flaw,
)
from commerce.carts.rules.refs import CartRef
from commerce.carts.service.answers import CartAnswer
from commerce.carts.service.carts import CartService
from commerce.core.problems import Invalid, NotFound, Problem


class CartLineService:
    """The price of what is changed counts as seen; that of other lines does not."""

    def __init__(self, carts: CartService, lines: CartLineRepository) -> None:
        self._carts = carts
        self._lines = lines

    async def create(
        self,
        values: Mapping[str, Any],
        lines: Sequence[NewLine],
        customer_id: int | None = None,
    ) -> CartAnswer | Problem:
        """A new cart, or the customer's own one, with these lines in it."""
        flaw = lines_flaw(lines)
        if flaw is not None:
            return flaw
        cart = await self._carts.create(values, customer_id)
        return cart if isinstance(cart, Problem) else await self.put(cart, lines)

    async def add(
        self, ref: CartRef, lines: Sequence[NewLine], expected_version: int | None = None
    ) -> CartAnswer | Problem:
        """More units of what is there, new lines of what is not: all of them, or none."""
        flaw = lines_flaw(lines)
        if flaw is not None:
            return flaw
        cart = await self._carts.touched(ref, expected_version)
        return cart if isinstance(cart, Problem) else await self.put(cart, lines)

    async def put(self, cart: CartRow, lines: Sequence[NewLine]) -> CartAnswer | Problem:
        """The same for lines without flaws and a cart that is locked."""
        if not lines:
            return CartAnswer(cart)
        added = await self._lines.add(cart.id, merged(lines))
        bought = {row.variant_id for row in added}
        for place, line in enumerate(lines):
            if line.variant_id not in bought:
                path = ("lines", str(place), "variant_id")
                return NotFound("There is no such variant for sale.", path)
        if any(row.quantity > MAX_QUANTITY for row in added):
            return Invalid(TOO_MANY, ("lines",))
        if added[0].others + sum(row.is_new for row in added) > MAX_LINES:
            return Invalid(f"A cart has at most {MAX_LINES} lines.", ("lines",))
        if any(row.one_per_order for row in added) and await self._lines.crowded(cart.id):
            return Invalid(ONE_PER_ORDER, ("lines",))
        return await self._seen(cart, bought)

    async def update(
        self, ref: CartRef, quantities: Mapping[int, int], expected_version: int | None = None
    ) -> CartAnswer | Problem:
        """Set the units of lines; none removes the line, and one that is gone already stays so."""
        for place, quantity in enumerate(quantities.values()):
            flaw = quantity_flaw(quantity, 0, "lines", str(place), "quantity")
            if flaw is not None:
                return flaw
        cart = await self._carts.touched(ref, expected_version)
        if isinstance(cart, Problem):
            return cart
        kept = {id_: quantity for id_, quantity in quantities.items() if quantity}
        changed = await self._lines.set_quantities(cart.id, kept) if kept else {}
        for place, id_ in enumerate(quantities):
            if id_ in kept and id_ not in changed:
                return NotFound("There is no such line in the cart.", ("lines", str(place), "id"))
        gone = [id_ for id_ in quantities if id_ not in kept]
        removed = await self._lines.remove(cart.id, gone) if gone else set()
        return await self._settled(cart, changed, removed)

    async def remove(
        self, ref: CartRef, ids: Collection[int], expected_version: int | None = None
    ) -> CartAnswer | Problem:
        return await self.update(ref, dict.fromkeys(ids, 0), expected_version)

    async def set(
        self, ref: CartRef, line: NewLine, expected_version: int | None = None
    ) -> CartAnswer | Problem:
        """Have so many units of a variant with these extra fields, whatever there was."""
        flaw = quantity_flaw(line.quantity, 0, "quantity") or lines_flaw(
            [NewLine(line.variant_id, 1, line.extra_fields)]
        )
        if flaw is not None:
            return flaw
        cart = await self._carts.touched(ref, expected_version)
        if isinstance(cart, Problem):
            return cart
        stored = await self._lines.same(cart.id, line)
        if stored is not None and line.quantity:
            changed = await self._lines.set_quantities(cart.id, {stored: line.quantity})
            return await self._settled(cart, changed, ())
        if stored is not None:
            await self._lines.remove(cart.id, [stored])
        elif line.quantity:
            return await self.put(cart, [line])
        return await self._seen(cart, {line.variant_id})

    async def clear(
        self, ref: CartRef, expected_version: int | None = None
    ) -> CartAnswer | Problem:
        cart = await self._carts.touched(ref, expected_version)
        if isinstance(cart, Problem):
            return cart
        await self._lines.remove(cart.id)
        return CartAnswer(cart)

    async def _settled(
        self, cart: CartRow, changed: Mapping[int, LineRow], removed: Collection[int]
    ) -> CartAnswer | Problem:
        """What `set_quantities` answered is in the cart, and other variants no more."""
        limited = any(row.one_per_order for row in changed.values())
        if limited and await self._lines.crowded(cart.id):
            return Invalid(ONE_PER_ORDER, ("lines",))
        return await self._seen(cart, {*(row.variant_id for row in changed.values()), *removed})

    async def _seen(self, cart: CartRow, variant_ids: Collection[int]) -> CartAnswer:
        await self._lines.see_prices(cart.id, variant_ids, self._carts.terms(cart))
        return CartAnswer(cart)
