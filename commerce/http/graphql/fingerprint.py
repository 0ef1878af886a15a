"""What a root field asks for, in one form: the same call has the same, another one another."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    Node,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    print_ast,
    visit,
)

from commerce.core.exact_json import canonical_json
from resolvers.idempotency import IDEMPOTENT

Fragments = Mapping[str, FragmentDefinitionNode]


def fingerprint(
    nodes: Sequence[FieldNode],
    fragments: Fragments,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
) -> bytes:
    """The field with its arguments and selection, the fragments and variables used in it.

    The rest of the operation may differ, and so may the field's name in the answer.
    """
    texts, used = _asked([_bare(node) for node in nodes], fragments)
    defaults = [
        print_ast(part)
        for part in operation.variable_definitions or ()
        if part.variable.name.value in used
    ]
    given = {name: value for name, value in variables.items() if name in used}
    return "\n".join([*texts, *defaults, canonical_json(given)]).encode()


def _bare(node: FieldNode) -> FieldNode:
    kept = [part for part in node.directives or () if part.name.value != IDEMPOTENT]
    return replace(node, alias=None, directives=tuple(kept))


def _asked(nodes: Sequence[Node], fragments: Fragments) -> tuple[list[str], Collection[str]]:
    """The texts of the nodes and of every fragment below them, and the variables in these."""
    texts: list[str] = []
    mentions = _Mentions()
    rest = list(nodes)
    while rest:
        node = rest.pop(0)
        texts.append(print_ast(node))
        known = set(mentions.fragments)
        visit(node, mentions)
        rest += [fragments[name] for name in mentions.fragments if name not in known]
    return texts, mentions.variables


class _Mentions(Visitor):
    """The names of what is used, in the order of their first use."""

    def __init__(self) -> None:
        super().__init__()
        self.variables: dict[str, None] = {}
        self.fragments: dict[str, None] = {}

    def enter_variable(self, node: VariableNode, *_rest: Any) -> None:
        self.variables[node.name.value] = None

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_rest: Any) -> None:
        self.fragments[node.name.value] = None
