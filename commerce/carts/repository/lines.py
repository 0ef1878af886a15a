"""The lines of carts."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Integer,
    Label,
    LargeBinary,
    Row,
    Select,
    Text,
    Update,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.types import TypeEngine
from sqlmodel import col

from commerce.carts.models import CartLine
from commerce.carts.rules.lines import NewLine
from commerce.catalog.kinds import ProductStatus
from commerce.catalog.models import Product, Variant
from commerce.core.arrays import among_ids, given_rows, given_table, table_of
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.pricing.models import Price
from commerce.pricing.resolution import price_of
from commerce.pricing.rules.prices import PriceTerms

LineRow = Row[Any]

COLUMNS: Final = tuple(column for column in columns_of(CartLine) if column.name != "position")
# Where a line stands among the others; its cursor is made of these.
PLACE: Final[tuple[Any, ...]] = (col(CartLine.position), col(CartLine.id).label("place_id"))
GIVEN: Final[Mapping[str, TypeEngine[Any]]] = {
    "variant_id": BigInteger(),
    "quantity": Integer(),
    "extra_fields": JSONB(),
    "digest": LargeBinary(),
    "position": Integer(),
}
QUANTITIES: Final[Mapping[str, TypeEngine[Any]]] = {"id": BigInteger(), "quantity": Integer()}


class CartLineRepository:
    """For carts that the viewer was shown, or has locked."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def cart_of(self, line_id: int) -> int | None:
        """Whoever asks: who sees the cart is asked of carts."""
        found: int | None = await self._uow.scalar(
            select(col(CartLine.cart_id)).where(col(CartLine.id) == line_id)
        )
        return found

    async def by_carts(self, ids: Keys[int]) -> dict[int, Sequence[LineRow]]:
        """All lines of each cart, in their order."""
        found: defaultdict[int, list[LineRow]] = defaultdict(list)
        for row in await self._uow.rows(_of_carts(), {"ids": list(ids)}):
            found[row.cart_id].append(row)
        return dict(found)

    async def add(self, cart_id: int, lines: Sequence[NewLine]) -> Sequence[Row[Any]]:
        """More units of what is there, new lines of what is not: `variant_id`, `quantity` as it
        is now, `one_per_order`, `is_new`, and `others`, how many lines the cart had before.

        Variants that cannot be bought are left out. One statement decides and writes.
        """
        rows = [_values(place, line) for place, line in enumerate(lines)]
        values = {"of_cart": cart_id, **given_rows("given", GIVEN, rows)}
        return await self._uow.rows(_adding(), values)

    async def same(self, cart_id: int, line: NewLine) -> int | None:
        """The id of the line for the same thing."""
        found: int | None = await self._uow.scalar(
            select(col(CartLine.id)).where(
                col(CartLine.cart_id) == cart_id,
                col(CartLine.variant_id) == line.variant_id,
                col(CartLine.digest) == line.digest,
            )
        )
        return found

    async def set_quantities(
        self, cart_id: int, quantities: Mapping[int, int]
    ) -> dict[int, Row[Any]]:
        """The lines that are there: `variant_id`, and whether it is `one_per_order`."""
        given = table_of("given", QUANTITIES, list(quantities.items()))
        changed = await self._uow.rows(
            update(CartLine)
            .where(col(CartLine.cart_id) == cart_id, col(CartLine.id) == given.c.id)
            .values(quantity=given.c.quantity, updated_at=func.now())
            .returning(col(CartLine.id), col(CartLine.variant_id), _one_per_order())
        )
        return {row.id: row for row in changed}

    async def crowded(self, cart_id: int) -> bool:
        """Whether the cart has more units of something than an order may have."""
        single = (
            select(col(CartLine.variant_id))
            .where(col(CartLine.cart_id) == cart_id, _one_per_order().element)
            .group_by(col(CartLine.variant_id))
            .having(func.sum(col(CartLine.quantity)) > 1)
        )
        return await self._uow.scalar(single.limit(1)) is not None

    async def remove(self, cart_id: int, ids: Keys[int] | None = None) -> set[int]:
        """The variants of the lines that were there; all lines without `ids`."""
        own = col(CartLine.cart_id) == cart_id
        which = own if ids is None else and_(own, among(col(CartLine.id), ids))
        gone = await self._uow.scalars(
            delete(CartLine).where(which).returning(col(CartLine.variant_id))
        )
        return set(gone)

    async def see_prices(self, cart_id: int, variant_ids: Keys[int], terms: PriceTerms) -> None:
        """Note what a unit costs by now, by the units of all lines of a variant."""
        values = {
            "of_cart": cart_id,
            "ids": list(variant_ids),
            "at": terms.at,
            "currency": terms.currency,
            "group": terms.group,
        }
        await self._uow.change(_seeing(), values)


def can_be_bought() -> Any:
    """To be joined with products: whether anybody can buy the variant by itself."""
    return and_(
        col(Variant.archived_at).is_(None),
        col(Variant.active),
        col(Product.status) == ProductStatus.ACTIVE,
        col(Product.price_on_request).is_(False),
        col(Product.announced).is_(False),
    )


@cache
def _adding() -> Any:
    given = given_table("given", GIVEN)
    own = col(CartLine.cart_id) == _cart()
    last = select(func.coalesce(func.max(col(CartLine.position)), -1)).where(own)
    source = (
        select(
            _cart(),
            given.c.variant_id,
            given.c.quantity,
            given.c.extra_fields,
            given.c.digest,
            given.c.position + 1 + last.scalar_subquery(),
        )
        .join_from(given, Variant, col(Variant.id) == given.c.variant_id)
        .join(Product, col(Product.id) == col(Variant.product_id))
        .where(can_be_bought())
        .order_by(given.c.variant_id, given.c.digest)
    )
    added = insert(CartLine).from_select(["cart_id", *GIVEN], source)
    others = select(func.count()).where(own).scalar_subquery()
    return added.on_conflict_do_update(
        index_elements=["cart_id", "variant_id", "digest"],
        set_={
            "quantity": col(CartLine.quantity) + added.excluded.quantity,
            "updated_at": func.now(),
        },
    ).returning(
        col(CartLine.variant_id),
        col(CartLine.quantity),
        _one_per_order(),
        literal_column("(xmax = 0)", Boolean()).label("is_new"),
        others.label("others"),
    )


@cache
def _seeing() -> Update:
    own = col(CartLine.cart_id) == _cart()
    wanted = (
        select(col(CartLine.variant_id), func.sum(col(CartLine.quantity)).label("units"))
        .where(own, among_ids(col(CartLine.variant_id)))
        .group_by(col(CartLine.variant_id))
        .subquery("wanted")
    )
    at: Any = bindparam("at", type_=DateTime(timezone=True))
    currency: Any = bindparam("currency", type_=Text())
    units: Any = wanted.c.units
    terms = PriceTerms(at, units, currency, bindparam("group", type_=BigInteger()))  # type: ignore[arg-type]  # values come later
    price = price_of(wanted.c.variant_id, terms, col(Price.amount))
    seen = select(wanted.c.variant_id, price.c.amount).join_from(wanted, price, true())
    now = seen.subquery("now")
    return (
        update(CartLine)
        .where(
            own,
            col(CartLine.variant_id) == now.c.variant_id,
            col(CartLine.seen_unit_price).is_distinct_from(now.c.amount),
        )
        .values(seen_unit_price=now.c.amount)
    )


def _one_per_order() -> Label[Any]:
    """Of the variant of a line; as text, since what is inserted into is not correlated with."""
    line: Any = literal_column("cart_lines.variant_id", BigInteger())
    flag = select(col(Product.one_per_order)).join_from(Product, Variant)
    return flag.where(col(Variant.id) == line).scalar_subquery().label("one_per_order")


def _cart() -> Any:
    return bindparam("of_cart", type_=BigInteger())


@cache
def _of_carts() -> Select[Any]:
    return (
        select(*COLUMNS, *PLACE)
        .where(among_ids(col(CartLine.cart_id)))
        .order_by(col(CartLine.cart_id), *PLACE)
    )


def _values(place: int, line: NewLine) -> tuple[Any, ...]:
    """In the order of `GIVEN`."""
    return line.variant_id, line.quantity, dict(line.extra_fields), line.digest, place
