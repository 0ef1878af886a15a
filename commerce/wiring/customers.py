"""Customers and what belongs to them."""

from commerce.wiring.accounts import AccountsRepositories, AccountsServices


class CustomersRepositories(AccountsRepositories):
    """The shop's people keep them (`customer_care`), and they keep themselves (`accounts`)."""


class CustomersServices(AccountsServices):
    repositories: CustomersRepositories
