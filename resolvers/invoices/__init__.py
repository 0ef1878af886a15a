"""Invoices in GraphQL."""
