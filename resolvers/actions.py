"""Tells the audit log which mutation is running."""

from typing import Any

from graphql import GraphQLField, GraphQLSchema


def name_actions(schema: GraphQLSchema) -> None:
    """Let every mutation stamp what it changes with its own name.

    They run one after the other, so that a unit of work has one action at a time.
    """
    for name, field in schema.mutation_type.fields.items() if schema.mutation_type else ():
        _name_action(name, field)


def _name_action(name: str, field: GraphQLField) -> None:
    resolve: Any = field.resolve

    def stamped(source: Any, info: Any, **arguments: Any) -> Any:
        uow = info.context.services.uow
        uow.stamp = uow.stamp.doing(name)
        return resolve(source, info, **arguments)

    field.resolve = stamped
