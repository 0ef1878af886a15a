"""SQL of lists, search and facets: it may join every table that a product has rows in."""
