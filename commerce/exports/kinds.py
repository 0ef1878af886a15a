"""What is exported, and as what."""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from commerce.core.viewer import Scope


class ExportKind(Enum):
    PRODUCTS = "products"
    CUSTOMERS = "customers"
    ORDERS = "orders"


class ExportFormat(Enum):
    CSV = "csv"
    JSONL = "jsonl"


# What whoever asks must be able to read: products come with prices, costs and stock.
SCOPES: Final[Mapping[ExportKind, tuple[Scope, ...]]] = {
    ExportKind.PRODUCTS: (Scope.READ_PRODUCTS, Scope.READ_PRICES, Scope.READ_STOCK),
    ExportKind.CUSTOMERS: (Scope.READ_CUSTOMERS,),
    ExportKind.ORDERS: (Scope.READ_ORDERS,),
}
TYPES: Final[Mapping[ExportFormat, str]] = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.JSONL: "application/jsonl",
}
