"""Customers and what belongs to them."""

from commerce.wiring.base import BaseRepositories, BaseServices


class CustomersRepositories(BaseRepositories):
    pass


class CustomersServices(BaseServices):
    repositories: CustomersRepositories
