"""The closed sets of words that invoices use."""

from enum import Enum


class InvoiceKind(Enum):
    """What is numbered: each kind has series of its own."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class PaperKind(Enum):
    """What is printed. A receipt goes by its order's number."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
