"""Which columns of customers are read to be shown."""

from typing import Any, Final

from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.customers.models import Customer, CustomerAddress

SECRET: Final = frozenset({"password_hash"})
CUSTOMER: Final[tuple[Any, ...]] = (
    *(column for column in columns_of(Customer) if column.name not in SECRET),
    col(Customer.password_hash).is_not(None).label("has_password"),
)
ADDRESS: Final = tuple(columns_of(CustomerAddress))
