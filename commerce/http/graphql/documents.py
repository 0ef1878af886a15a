"""Documents that may be executed: parsed, measured, validated and kept for the next request."""

from dataclasses import dataclass, field
from typing import Final

from graphql import (
    DocumentNode,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    TokenKind,
    parse,
    specified_rules,
    validate,
)

from commerce.core.problems import RequestError
from commerce.core.viewer import Viewer
from commerce.http.graphql.access import Access, AccessRules
from commerce.http.graphql.compiled.tried import Tried
from commerce.http.graphql.cost import Cost
from commerce.http.graphql.errors import RefusedError, refused, refused_by, wrong_document
from commerce.http.graphql.idempotency import IdempotentOnMutations
from commerce.http.graphql.kept import Kept
from commerce.http.graphql.limits import LimitExceededError, Limits, LimitTable
from commerce.http.graphql.measure import Size, measure
from resolvers.permissions import Policies

MAX_ERRORS: Final = 20
RULES: Final = (*specified_rules, IdempotentOnMutations)
PARSE_FAILED: Final = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED: Final = "GRAPHQL_VALIDATION_FAILED"
UNKNOWN_OPERATION: Final = "OPERATION_RESOLUTION_FAILURE"
PLENTY: Final = 10**9


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    node: OperationDefinitionNode
    cost: Cost
    access: Access
    tried: Tried = field(default_factory=Tried)

    @property
    def name(self) -> str | None:
        return self.node.name.value if self.node.name else None

    @property
    def is_query(self) -> bool:
        return self.node.operation is OperationType.QUERY

    @property
    def is_subscription(self) -> bool:
        return self.node.operation is OperationType.SUBSCRIPTION


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A valid document with all that does not depend on who sends it.

    `schema` is the one it is valid for. `stored` ones are our own: limits meant for strangers'
    documents do not apply.
    """

    schema: GraphQLSchema
    tree: DocumentNode
    operations: dict[str | None, Operation]
    size: Size
    tokens: int
    comments: int
    stored: bool = False

    def operation(self, name: str | None) -> Operation:
        """The operation of that name, or the only one; raises `RefusedError` otherwise."""
        if name is not None:
            found = self.operations.get(name)
            if found is None:
                raise _unresolved("The document has no operation of this name.")
            return found
        if len(self.operations) > 1:
            raise _unresolved("Say which operation to run with operationName.")
        return next(iter(self.operations.values()))


class Documents:
    """Checks each text once and keeps the result for every viewer.

    What differs between viewers, the limits and the scopes, is compared per request.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        policies: Policies,
        limits: LimitTable = LimitTable(),
        hide_suggestions: bool = True,
    ) -> None:
        self._schema = schema
        self._access = AccessRules(schema, policies)
        self._limits = limits
        self._hide_suggestions = hide_suggestions
        self._kept: Kept[Document] = Kept()

    def get(self, text: str, viewer: Viewer) -> Document:
        """The document, within the viewer's limits; raises `RefusedError` for any other."""
        limits = self._limits.of(viewer)
        kept = self._kept.get(text)
        try:
            if kept is None:
                kept = self._checked(text, limits)
                self._kept.put(text, kept, len(text))
                return kept
            _check_text(len(text), kept.tokens, kept.comments, limits)
            kept.size.check(limits)
        except RequestError as error:
            raise refused_by(error) from None
        return kept

    def stored(self, text: str) -> Document:
        """A document of our own; it must be valid, its size does not matter."""
        try:
            return self._validated(self._parsed(text, None), stored=True)
        except RequestError as error:
            raise refused_by(error) from None

    def _checked(self, text: str, limits: Limits) -> Document:
        if len(text) > limits.characters:
            raise LimitExceededError("characters", limits.characters)
        return self._validated(self._parsed(text, limits), limits)

    def _parsed(self, text: str, limits: Limits | None) -> DocumentNode:
        try:
            return parse(
                text,
                max_lexical_tokens=limits.tokens if limits else None,
                max_comments=limits.comments if limits else None,
            )
        except GraphQLSyntaxError as error:
            raise _syntax_error(error, limits) from None

    def _validated(
        self, tree: DocumentNode, limits: Limits | None = None, *, stored: bool = False
    ) -> Document:
        measured = measure(self._schema, tree, limits.fragments if limits else PLENTY)
        if limits is not None:
            measured.size.check(limits)
        hide = self._hide_suggestions and not stored
        errors = validate(self._schema, tree, RULES, max_errors=MAX_ERRORS, hide_suggestions=hide)
        if errors:
            raise wrong_document(VALIDATION_FAILED, errors)
        nodes = [part for part in tree.definitions if isinstance(part, OperationDefinitionNode)]
        if not nodes:
            raise _unresolved("The document has no operation.")
        operations = map(Operation, nodes, measured.costs, self._access.of(tree))
        by_name = {operation.name: operation for operation in operations}
        counts = _counts_of_unlinked(tree)
        return Document(self._schema, tree, by_name, measured.size, *counts, stored=stored)


def _unresolved(message: str) -> RefusedError:
    return refused(UNKNOWN_OPERATION, message, lenient=True)


def _check_text(characters: int, tokens: int, comments: int, limits: Limits) -> None:
    """The caps that the parser sets, for a text that somebody with larger ones had parsed."""
    for name, count in (("characters", characters), ("tokens", tokens), ("comments", comments)):
        most = getattr(limits, name)
        if count > most:
            raise LimitExceededError(name, most)


def _syntax_error(error: GraphQLSyntaxError, limits: Limits | None) -> RefusedError:
    """graphql-core tells its caps apart from mistakes by their words alone."""
    for name in ("tokens", "comments"):
        if limits is not None and error.message.endswith(f"{name}. Parsing aborted."):
            return refused_by(LimitExceededError(name, getattr(limits, name)))
    return wrong_document(PARSE_FAILED, [error])


def _counts_of_unlinked(tree: DocumentNode) -> tuple[int, int]:
    """Tokens without comments, and comments; none knows its neighbours any more.

    Linked, they would hold each other when the document goes, until the collector looks at what
    is old: thousands of documents later.
    """
    comments = 0
    count = -2  # the marks of the text's start and end
    token = tree.loc.start_token if tree.loc else None
    while token is not None:
        count += 1
        comments += token.kind is TokenKind.COMMENT
        following, token.prev, token.next = token.next, None, None
        token = following
    return count - comments, comments
