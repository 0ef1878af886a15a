"""Rules of carts that need no data."""
