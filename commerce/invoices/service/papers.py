"""Finding what is to be printed. Receipts are of the order as it is; invoices as they were."""

from commerce.core.ids import MAX_ID
from commerce.invoices.kinds import PaperKind
from commerce.invoices.repository.invoices import InvoiceRepository
from commerce.invoices.rules.contents import buyer_json, order_contents
from commerce.invoices.rules.papers import Paper, PaperHead, paper_of
from commerce.orders.repository.lines import OrderLineRepository
from commerce.orders.repository.orders import OrderRepository
from commerce.store.service import StoreService


class PaperService:
    """None for what is not there, or not for the viewer."""

    def __init__(
        self,
        invoices: InvoiceRepository,
        orders: OrderRepository,
        lines: OrderLineRepository,
        store: StoreService,
    ) -> None:
        self._invoices = invoices
        self._orders = orders
        self._lines = lines
        self._store = store

    async def invoice(self, id_: int) -> Paper | None:
        found = await self._invoices.whole(id_) if id_ <= MAX_ID else None
        if found is None:
            return None
        kind = PaperKind(found.kind.value)
        head = PaperHead(kind, found.number, found.issued_at, found.currency)
        return paper_of(head, found.contents, found.buyer)

    async def receipt(self, order_id: int) -> Paper | None:
        """Of an order that was placed."""
        if order_id > MAX_ID or not await self._orders.by_ids([order_id]):
            return None
        order = await self._invoices.order(order_id)
        if order is None or order.placed_at is None:
            return None
        lines = (await self._lines.all_by_order([order_id])).get(order_id, ())
        contents = order_contents(order, lines, await self._store.settings())
        head = PaperHead(PaperKind.RECEIPT, order.number, order.placed_at, order.currency)
        return paper_of(head, contents, buyer_json(order))
