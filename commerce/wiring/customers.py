"""Customers and what belongs to them."""

from commerce.wiring.accounts import AccountsRepositories, AccountsServices
from commerce.wiring.customer_care import CustomerCareRepositories, CustomerCareServices


class CustomersRepositories(CustomerCareRepositories, AccountsRepositories):
    pass


class CustomersServices(CustomerCareServices, AccountsServices):
    repositories: CustomersRepositories
