"""Cartino's filters, `status=` or `filter[status]=`, sorts and lists of words."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from commerce.rest.errors import invalid
from commerce.rest.fields import Field, UnfitError, ValueKind, unfit
from commerce.rest.kinds import choice, commas
from commerce.rest.route import Call

FILTER: Final = re.compile(r"filter\[(\w*)\]")


def some(of: ValueKind) -> ValueKind:
    """Any of the items of `a,b`; one that does not fit is said of the whole parameter."""
    items = commas(of)

    def read(value: Any) -> list[Any]:
        try:
            found: list[Any] = items.read(value)
        except UnfitError as error:
            raise unfit(error.flaws[0].issue) from None
        return found

    return ValueKind(read, items.schema)


def filters(*fields: Field) -> tuple[Field, ...]:
    """Each in both of its forms."""
    return tuple(_both(fields))


def chosen(call: Call, name: str) -> Any:
    """What is asked for by either form; None when nothing is."""
    found = call.args.get(f"filter[{name}]")
    return call.args.get(name) if found is None else found


def refuse_unknown(call: Call, *names: str) -> None:
    """A filter that is not understood must not answer everything. Raises `RefusedError`."""
    for given in call.query.names():
        asked = FILTER.fullmatch(given)
        if asked and asked[1] not in names:
            raise invalid("filter", f"must be one of {', '.join(names)}")


def sorting(*names: str) -> Field:
    """`sort=-created_at,title`."""
    both = (each for name in names for each in (name, f"-{name}"))
    return Field("sort", some(choice(*both)))


def order(call: Call, fields: Mapping[str, str]) -> list[Mapping[str, str]]:
    """The sort as GraphQL wants it; empty when none is asked for."""
    return [
        {
            "field": fields[item.removeprefix("-")],
            "direction": "DESC" if item.startswith("-") else "ASC",
        }
        for item in call.args.get("sort", ())
    ]


def _both(fields: tuple[Field, ...]) -> Iterator[Field]:
    for each in fields:
        yield each
        yield Field(f"filter[{each.name}]", each.kind, about=each.about)
