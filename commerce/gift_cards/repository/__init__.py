"""SQL of gift cards."""
