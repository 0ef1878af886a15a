"""Shipping in GraphQL."""
