"""Which things are exported, as it is written down with the job."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from commerce.customers.criteria import EVERY_CUSTOMER, CustomerWhere
from commerce.exports.kinds import ExportKind
from commerce.orders.criteria import EVERY_ORDER, OrderWhere
from commerce.search.criteria import EVERY_PRODUCT, ProductWhere

Where = ProductWhere | CustomerWhere | OrderWhere

ADAPTERS: Final[Mapping[ExportKind, TypeAdapter[Any]]] = {
    ExportKind.PRODUCTS: TypeAdapter(ProductWhere),
    ExportKind.CUSTOMERS: TypeAdapter(CustomerWhere),
    ExportKind.ORDERS: TypeAdapter(OrderWhere),
}
EVERY: Final[Mapping[ExportKind, Where]] = {
    ExportKind.PRODUCTS: EVERY_PRODUCT,
    ExportKind.CUSTOMERS: EVERY_CUSTOMER,
    ExportKind.ORDERS: EVERY_ORDER,
}


def written_where(kind: ExportKind, where: Where) -> dict[str, Any]:
    written: dict[str, Any] = ADAPTERS[kind].dump_python(where, mode="json", exclude_none=True)
    return written


def read_where(kind: ExportKind, written: Mapping[str, Any]) -> Where:
    where: Where = ADAPTERS[kind].validate_python(written)
    return where
