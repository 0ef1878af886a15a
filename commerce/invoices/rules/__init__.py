"""How invoices are numbered and what is printed on them. Pure."""
