"""From a stored operation and the schema to what it may answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
    is_list_type,
    is_object_type,
    parse,
)

from commerce.rest.openapi.telling import (
    Group,
    Member,
    OneOf,
    Perhaps,
    Scalar,
    Several,
    Told,
    enum_forms,
    scalar_forms,
)

PROBLEMS: Final = "userErrors"
Together = tuple[tuple[str, bool], ...]


class Nothing:
    """A mutation that a shape gets to see had no problems."""

    def tell(self, _story: object) -> list[Any]:
        return []


@dataclass(frozen=True, slots=True)
class Selection:
    node: FieldNode
    conditions: Together


@dataclass(frozen=True, slots=True)
class Answers:
    """What a shape may get of an operation; `may_be_missing` when it may find nothing."""

    told: Told
    may_be_missing: bool


def answers_of(schema: GraphQLSchema, text: str) -> Answers:
    """Of a valid operation whose one root field is aliased `result`."""
    document = parse(text)
    (operation,) = (
        part for part in document.definitions if isinstance(part, OperationDefinitionNode)
    )
    root = schema.get_root_type(operation.operation)
    assert root is not None  # noqa: S101  # the operation is valid
    reader = _Reader(schema, document)
    (selections,) = reader.fields(operation.selection_set, root).values()
    type_ = root.fields[selections[0].node.name.value].type
    present = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    told = reader.told(present, "result", root.name, selections, nullable=False)
    if operation.operation.value == "mutation":
        told = _without_problems(told)
    return Answers(told, present is type_)


def _without_problems(told: Told) -> Told:
    """What a mutation did is null only beside problems, and those are refused before shaping."""
    if not isinstance(told, Group):
        return told
    return Group(
        tuple(
            replace(each, of=each.of.of) if isinstance(each.of, Perhaps) else each
            for each in told.members
        )
    )


class _Reader:
    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments = {
            part.name.value: part
            for part in document.definitions
            if isinstance(part, FragmentDefinitionNode)
        }

    def told(
        self,
        type_: GraphQLType,
        place: str,
        parent: str,
        selections: Sequence[Selection],
        *,
        nullable: bool = True,
    ) -> Told:
        if isinstance(type_, GraphQLNonNull):
            return self.told(type_.of_type, place, parent, selections, nullable=False)
        if nullable:
            of = self.told(type_, place, parent, selections, nullable=False)
            return Perhaps(place, of)
        if is_list_type(type_):
            return Several(place, self.told(type_.of_type, place, parent, selections))
        return self._named(type_, place, parent, selections)  # type: ignore[arg-type]  # unwrapped

    def _named(
        self, type_: GraphQLNamedType, place: str, parent: str, selections: Sequence[Selection]
    ) -> Told:
        name = selections[0].node.name.value
        if isinstance(type_, GraphQLEnumType):
            return Scalar(place, enum_forms(list(type_.values)))
        if is_object_type(type_):
            return self._group(type_, place, selections)
        if is_abstract_type(type_):
            possible = self._schema.get_possible_types(type_)
            different = dict.fromkeys(self._group(each, place, selections) for each in possible)
            # Types of which nothing is selected are alike, and not what is meant.
            groups: list[Group] = sorted(different, key=lambda group: not group.members)
            return OneOf(place, tuple(groups))
        return Scalar(place, scalar_forms(type_.name, parent, name))

    def _group(
        self, type_: GraphQLObjectType, place: str, selections: Sequence[Selection]
    ) -> Group:
        found: dict[str, list[Selection]] = {}
        for selection in selections:
            if selection.node.selection_set is not None:
                for key, more in self.fields(selection.node.selection_set, type_).items():
                    found.setdefault(key, []).extend(more)
        return Group(tuple(self._member(key, type_, place, each) for key, each in found.items()))

    def _member(
        self, key: str, type_: GraphQLObjectType, place: str, selections: Sequence[Selection]
    ) -> Member:
        conditions = tuple(dict.fromkeys(each.conditions for each in selections))
        name = selections[0].node.name.value
        if name == PROBLEMS:
            return Member(key, Nothing(), conditions)
        if name == "__typename":
            return Member(key, Scalar(f"{place}.{key}", enum_forms([type_.name])), conditions)
        of = self.told(type_.fields[name].type, f"{place}.{key}", type_.name, selections)
        return Member(key, of, conditions)

    def fields(
        self, node: SelectionSetNode, type_: GraphQLObjectType, around: Together = ()
    ) -> dict[str, list[Selection]]:
        """By response key, those of fragments that fit the type among them."""
        found: dict[str, list[Selection]] = {}
        for selection in node.selections:
            conditions = (*around, *_conditions(selection))
            if isinstance(selection, FieldNode):
                key = selection.alias.value if selection.alias else selection.name.value
                found.setdefault(key, []).append(Selection(selection, conditions))
                continue
            inner = self._inside(selection, type_)
            if inner is not None:
                for key, more in self.fields(inner, type_, conditions).items():
                    found.setdefault(key, []).extend(more)
        return found

    def _inside(self, selection: Any, type_: GraphQLObjectType) -> SelectionSetNode | None:
        """The fields of a fragment, if it is about this type."""
        fragment: Any = selection
        if isinstance(selection, FragmentSpreadNode):
            fragment = self._fragments[selection.name.value]
        condition = fragment.type_condition
        if condition is None:
            return selection.selection_set if isinstance(selection, InlineFragmentNode) else None
        about: Any = self._schema.type_map[condition.name.value]
        fits = about is type_ or (
            is_abstract_type(about) and self._schema.is_sub_type(about, type_)
        )
        return fragment.selection_set if fits else None


def _conditions(selection: Any) -> Iterable[tuple[str, bool]]:
    """The variables of `@include` and `@skip`; literal conditions make no difference."""
    for directive in selection.directives or ():
        wanted = {"include": True, "skip": False}.get(directive.name.value)
        for argument in directive.arguments or ():
            if wanted is not None and isinstance(argument.value, VariableNode):
                yield argument.value.name.value, wanted
