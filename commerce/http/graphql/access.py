"""Which fields of an operation are not for everybody, worked out once per document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_interface_type,
)

from commerce.core.viewer import Scope, Viewer
from resolvers.permissions import Policies

INTROSPECTION: Final = frozenset({"__schema", "__type"})


class Need(NamedTuple):
    """A selected field, where it is selected first, and the scopes it asks for."""

    node: FieldNode
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class Access:
    """What a viewer must be allowed for an operation to run; `needs` is by `Type.field`."""

    needs: Mapping[str, Need]
    introspects: bool

    def refused(self, viewer: Viewer) -> dict[str, Need]:
        """The needs that this viewer does not meet."""
        return {field: need for field, need in self.needs.items() if not viewer.may(*need.scopes)}


class AccessRules:
    """The policies of a schema's fields, ready to be applied to valid documents."""

    def __init__(self, schema: GraphQLSchema, policies: Policies) -> None:
        self._schema = schema
        self._policies = {**policies, **_of_interfaces(schema, policies)}

    def of(self, document: DocumentNode) -> list[Access]:
        """One per operation, in their order. The document must be valid."""
        fragments = {
            part.name.value: part
            for part in document.definitions
            if isinstance(part, FragmentDefinitionNode)
        }
        walk = _Walk(self._schema, self._policies, fragments)
        return [
            walk.operation(part)
            for part in document.definitions
            if isinstance(part, OperationDefinitionNode)
        ]


def _of_interfaces(schema: GraphQLSchema, policies: Policies) -> Policies:
    """A field of an interface asks for what any of its implementations asks for."""
    return {
        (type_.name, field): frozenset().union(
            *(policies[possible.name, field] for possible in schema.get_possible_types(type_))
        )
        for type_ in schema.type_map.values()
        if is_interface_type(type_)
        for field in type_.fields
    }


class _Walk:
    def __init__(
        self,
        schema: GraphQLSchema,
        policies: Policies,
        fragments: Mapping[str, FragmentDefinitionNode],
    ) -> None:
        self._schema = schema
        self._policies = policies
        self._fragments = fragments
        self._known: dict[str, dict[str, Need]] = {}

    def operation(self, node: OperationDefinitionNode) -> Access:
        root = self._schema.get_root_type(node.operation)
        needs: dict[str, Need] = {}
        if root is not None:
            self._collect(node.selection_set, root, needs)
        introspects = any(field in needs for field in INTROSPECTION)
        return Access({field: need for field, need in needs.items() if need.scopes}, introspects)

    def _collect(
        self, node: SelectionSetNode, parent: GraphQLNamedType, needs: dict[str, Need]
    ) -> None:
        for selection in node.selections:
            if isinstance(selection, FieldNode):
                self._field(selection, parent, needs)
            elif isinstance(selection, FragmentSpreadNode):
                for field, need in self._fragment(selection.name.value).items():
                    needs.setdefault(field, need)
            elif isinstance(selection, InlineFragmentNode):
                self._collect(selection.selection_set, self._narrowed(selection, parent), needs)

    def _field(self, node: FieldNode, parent: GraphQLNamedType, needs: dict[str, Need]) -> None:
        name = node.name.value
        if name in INTROSPECTION:
            needs.setdefault(name, Need(node, frozenset()))
        if name.startswith("__"):
            return
        scopes = self._policies[parent.name, name]
        if scopes:
            needs.setdefault(f"{parent.name}.{name}", Need(node, scopes))
        if node.selection_set:
            found = parent.fields[name]  # type: ignore[attr-defined]  # valid: not a union
            self._collect(node.selection_set, get_named_type(found.type), needs)

    def _fragment(self, name: str) -> dict[str, Need]:
        known = self._known.get(name)
        if known is None:
            node = self._fragments[name]
            known = {}
            self._collect(node.selection_set, self._type(node.type_condition.name.value), known)
            self._known[name] = known
        return known

    def _narrowed(self, node: InlineFragmentNode, parent: GraphQLNamedType) -> GraphQLNamedType:
        condition = node.type_condition
        return parent if condition is None else self._type(condition.name.value)

    def _type(self, name: str) -> GraphQLNamedType:
        return self._schema.type_map[name]
