"""What is taxed where, and how much."""
