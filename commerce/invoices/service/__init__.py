"""Issuing and printing invoices, and the series of their numbers."""
