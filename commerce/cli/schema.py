"""`commerce schema`: the GraphQL schema as text."""

from resolvers.schema import build_schema


def schema() -> None:
    """Print the GraphQL schema in SDL."""
    print(build_schema().as_str())  # noqa: T201  # the command's result, to be redirected
