"""The words of invoices as GraphQL enums; types import them from here, so that they are."""

from commerce.invoices.kinds import InvoiceKind
from resolvers.enums import described

described(
    InvoiceKind,
    "What was issued, and what a series of numbers is for.",
    INVOICE="Says what an order costs.",
    CREDIT_NOTE="Corrects an invoice, by money that went back.",
)

__all__ = ["InvoiceKind"]
