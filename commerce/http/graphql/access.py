"""Which fields of an operation are not for everybody, worked out once per document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

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
    VariableNode,
    get_named_type,
    is_interface_type,
)

from commerce.core.viewer import PUBLIC, Policy, Viewer
from resolvers.permissions import Policies

INTROSPECTION: Final = frozenset({"__schema", "__type"})


class Need(NamedTuple):
    """A selected field, where it is selected first, and all the policies it must meet."""

    node: FieldNode
    policies: frozenset[Policy]

    def met_by(self, viewer: Viewer) -> bool:
        return all(policy.allows(viewer) for policy in self.policies)


class Selected(NamedTuple):
    """`Type.field`, and the variable of its `@include` when that can leave it out."""

    field: str
    included_if: str | None = None


Needs = dict[Selected, Need]
FieldPolicies = Mapping[tuple[str, str], frozenset[Policy]]
NO_POLICY: Final = frozenset({PUBLIC})


@dataclass(frozen=True, slots=True)
class Access:
    """What a viewer must be allowed for an operation to run."""

    needs: Mapping[Selected, Need]
    introspects: bool

    def refused(self, viewer: Viewer, variables: Mapping[str, Any]) -> dict[str, Need]:
        """The needs that this viewer does not meet, by `Type.field`.

        A field that the request's own variables leave out is not asked for.
        """
        return {
            selected.field: need
            for selected, need in self.needs.items()
            if not need.met_by(viewer)
            and (selected.included_if is None or variables.get(selected.included_if) is not False)
        }


class AccessRules:
    """The policies of a schema's fields, ready to be applied to valid documents."""

    def __init__(self, schema: GraphQLSchema, policies: Policies) -> None:
        self._schema = schema
        own = {field: frozenset({policy}) for field, policy in policies.items()}
        self._policies: FieldPolicies = {**own, **_of_interfaces(schema, policies)}

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


def _of_interfaces(schema: GraphQLSchema, policies: Policies) -> FieldPolicies:
    """A field of an interface asks for what every one of its implementations asks for."""
    return {
        (type_.name, field): frozenset(
            policies[possible.name, field] for possible in schema.get_possible_types(type_)
        )
        for type_ in schema.type_map.values()
        if is_interface_type(type_)
        for field in type_.fields
    }


class _Walk:
    def __init__(
        self,
        schema: GraphQLSchema,
        policies: FieldPolicies,
        fragments: Mapping[str, FragmentDefinitionNode],
    ) -> None:
        self._schema = schema
        self._policies = policies
        self._fragments = fragments
        self._known: dict[str, Needs] = {}

    def operation(self, node: OperationDefinitionNode) -> Access:
        root = self._schema.get_root_type(node.operation)
        needs: Needs = {}
        if root is not None:
            self._collect(node.selection_set, root, needs)
        introspects = any(Selected(field) in needs for field in INTROSPECTION)
        return Access({key: need for key, need in needs.items() if need.policies}, introspects)

    def _collect(self, node: SelectionSetNode, parent: GraphQLNamedType, needs: Needs) -> None:
        for selection in node.selections:
            if isinstance(selection, FieldNode):
                self._field(selection, parent, needs)
            elif isinstance(selection, FragmentSpreadNode):
                for selected, need in self._fragment(selection.name.value).items():
                    needs.setdefault(selected, need)
            elif isinstance(selection, InlineFragmentNode):
                self._collect(selection.selection_set, self._narrowed(selection, parent), needs)

    def _field(self, node: FieldNode, parent: GraphQLNamedType, needs: Needs) -> None:
        name = node.name.value
        if name in INTROSPECTION:
            needs.setdefault(Selected(name), Need(node, frozenset()))
        if name.startswith("__"):
            return
        policies = self._policies[parent.name, name] - NO_POLICY
        if policies:
            selected = Selected(f"{parent.name}.{name}", _included_if(node))
            needs.setdefault(selected, Need(node, policies))
        if node.selection_set:
            found = parent.fields[name]  # type: ignore[attr-defined]  # valid: not a union
            self._collect(node.selection_set, get_named_type(found.type), needs)

    def _fragment(self, name: str) -> Needs:
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


def _included_if(node: FieldNode) -> str | None:
    """The variable of the field's own `@include(if: $variable)`.

    What stands around the field, `@skip` and literal conditions make no difference: a client that
    may not select a field has a variable to say so, and one rule is easy to be sure of.
    """
    for directive in node.directives or ():
        if directive.name.value == "include":
            (condition,) = directive.arguments or ()
            if isinstance(condition.value, VariableNode):
                return condition.value.name.value
    return None
