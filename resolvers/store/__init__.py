"""The store itself in GraphQL."""
