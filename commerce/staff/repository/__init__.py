"""SQL of staff, a file for each thing it is about. Rows come back as named tuples."""
