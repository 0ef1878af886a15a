"""Customers in GraphQL."""
