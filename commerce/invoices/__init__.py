"""Invoices, credit notes and receipts: what the law wants written down, and how it is printed."""
