"""Lists, search and facets of products and variants."""
