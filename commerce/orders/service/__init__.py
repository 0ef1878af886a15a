"""The rules of orders that need data."""
