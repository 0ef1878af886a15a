"""What is taxed where, in GraphQL."""
