"""Gift cards and what was paid with them."""
