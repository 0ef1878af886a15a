"""Option groups as Shopkit's clients change them: which options a product has then.

Shopkit makes the options of a product out of its groups; ours are said one by one, each with the
id of what it is now.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product as combinations
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.errors import Kind, invalid, not_found, refuse
from commerce.rest.fields import Field
from commerce.rest.kinds import listing, record, text
from commerce.rest.parameters import whole_in_path
from commerce.rest.route import Call
from commerce.rest.shopkit.products.bodies import MOST_READ, amounts, stored_amounts

MOST_GROUPS: Final = 3
TITLE: Final = text(255, least=1)
VALUES: Final = listing(text(255, least=1), MOST_READ, 1)
NEW: Final = record(Field("title", TITLE, required=True), Field("options", VALUES, required=True))
CHANGED: Final = record(Field("title", TITLE), Field("options", VALUES))
CUSTOMS: Final = ("originCountry", "customsCode")
Chosen = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """`old` is what it was called, None for a new one; `known` are the values it had."""

    name: str
    values: tuple[str, ...]
    id: int | None = None
    old: str | None = None
    known: tuple[str, ...] = ()


def with_group(stored: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """A group more: each option stays with its first value, and comes again with the others."""
    groups = _groups(stored)
    if len(groups) == MOST_GROUPS:
        raise invalid("title", f"is one group more than {MOST_GROUPS}")
    if any(group.name.casefold() == call.body["title"].strip().casefold() for group in groups):
        refuse(Kind.CONFLICT)
    return _set(
        stored, [*groups, Group(call.body["title"].strip(), _distinct(call.body["options"]))]
    )


def with_changed_group(stored: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """Another title, other values: options with a value that is gone go with it."""
    groups = _groups(stored)
    place = _place(groups, call)
    group = groups[place]
    values = _distinct(call.body["options"]) if "options" in call.body else group.values
    groups[place] = replace(group, name=call.body.get("title", group.name).strip(), values=values)
    return _set(stored, groups)


def without_group(stored: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """Of options that only differed in this group the first one stays."""
    groups = _groups(stored)
    del groups[_place(groups, call)]
    return _set(stored, groups)


def _set(stored: Mapping[str, Any], groups: Sequence[Group]) -> dict[str, Any]:
    variants = list(_variants(stored["variants"]["nodes"], groups))
    if len(variants) > MOST_READ:
        raise invalid("options", f"make more than {MOST_READ} options")
    if not variants:
        raise invalid("options", "leave no option of the product")
    return {
        "input": {
            "id": global_id("Product", stored["databaseId"]),
            "options": [_option(group) for group in groups],
            "variants": variants,
        }
    }


def _variants(
    stored: Sequence[Mapping[str, Any]], groups: Sequence[Group]
) -> Iterator[dict[str, Any]]:
    """Every combination that is there now, or that a new value makes possible."""
    used: set[int] = set()
    for chosen in combinations(*(group.values for group in groups)):
        same = [one for one in stored if _fits(one, groups, chosen)]
        own = next((one for one in same if one["databaseId"] not in used), None)
        if own is not None and _is_first(groups, chosen):
            used.add(own["databaseId"])
            key = global_id("ProductVariant", own["databaseId"])
            yield {"id": key, "optionValues": _chosen(groups, chosen)}
        elif stored and _is_new(groups, chosen):
            alike = max(stored, key=lambda one: _likeness(one, groups, chosen))
            yield {**_copied(alike), "optionValues": _chosen(groups, chosen)}


def _fits(variant: Mapping[str, Any], groups: Sequence[Group], chosen: Chosen) -> bool:
    """Whether the variant is so in every group that it knows."""
    own = _selected(variant)
    pairs = zip(groups, chosen, strict=True)
    return all(own.get(group.old) == value for group, value in pairs if group.old is not None)


def _is_first(groups: Sequence[Group], chosen: Chosen) -> bool:
    """In a new group the variants that are there get its first value."""
    pairs = zip(groups, chosen, strict=True)
    return all(value == group.values[0] for group, value in pairs if group.old is None)


def _is_new(groups: Sequence[Group], chosen: Chosen) -> bool:
    return any(value not in group.known for group, value in zip(groups, chosen, strict=True))


def _likeness(variant: Mapping[str, Any], groups: Sequence[Group], chosen: Chosen) -> int:
    own = _selected(variant)
    return sum(own.get(group.old) == value for group, value in zip(groups, chosen, strict=True))


def _copied(variant: Mapping[str, Any]) -> dict[str, Any]:
    """A new option costs and weighs what the one most like it does; there is none of it yet."""
    names = ("weightGrams", "taxable", "trackStock", "backorder", *CUSTOMS)
    usual, promo = stored_amounts(variant)
    priced = {} if usual is None else amounts(usual, promo)
    return {**{name: variant[name] for name in names}, **priced}


def _groups(stored: Mapping[str, Any]) -> list[Group]:
    found = []
    for option in stored["options"]:
        values = tuple(value["name"] for value in option["values"])
        name = option["name"]
        found.append(Group(name, values, option["databaseId"], name, values))
    return found


def _place(groups: Sequence[Group], call: Call) -> int:
    id_ = whole_in_path(call.params["group"])
    for place, group in enumerate(groups):
        if group.id == id_:
            return place
    raise not_found()


def _option(group: Group) -> dict[str, Any]:
    key = {} if group.id is None else {"id": global_id("ProductOption", group.id)}
    return {**key, "name": group.name, "values": [{"name": value} for value in group.values]}


def _chosen(groups: Sequence[Group], chosen: Chosen) -> list[dict[str, str]]:
    pairs = zip(groups, chosen, strict=True)
    return [{"name": group.name, "value": value} for group, value in pairs]


def _selected(variant: Mapping[str, Any]) -> dict[str | None, str]:
    return {option["name"]: option["value"] for option in variant["selectedOptions"]}


def _distinct(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in values))
