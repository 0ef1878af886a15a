"""SQL of sessions and tokens. Rows come back as named tuples."""
