"""The catalogue in GraphQL, a file for each type."""
