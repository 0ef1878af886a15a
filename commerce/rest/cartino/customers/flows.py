"""Writes of customers, whose custom fields are written by themselves. Each may be run again."""

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any, Final

from commerce.rest.cartino.custom_data import keeping, keys_of
from commerce.rest.cartino.customers import inputs, shapes
from commerce.rest.route import Ask, Call, Node, Steps

ONE: Final = "CartinoCustomer"


def create(call: Call) -> Steps:
    made = yield Ask("CartinoCustomerCreate", {"input": inputs.values(call.body)})
    return shapes.created((yield from _kept(made["customer"], call, ())), call)


def update(call: Call) -> Steps:
    who = inputs.by_id(call)
    known = keys_of((yield Ask(ONE, who)))
    input_ = {**who, **inputs.values(call.body)}
    made = yield Ask("CartinoCustomerUpdate", {"input": input_})
    return shapes.customer((yield from _kept(made["customer"], call, known)), call)


def erase(call: Call) -> Steps:
    """One that is gone is not there."""
    who = inputs.by_id(call)
    yield Ask(ONE, who)
    input_ = {**who, "reason": "OTHER"}
    return shapes.gone((yield Ask("CartinoCustomerErase", {"input": input_})), call)


def _kept(node: Node, call: Call, known: Sequence[str]) -> Generator[Ask, Any, Node]:
    """The customer once its custom fields are written."""
    if "data" not in call.body:
        return node
    for ask in keeping(node["id"], call.body["data"], known):
        name = ask.operation.replace("Cartino", "CartinoCustomer")
        yield replace(ask, operation=name)
    found: Node = yield Ask(ONE, {"id": node["id"]})
    return found
