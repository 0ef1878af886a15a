"""GraphQL of staff, roles and keys."""
