"""Issuing invoices and credit notes."""

from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.invoices.types import Invoice
from resolvers.mutations import mutation
from resolvers.nodes import require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error


@strawberry.input(description="An order to issue the invoice of.")
class InvoiceIssueInput:
    order_id: strawberry.ID = strawberry.field(description="The order.")
    series: str | None = strawberry.field(
        default=None, description="The `code` of a series; absent, the default one."
    )
    must_be_new: bool = strawberry.field(
        default=False, description="Whether an invoice that is there already is a problem."
    )


@strawberry.type(description="The order's invoice, or why none was issued.")
class InvoiceIssuePayload:
    invoice: Invoice | None = public("The invoice; null with errors.")
    user_errors: list[UserError] = public("Why none was issued.")

    @classmethod
    def of(cls, result: Any) -> "InvoiceIssuePayload":
        if isinstance(result, Problem):
            return cls(invoice=None, user_errors=[user_error(result)])
        return cls(invoice=Invoice.of(result), user_errors=[])


@strawberry.input(description="A refund to issue the credit note for.")
class CreditNoteIssueInput:
    refund_id: strawberry.ID = strawberry.field(description="The refund.")
    series: str | None = strawberry.field(
        default=None, description="The `code` of a series; absent, the default one."
    )


@strawberry.type(description="The credit note for the refund, or why none was issued.")
class CreditNoteIssuePayload:
    credit_note: Invoice | None = public("The credit note; null with errors.")
    user_errors: list[UserError] = public("Why none was issued.")

    @classmethod
    def of(cls, result: Any) -> "CreditNoteIssuePayload":
        if isinstance(result, Problem):
            return cls(credit_note=None, user_errors=[user_error(result)])
        return cls(credit_note=Invoice.of(result), user_errors=[])


@strawberry.type
class InvoiceMutations:
    @mutation(
        Scope.WRITE_ORDERS,
        description="Issue the invoice of an order; asked again, it answers the same one.",
    )
    async def invoice_issue(self, info: Info, input: InvoiceIssueInput) -> InvoiceIssuePayload:
        key = require_key(input.order_id, "Order", "order_id")
        if isinstance(key, Problem):
            return InvoiceIssuePayload.of(key)
        invoices, new = info.context.services.invoices, input.must_be_new
        return InvoiceIssuePayload.of(await invoices.issue(key, input.series, must_be_new=new))

    @mutation(
        Scope.WRITE_ORDERS,
        description="Issue the credit note for money that went back, which corrects the order's"
        " invoice; asked again, it answers the same one.",
    )
    async def credit_note_issue(
        self, info: Info, input: CreditNoteIssueInput
    ) -> CreditNoteIssuePayload:
        key = require_key(input.refund_id, "Refund", "refund_id")
        if isinstance(key, Problem):
            return CreditNoteIssuePayload.of(key)
        invoices = info.context.services.invoices
        return CreditNoteIssuePayload.of(await invoices.credit(key, input.series))
