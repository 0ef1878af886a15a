"""What a key must hold for each endpoint of the REST dialects: what its operations' fields ask."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from graphql import GraphQLSchema

from commerce.core.viewer import Policy
from commerce.http.graphql.documents import Document, Documents
from commerce.rest.operations import operation_text
from commerce.rest.route import Dialect, Route
from resolvers.permissions import field_policies


@dataclass(frozen=True, slots=True)
class Asked:
    """Without `must` a call is refused; without `may` some fields are left out or null.

    What is `own` is for people who are signed in, and for no key; what is `public` for everybody.
    """

    must: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    own: bool = False
    public: bool = False

    @property
    def scopes(self) -> tuple[str, ...]:
        """Those that a key must hold; none of what keys do not open."""
        return () if self.own else self.must

    def __str__(self) -> str:
        """`a key with read_orders; for all fields read_stock`."""
        if self.public:
            return "everybody"
        if self.own:
            return "somebody who is signed in"
        must = f" with {', '.join(self.must)}" if self.must else ""
        return f"a key{must}" + (f"; for all fields {', '.join(self.may)}" if self.may else "")


class DialectAccess:
    """Reads stored operations; raises `RefusedError` for one that the schema does not know."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._documents = Documents(schema, field_policies(schema))

    def asked(self, dialect: Dialect, route: Route) -> Asked:
        """What is asked `seldom` opens a part of the endpoint, and is no need of the others."""
        found = self._of(dialect, (route.operation, *route.further))
        more = self._of(dialect, route.seldom)
        may = {*found.may, *more.may, *more.must} - {*found.must}
        return replace(found, may=tuple(sorted(may)), public=route.public)

    def _of(self, dialect: Dialect, names: Iterable[str]) -> Asked:
        texts = (operation_text(dialect.name, name) for name in names)
        return asked_of(self._documents.stored(text) for text in texts)

    def prepare(self, text: str) -> Document:
        return self._documents.stored(text)


def asked_of(documents: Iterable[Document]) -> Asked:
    needs = [
        (selected.included_if, policy)
        for document in documents
        for operation in document.operations.values()
        for selected, need in operation.access.needs.items()
        for policy in need.policies
    ]
    return Asked(
        _scopes(policy for left_out_by, policy in needs if left_out_by is None),
        _scopes(policy for left_out_by, policy in needs if left_out_by is not None),
        own=any(policy.owner and not policy.scopes for _, policy in needs),
    )


def _scopes(found: Iterable[Policy]) -> tuple[str, ...]:
    return tuple(sorted({scope.value for policy in found for scope in policy.scopes}))
