"""GraphQL of OAuth clients."""
