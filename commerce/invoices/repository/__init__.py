"""Invoices in SQL. Rows come back as named tuples."""
