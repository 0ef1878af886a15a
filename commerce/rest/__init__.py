"""The REST dialects: each endpoint is a row of a table, a stored GraphQL operation and two pure
functions. Dialects are GraphQL clients inside the process and know no domain."""
