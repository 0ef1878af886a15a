"""`commerce schema`: the GraphQL schema as text."""


def schema() -> None:
    """Print the GraphQL schema in SDL."""
    # Making the types takes half of the time in which every other command is done.
    from resolvers.schema import build_schema

    print(build_schema().as_str())  # noqa: T201  # the command's result, to be redirected
