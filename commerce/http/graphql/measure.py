"""How large a document is, in one pass that is linear in its text.

Runs before validation, so nothing here may rely on the document being valid: unknown fields,
fragments that are missing or spread themselves, anything the parser lets through.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
)

from commerce.http.graphql import cost as costs
from commerce.http.graphql.cost import NOTHING, ONE, Cost, total
from commerce.http.graphql.limits import LimitExceededError, Limits
from commerce.http.graphql.literals import Literals, literals_of
from resolvers.costs import assumed_size

# Selection sets within selection sets, fragments included: what the walk itself can stand.
MAX_NESTING: Final = 60
INTROSPECTION: Final = frozenset({"__schema", "__type"})
ROWS: Final = frozenset({"edges", "nodes"})
CONNECTION: Final = "Connection"
SEARCH: Final = "search"

Type = GraphQLNamedType | None


class Shape(NamedTuple):
    """Of a selection set. `rows` is the part of the cost that a connection repeats per row."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    introspections: int = 0
    once: Cost = NOTHING
    rows: Cost = NOTHING


EMPTY: Final = Shape()


@dataclass(frozen=True, slots=True)
class Size:
    """The largest of each measure over a document's operations; named as in `Limits`."""

    depth: int
    aliases: int
    directives: int
    fragments: int
    root_fields: int
    mutations: int
    repeats: int
    introspections: int
    input_depth: int
    input_characters: int
    input_items: int
    input_values: int

    def check(self, limits: Limits) -> None:
        """Raises `LimitExceededError` for the first measure that is over its limit."""
        for name in self.__slots__:
            most = getattr(limits, name)
            if getattr(self, name) > most:
                raise LimitExceededError(name, most)


class Measured(NamedTuple):
    size: Size
    costs: tuple[Cost, ...]


def measure(schema: GraphQLSchema, document: DocumentNode, most_fragments: int) -> Measured:
    """The document's size and the cost of each operation, in their order.

    Raises `BadInputError` for values that no column can hold.
    """
    fragments = {
        part.name.value: part
        for part in document.definitions
        if isinstance(part, FragmentDefinitionNode)
    }
    if len(fragments) > most_fragments:
        raise LimitExceededError("fragments", most_fragments)
    walk = _Walk(schema, fragments)
    operations = [
        part for part in document.definitions if isinstance(part, OperationDefinitionNode)
    ]
    shapes = [walk.operation(operation) for operation in operations]
    for name in fragments:
        walk.fragment(name, 0)
    repeats = sum(count * count for count in walk.names.values())
    size = _size(operations, shapes, len(fragments), repeats, literals_of(document))
    return Measured(size, _costs(shapes))


def _size(
    operations: list[OperationDefinitionNode],
    shapes: list[Shape],
    fragments: int,
    repeats: int,
    literals: Literals,
) -> Size:
    changes = [operation.operation is OperationType.MUTATION for operation in operations]
    return Size(
        depth=max((shape.depth for shape in shapes), default=0),
        aliases=max((shape.aliases for shape in shapes), default=0),
        directives=max((shape.directives for shape in shapes), default=0),
        fragments=fragments,
        root_fields=_most_fields(shapes, [not change for change in changes]),
        mutations=_most_fields(shapes, changes),
        repeats=repeats,
        introspections=max((shape.introspections for shape in shapes), default=0),
        input_depth=literals.depth,
        input_characters=literals.characters,
        input_items=literals.items,
        input_values=literals.values,
    )


def _most_fields(shapes: list[Shape], counted: list[bool]) -> int:
    pairs = zip(shapes, counted, strict=True)
    return max((shape.fields for shape, counts in pairs if counts), default=0)


def _costs(shapes: list[Shape]) -> tuple[Cost, ...]:
    return tuple(shape.once + shape.rows for shape in shapes)


class _Walk:
    """Visits every selection once; what is inside a fragment is remembered, not walked again."""

    def __init__(self, schema: GraphQLSchema, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._schema = schema
        self._fragments = fragments
        self._known: dict[str, Shape] = {}
        self.names: Counter[str] = Counter()

    def operation(self, node: OperationDefinitionNode) -> Shape:
        root = self._schema.get_root_type(node.operation)
        return _with_directives(self._selections(node.selection_set, root, 0), node)

    def fragment(self, name: str, nesting: int) -> Shape:
        known = self._known.get(name)
        if known is not None:
            return known
        node = self._fragments.get(name)
        if node is None:
            return EMPTY
        self._known[name] = EMPTY  # for a fragment that spreads itself; validation refuses it
        type_ = self._schema.get_type(node.type_condition.name.value)
        shape = _with_directives(self._selections(node.selection_set, type_, nesting), node)
        shape = shape._replace(once=shape.once.shared(), rows=shape.rows.shared())
        self._known[name] = shape
        return shape

    def _selections(self, node: SelectionSetNode, parent: Type, nesting: int) -> Shape:
        if nesting > MAX_NESTING:
            raise LimitExceededError("depth", MAX_NESTING, "The document is nested too deeply.")
        shapes = list(self._each(node, parent, nesting + 1))
        if not shapes:
            return EMPTY
        return Shape(
            depth=max(shape.depth for shape in shapes),
            fields=sum(shape.fields for shape in shapes),
            aliases=sum(shape.aliases for shape in shapes),
            directives=sum(shape.directives for shape in shapes),
            introspections=sum(shape.introspections for shape in shapes),
            once=total(shape.once for shape in shapes),
            rows=total(shape.rows for shape in shapes),
        )

    def _each(self, node: SelectionSetNode, parent: Type, nesting: int) -> Iterator[Shape]:
        for selection in node.selections:
            if isinstance(selection, FieldNode):
                yield self._field(selection, parent, nesting)
            elif isinstance(selection, FragmentSpreadNode):
                shape = self.fragment(selection.name.value, nesting)
                yield _with_directives(shape, selection)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                type_ = self._schema.get_type(condition.name.value) if condition else parent
                shape = self._selections(selection.selection_set, type_, nesting)
                yield _with_directives(shape, selection)

    def _field(self, node: FieldNode, parent: Type, nesting: int) -> Shape:
        name = node.name.value
        self.names[node.alias.value if node.alias else name] += 1
        type_ = _type_of(parent, name)
        inner = (
            self._selections(node.selection_set, type_, nesting) if node.selection_set else EMPTY
        )
        cost = _cost(self._schema, node, parent, type_, inner)
        in_rows = name in ROWS and _is_connection(parent)
        return Shape(
            depth=1 if name in INTROSPECTION else inner.depth + 1,
            fields=1,
            aliases=inner.aliases + (node.alias is not None),
            directives=inner.directives + len(node.directives or ()),
            introspections=_introspections(name, inner),
            once=NOTHING if in_rows else cost,
            rows=cost if in_rows else NOTHING,
        )


def _introspections(name: str, inner: Shape) -> int:
    """Without an alias the schema can be walked once; each one walks all below it anew."""
    return 1 + inner.aliases if name in INTROSPECTION else inner.introspections


def _cost(schema: GraphQLSchema, node: FieldNode, parent: Type, type_: Type, inner: Shape) -> Cost:
    name = node.name.value
    below = inner.once + inner.rows
    if name in INTROSPECTION:
        return Cost(costs.INTROSPECTION) + below
    if _is_connection(type_):
        found = Cost(costs.CONNECTION) + inner.once + inner.rows.times(costs.size_of(node))
        searches = name == SEARCH and parent is schema.query_type
        return found.times(costs.SEARCH_FACTOR) if searches else found
    if parent is not None and parent is schema.mutation_type:
        return Cost(costs.MUTATION) + below
    if node.selection_set is None:
        return NOTHING
    if name == "edges" and _is_connection(parent):
        return below  # the edge is the row's frame; its node is the object
    size = assumed_size(_declared(parent, name))
    return (ONE + below).times(costs.keys_of(node)).times(size)


def _declared(parent: Type, field: str) -> GraphQLField | None:
    fields: dict[str, GraphQLField] = getattr(parent, "fields", None) or {}
    return fields.get(field)


def _type_of(parent: Type, field: str) -> Type:
    found = _declared(parent, field)
    type_ = get_named_type(found.type) if found is not None else None
    return type_ if is_composite_type(type_) else None


def _is_connection(type_: Type) -> bool:
    return type_ is not None and type_.name.endswith(CONNECTION)


def _with_directives(shape: Shape, node: Any) -> Shape:
    count = len(node.directives or ())
    return shape._replace(directives=shape.directives + count) if count else shape
