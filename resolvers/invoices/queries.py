"""Invoices: one, or a list of them."""

from typing import Annotated

import strawberry

from commerce.core.problems import BadInputError
from commerce.invoices import criteria
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.filters import (
    DateTimeFilter,
    DecimalFilter,
    IDFilter,
    StringFilter,
    all_wanted,
    keys_wanted,
    optional,
    wanted_of,
)
from resolvers.invoices.kinds import InvoiceKind
from resolvers.invoices.types import Invoice
from resolvers.nodes import key_of
from resolvers.orders.filters import DaysFilter
from resolvers.permissions import public
from resolvers.scalars import CurrencyCode


@strawberry.input(description="Which invoices; every given part must hold.")
class InvoiceWhere:
    id: IDFilter | None = optional("Their id.")
    number: StringFilter | None = optional("Their number.")
    series: StringFilter | None = optional("The code of their series.")
    kind: list[InvoiceKind] | None = optional("One of these.")
    order_id: IDFilter | None = optional("Of one of these orders.")
    issued_at: DateTimeFilter | None = optional("When they were issued.")
    issued_on: DaysFilter | None = optional("On which days of the shop they were issued.")
    total: DecimalFilter | None = optional("What they come to.")
    currency_code: CurrencyCode | None = optional("In this currency.")

    def wanted(self) -> criteria.InvoiceWhere:
        return criteria.InvoiceWhere(
            ids=keys_wanted(self.id, "Invoice"),
            number=wanted_of(self.number),
            series=wanted_of(self.series),
            kinds=all_wanted(self.kind),
            order_ids=keys_wanted(self.order_id, "Order"),
            issued_at=wanted_of(self.issued_at),
            issued_on=wanted_of(self.issued_on),
            total=wanted_of(self.total),
            currency=self.currency_code,
        )


@strawberry.type
class InvoiceQueries:
    @public("An invoice or credit note by its id or number; null when it is not for you.")
    async def invoice(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="Its id.")] = None,
        number: Annotated[str | None, strawberry.argument(description="Its number.")] = None,
    ) -> Invoice | None:
        if (id is None) is (number is None):
            raise BadInputError("Give exactly one of id and number.")
        if number is not None:
            row = await info.context.services.invoices.by_number(number)
        else:
            key = key_of(id, "Invoice")
            row = None if key is None else await info.context.loaders.invoices.by_id.load(key)
        return None if row is None else Invoice.of(row)

    @public("Invoices and credit notes, the newest first: one's own, or all for who reads orders.")
    async def invoices(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Annotated[
            InvoiceWhere | None, strawberry.argument(description="Which ones; absent means all.")
        ] = None,
    ) -> Connection[Invoice]:
        wanted = criteria.EVERY_INVOICE if where is None else where.wanted()
        paging = Paging(info, list_scope("invoices", wanted), first, after, last, before)
        invoices = info.context.services.invoices
        page = await invoices.page(wanted, paging.args)
        return paging.connection(page, Invoice.of, lambda limit: invoices.count(wanted, limit))
