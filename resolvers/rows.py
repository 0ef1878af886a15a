"""Types that show a row: most of a query's rows are asked for two or three of their columns."""

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Self

from resolvers.nodes import node_id


class FromRow:
    """Fields that are declared as attributes are columns of `row`, read when they are selected.

    Whatever a row has no column for is a resolver or a property of the type. `id` and
    `database_id` are there for types that declare them.
    """

    row: Any

    @classmethod
    def of(cls, row: Any) -> Self:
        made = cls.__new__(cls)
        made.row = row
        return made

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "row"), name)

    if not TYPE_CHECKING:  # there the types' own declarations count

        @property
        def id(self) -> str:
            return node_id(type(self).__name__, self.row.id)

        database_id = property(attrgetter("row.id"))


def column_path(owner: Any, name: str) -> str:
    """Where an attribute of a type's objects is read: at the row itself, where that is the same."""
    is_column = isinstance(owner, type) and issubclass(owner, FromRow) and not hasattr(owner, name)
    return f"row.{name}" if is_column else name
