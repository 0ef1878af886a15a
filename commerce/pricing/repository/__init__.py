"""SQL of prices and the lists they are in. Rows come back as named tuples."""
