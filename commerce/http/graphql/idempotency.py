"""Mutations with a key: each such root field is done once, and answered the same afterwards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    ValidationContext,
    ValidationRule,
    get_directive_values,
)
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from graphql.execution.executor import CollectedErrors
from graphql.execution.values import get_argument_values
from graphql.pyutils import AwaitableOrValue, Path, Undefined
from sqlalchemy.exc import DBAPIError

from commerce.core.call import InvalidKeyError
from commerce.core.exact_json import read_json, write_json
from commerce.core.viewer import ANONYMOUS, Viewer
from commerce.http.graphql.errors import cause_of
from commerce.http.graphql.fingerprint import fingerprint
from commerce.http.graphql.lean import LeanExecutor
from commerce.idempotency.problems import KeyRequiredError
from commerce.idempotency.rules import key_for, must_have_key
from commerce.idempotency.service import Asked
from resolvers.idempotency import IDEMPOTENT
from resolvers.mutations import Manner, manner_of

REPLAYED: Final = "idempotency"  # the extension that says which root fields were replayed


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with an operation: who sent it, the key of its header, its variables.

    `lenient` ones need no key where others must have one.
    """

    viewer: Viewer = ANONYMOUS
    key: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    lenient: bool = False


@dataclass(frozen=True, slots=True)
class Keyed:
    """A root field with a key, ready to be run."""

    key: str
    manner: Manner
    type: GraphQLObjectType
    source: Any
    details: FieldDetailsList
    path: Path

    @property
    def nodes(self) -> list[FieldNode]:
        return [detail.node for detail in self.details]

    @property
    def name(self) -> str:
        return self.nodes[0].name.value


class MutationExecutor(LeanExecutor):
    """Set `sent` before it is run. Without any key it does what its parent does."""

    sent: Sent = Sent()
    _replayed: tuple[str, ...] = ()

    def execute_fields_serially(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: GroupedFieldSet,
        position_context: Any,
    ) -> AwaitableOrValue[dict[str, Any]]:
        """Raises a `RequestError` before anything is run when a key is missing or is none."""
        keys = self._keys(parent_type, grouped_field_set)
        if not keys:
            return super().execute_fields_serially(
                parent_type, source_value, path, grouped_field_set, position_context
            )
        return self._one_by_one(parent_type, source_value, grouped_field_set, keys)

    def build_response(self, data: dict[str, Any] | None) -> Any:
        response = super().build_response(data)
        if self._replayed and isinstance(response, ExecutionResult):
            response.extensions = {REPLAYED: {"replayed": list(self._replayed)}}
        return response

    def _keys(self, type_: GraphQLObjectType, fields: GroupedFieldSet) -> dict[str, str]:
        """The key of each root field that has one, by its name in the answer."""
        keys: dict[str, str] = {}
        nodes = {name: [detail.node for detail in details] for name, details in fields.items()}
        real = {name: of for name, of in nodes.items() if of[0].name.value in type_.fields}
        for name, of in real.items():
            key = self._key(of, alone=len(real) == 1)
            if key is not None:
                keys[name] = key_for(self.sent.viewer, key)
            elif must_have_key(self.sent.viewer) and not self.sent.lenient:
                self._check_keyless(type_.fields[of[0].name.value], of[0])
        return keys

    def _key(self, nodes: Sequence[FieldNode], *, alone: bool) -> str | None:
        header = self.sent.key
        if header is not None and not alone:
            raise InvalidKeyError(
                "The header Idempotency-Key is for operations with one root field: "
                "give each field its own key with @idempotent."
            )
        given = {header, *self._declared_keys(nodes)} - {None}
        if len(given) > 1:
            raise InvalidKeyError("One root field is given several idempotency keys.")
        return next(iter(given), None)

    def _declared_keys(self, nodes: Sequence[FieldNode]) -> Iterator[str]:
        """Of a field that is selected more than once, any of the selections may have it."""
        directive = self.schema.get_directive(IDEMPOTENT)
        if directive is None:
            return
        for node in nodes:
            values = get_directive_values(directive, node, self.variable_values)
            if values:
                yield values["key"]

    def _check_keyless(self, field: GraphQLField, node: FieldNode) -> None:
        """Raises `KeyRequiredError` for a mutation that must have a key and has none."""
        manner = manner_of(field)
        if not manner.needs_key:
            return
        given = get_argument_values(field, node, self.variable_values).get("input") or {}
        if manner.own_key is None or not given.get(manner.own_key):
            raise KeyRequiredError(_wanted(node.name.value, manner))

    async def _one_by_one(
        self,
        type_: GraphQLObjectType,
        source: Any,
        fields: GroupedFieldSet,
        keys: Mapping[str, str],
    ) -> dict[str, Any]:
        results: dict[str, Any] = {}
        for name, details in fields.items():
            path = Path(None, name, type_.name)
            key = keys.get(name)
            if key is None:
                value = self.execute_field(type_, source, details, path, None)
            else:
                manner = manner_of(type_.fields[details[0].node.name.value])
                value = self._located(Keyed(key, manner, type_, source, details, path))
            if self.is_awaitable(value):
                value = await value
            if value is not Undefined:
                results[name] = value
        return results

    async def _located(self, keyed: Keyed) -> Any:
        """What goes wrong is told of the field, as graphql-core does it."""
        try:
            return await self._once(keyed)
        except Exception as error:
            type_ = keyed.type.fields[keyed.name].type
            self.handle_field_error(error, type_, keyed.details, keyed.path)
            return None

    async def _once(self, keyed: Keyed) -> Any:
        request = fingerprint(
            keyed.nodes, self.fragment_definitions, self.operation, self.sent.variables
        )
        asked = Asked(
            keyed.key, keyed.name, request, steps=keyed.manner.steps, kept=keyed.manner.kept
        )
        service = self.context_value.services.idempotency
        answered = await service.once(asked, partial(self._whole, keyed))
        if answered.replayed:
            self._replayed += (str(keyed.path.key),)
        # Made from the stored bytes the first time as well, so that both are printed the same.
        return read_json(answered.answer)

    async def _whole(self, keyed: Keyed) -> bytes:
        """The field's answer with all that is selected in it; raises the first error in there."""
        outer, self.collected_errors = self.collected_errors, CollectedErrors()
        try:
            value = self.execute_field(keyed.type, keyed.source, keyed.details, keyed.path, None)
            if self.is_awaitable(value):
                value = await value
            errors: Sequence[GraphQLError] = self.collected_errors.errors
        except GraphQLError as error:
            errors = [error]
        finally:
            self.collected_errors = outer
        if errors:
            raise _to_raise(errors[0])
        return write_json(value)


def _to_raise(error: GraphQLError) -> Exception:
    """A database error as it is: the transaction knows which ones to try again."""
    cause = cause_of(error)
    return cause if isinstance(cause, DBAPIError) else error


def _wanted(name: str, manner: Manner) -> str:
    other = f" or the input field {manner.own_key}" if manner.own_key else ""
    return f"{name} needs an idempotency key: the header Idempotency-Key, @idempotent{other}."


class IdempotentOnMutations(ValidationRule):
    """`@idempotent` stands on root fields of mutations alone: elsewhere it would do nothing."""

    context: ValidationContext

    def enter_field(self, node: FieldNode, *_rest: Any) -> None:
        if not node.directives:
            return
        misplaced = self.context.get_parent_type() is not self.context.schema.mutation_type
        for directive in node.directives:
            if misplaced and directive.name.value == IDEMPOTENT:
                message = "@idempotent can only stand on the root fields of a mutation."
                self.context.report_error(GraphQLError(message, directive))
