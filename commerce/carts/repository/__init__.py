"""SQL of carts. Rows come back as named tuples."""
