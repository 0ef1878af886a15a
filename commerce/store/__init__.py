"""How the store is set up, and what it says of itself."""
