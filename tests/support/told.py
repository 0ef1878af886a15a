"""What each mutation may tell others, as the reviewed list says."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from graphql import DocumentNode, FieldNode, OperationDefinitionNode, OperationType

from commerce.core.db import UnitOfWork
from commerce.core.events import TOLD_BY, Event, EventType

LIST: Final = Path(__file__).parents[1] / "resolvers" / "events.txt"
NONE: Final = "none:"


@cache
def told_by_mutations() -> Mapping[str, frozenset[EventType]]:
    """By the name of the mutation."""
    pairs = (line.split(": ", 1) for line in LIST.read_text().splitlines())
    return {
        name: frozenset()
        if said.startswith(NONE)
        else frozenset(EventType(type_) for type_ in said.split())
        for name, said in pairs
    }


def listen(uow: UnitOfWork) -> set[EventType]:
    """What is recorded from now on, kept or not."""
    heard: set[EventType] = set()
    record = uow.record

    def listening(event: Event) -> None:
        heard.add(event.type)
        record(event)

    uow.record = listening  # type: ignore[method-assign]  # of this one alone
    return heard


def assert_listed(document: DocumentNode, heard: set[EventType]) -> None:
    """A document told nothing but what the list says of its mutations; queries tell nothing."""
    names = {
        field.name.value
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
        if definition.operation is OperationType.MUTATION
        for field in definition.selection_set.selections
        if isinstance(field, FieldNode)
    }
    listed = told_by_mutations()
    may = frozenset[EventType]().union(*(listed.get(name, frozenset()) for name in names))
    told = {type_ for type_ in heard if TOLD_BY.get(type_) not in heard}
    more = sorted(type_.value for type_ in told - may)
    assert not more, f"{', '.join(sorted(names))}: not in {LIST.name}: {more}"
