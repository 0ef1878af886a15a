"""Which events each mutation may tell, or why none: a file, so that every change is reviewed.

Whatever tests send to the schema is checked against it, too (`tests.support.told`).
"""

from commerce.core.events import EventType
from resolvers.schema import policies
from tests.support.graphql import schema
from tests.support.told import LIST, NONE, told_by_mutations

# Told by what the server does by itself.
BY_ITSELF = {
    EventType.CART_ABANDONED,
    EventType.JOB_UPDATED,
    EventType.PAYMENT_REFUNDED,
    EventType.WEBHOOK_ENDPOINT_DISABLED,
}


def test_every_mutation_says_what_it_tells_or_why_it_tells_nothing() -> None:
    mutations = {field for type_, field in policies(schema()) if type_ == "Mutation"}
    assert set(told_by_mutations()) == mutations


def test_the_list_is_in_order_and_says_each_thing_once() -> None:
    lines = LIST.read_text().splitlines()
    assert lines == sorted(lines)
    for line in lines:
        name, said = line.split(": ", 1)
        if said.startswith(NONE):
            assert len(said) > len(NONE) + 5, f"{name} does not say why"
        else:
            assert said.split() == sorted(set(said.split())), name


def test_every_event_is_told_by_something() -> None:
    listed = frozenset[EventType]().union(*told_by_mutations().values())
    assert set(EventType) - listed - BY_ITSELF == set()
