"""What is exported, some of it at a time, as the viewer sees it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from commerce.core.criteria import Direction
from commerce.core.paging import Page, PageArgs, Position
from commerce.customers.criteria import CustomerListing, CustomerOrder, CustomerOrderField
from commerce.customers.repository.addresses import AddressRepository
from commerce.customers.service.customers import CustomerService
from commerce.exports.kinds import ExportFormat, ExportKind
from commerce.exports.rules import customers, orders, products
from commerce.exports.rules.sheets import (
    Cells,
    Sheet,
    Thing,
    csv_text,
    json_line,
    sheet_cells,
    sheet_object,
)
from commerce.exports.rules.wheres import Where
from commerce.interchange.repository import WholeProductRepository
from commerce.orders.criteria import OrderListing, OrderOrder, OrderOrderField
from commerce.orders.repository.lines import OrderLineRepository
from commerce.orders.service.orders import OrderService
from commerce.search.criteria import ProductListing, ProductOrder
from commerce.search.kinds import ProductOrderField
from commerce.search.service import ListingService

AT_A_TIME: Final = 500


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of the file. `rows` counts things; `position` is that of the last, if more follow."""

    text: str
    rows: int
    left_out: int = 0
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of thing looks: as rows of cells below `names`, and as an object."""

    names: Sequence[str]
    cells: Callable[[Any], Iterator[Cells]]
    shown: Callable[[Any], Mapping[str, Any]]
    fits: Callable[[Any], bool] = lambda _thing: True


def _look(sheet: Sheet) -> Look:
    return Look(
        sheet.names,
        lambda thing: sheet_cells(sheet, thing),
        lambda thing: sheet_object(sheet, thing),
    )


LOOKS: Final[Mapping[ExportKind, Look]] = {
    ExportKind.PRODUCTS: Look(
        products.NAMES, products.product_sheet, products.product_object, products.fits
    ),
    ExportKind.CUSTOMERS: _look(customers.SHEET),
    ExportKind.ORDERS: _look(orders.SHEET),
}


class ExportReading:
    """The oldest first: what is added or changed meanwhile moves nothing. Each chunk takes the
    same few statements, whatever there is in it.
    """

    def __init__(
        self,
        listings: ListingService,
        whole_products: WholeProductRepository,
        customers: CustomerService,
        addresses: AddressRepository,
        orders: OrderService,
        lines: OrderLineRepository,
    ) -> None:
        self._listings = listings
        self._whole_products = whole_products
        self._customers = customers
        self._addresses = addresses
        self._orders = orders
        self._lines = lines

    async def count(self, kind: ExportKind, where: Any) -> int:
        if kind is ExportKind.PRODUCTS:
            return (await self._listings.product_count(ProductListing(where), None)).count
        if kind is ExportKind.CUSTOMERS:
            return (await self._customers.count(where, None)).count
        return (await self._orders.count(where, None)).count

    async def chunk(
        self,
        kind: ExportKind,
        format: ExportFormat,
        where: Where,
        position: Position | None = None,
        size: int = AT_A_TIME,
    ) -> Chunk:
        """The things after `position`, with the header before the first of all."""
        page, things = await self._things(kind, where, PageArgs(size, position))
        look = LOOKS[kind]
        if format is ExportFormat.JSONL:
            text, left_out = "".join(json_line(look.shown(thing)) for thing in things), 0
        else:
            fitting = [thing for thing in things if look.fits(thing)]
            cells = (row for thing in fitting for row in look.cells(thing))
            text = csv_text(look.names, cells, header=position is None)
            left_out = len(things) - len(fitting)
        last = tuple(page.rows[-1][-page.key_count :]) if page.has_next else None
        return Chunk(text, len(things) - left_out, left_out, last)

    async def _things(
        self, kind: ExportKind, where: Any, args: PageArgs
    ) -> tuple[Page[Any], Sequence[Any]]:
        if kind is ExportKind.PRODUCTS:
            return await self._read_products(where, args)
        if kind is ExportKind.CUSTOMERS:
            return await self._read_customers(where, args)
        return await self._read_orders(where, args)

    async def _read_products(self, where: Any, args: PageArgs) -> tuple[Page[Any], Sequence[Any]]:
        order = (ProductOrder(ProductOrderField.CREATED_AT, Direction.ASC),)
        page = await self._listings.products(ProductListing(where, order), args)
        return page, await self._whole_products.described(page.rows) if page.rows else ()

    async def _read_customers(self, where: Any, args: PageArgs) -> tuple[Page[Any], Sequence[Any]]:
        order = (CustomerOrder(CustomerOrderField.CREATED_AT, Direction.ASC),)
        page = await self._customers.page(CustomerListing(where, order), args)
        books = await self._addresses.all_by_customer([row.id for row in page.rows])
        return page, [Thing(row, books.get(row.id, ())) for row in page.rows]

    async def _read_orders(self, where: Any, args: PageArgs) -> tuple[Page[Any], Sequence[Any]]:
        order = (OrderOrder(OrderOrderField.CREATED_AT, Direction.ASC),)
        page = await self._orders.page(OrderListing(where, order), args)
        lines = await self._lines.all_by_order([row.id for row in page.rows])
        return page, [
            Thing(row, [orders.OrderedLine(line, row.currency) for line in lines.get(row.id, ())])
            for row in page.rows
        ]
