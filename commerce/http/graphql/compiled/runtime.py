"""What compiled queries call: the checks of the reference executor, for what is usual."""

from collections.abc import Callable, Iterable
from typing import Any

from graphql import GraphQLLeafType, GraphQLObjectType, GraphQLResolveInfo, default_type_resolver
from graphql.pyutils import Undefined, is_iterable

from commerce.http.graphql.compiled.plan import Abstract

Reader = Callable[[Any], Any]


class UnusualError(Exception):
    """The attempt is dropped: the reference executor knows what to say.

    Made anew by each raise: one for all would keep the frames of every attempt it ended.
    """


def leaf_reader(type_: GraphQLLeafType) -> Reader:
    """How a value of the type is printed. Raises for what is none."""
    coerce = type_.coerce_output_value

    def read(value: Any) -> Any:
        if value is None or value is Undefined or isinstance(value, Exception):
            raise UnusualError
        printed = coerce(value)
        if printed is None or printed is Undefined:
            raise UnusualError
        return printed

    return read


def listed(value: Any) -> Iterable[Any]:
    """What is neither a list nor a tuple, and yet a list to GraphQL."""
    if not is_iterable(value):
        raise UnusualError
    return list(value)


def present(value: Any) -> Any:
    """An object that no attribute is read of, which would fail for None and for errors."""
    if value is None or value is Undefined or isinstance(value, Exception):
        raise UnusualError
    return value


class Belonging:
    """The classes whose objects are of a type, as the type has said of one of them each."""

    def __init__(self, type_: GraphQLObjectType) -> None:
        self._is_type_of: Any = type_.is_type_of
        self.classes: set[type] = set()

    def check(self, value: Any) -> None:
        if self._is_type_of(value, None) is not True:  # our types look at the object alone
            raise UnusualError
        self.classes.add(value.__class__)


def typed(value: Any, type_: Abstract, info: GraphQLResolveInfo[Any]) -> str:
    """The name of an object's own type."""
    name = (type_.resolve_type or default_type_resolver)(value, info, type_)
    if type(name) is not str:
        raise UnusualError
    return name
