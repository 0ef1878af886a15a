"""SQL of the catalogue, a file for each aggregate. Rows come back as named tuples."""
