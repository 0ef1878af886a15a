"""SQL of stock. Rows come back as named tuples."""
