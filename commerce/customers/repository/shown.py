"""Which columns of customers are read to be shown."""

from typing import Final

from commerce.core.columns import columns_of
from commerce.customers.models import Customer, CustomerAddress

SECRET: Final = frozenset({"password_hash"})
CUSTOMER: Final = tuple(column for column in columns_of(Customer) if column.name not in SECRET)
ADDRESS: Final = tuple(columns_of(CustomerAddress))
