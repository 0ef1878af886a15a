"""What a shopper chooses between: groups of values, and what variants make of a change of them."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from commerce.catalog.kinds import OptionStrategy
from commerce.catalog.problems import OptionInUse
from commerce.catalog.rules.tree import (
    GroupNode,
    ProductTree,
    ValueNode,
    VariantNode,
    new_variant,
)
from commerce.catalog.rules.wanted import WantedOption, WantedValue
from commerce.core.problems import Invalid, NotFound, Path, Problem
from commerce.core.text import text_flaw

MAX_GROUPS: Final = 10
MAX_VALUES: Final = 500
MAX_NAME: Final = 255

Node = TypeVar("Node", GroupNode, ValueNode)
Wanted = WantedOption | WantedValue


def option_flaws(wanted: Sequence[WantedOption], *, with_values: bool) -> list[Problem]:
    """Everything wrong with the given options; `with_values` says that each needs some."""
    flaws = list(_name_flaws(wanted, ("options",)))
    for place, option in enumerate(wanted):
        path = ("options", str(place), "values")
        flaws.extend(_name_flaws(option.values, path))
        if with_values and not option.values:
            flaws.append(Invalid("An option needs at least one value.", path))
    return flaws


def size_flaws(tree: ProductTree) -> Iterator[Problem]:
    if len(tree.groups) > MAX_GROUPS:
        yield Invalid(f"A product has at most {MAX_GROUPS} options.", ("options",))
    for place, group in enumerate(tree.groups):
        path = ("options", str(place), "values")
        if len(group.values) > MAX_VALUES:
            yield Invalid(f"An option has at most {MAX_VALUES} values.", path)
        if not group.values:
            yield Invalid("An option needs at least one value.", path)


def put_options(
    tree: ProductTree, wanted: Sequence[WantedOption], strategy: OptionStrategy
) -> list[Problem]:
    """The options are these, in this order. What stays, by id or name, keeps its variants.

    Variants get the first value of a new group. Those with a removed value are archived, and of
    those that a removed group told apart all but the first, if `strategy` says so; else that they
    are there is the problem.
    """
    before = {group: list(group.values) for group in tree.groups}
    problems = replace_groups(tree, wanted) or list(size_flaws(tree))
    if problems:
        return problems
    in_use = _removed_in_use(tree, before)
    if in_use is not None and strategy is OptionStrategy.REFUSE:
        return [OptionInUse(f"Variants still use {in_use}.", ("options",))]
    _keep_distinct(tree)
    ensure_variant(tree)
    return []


def add_options(tree: ProductTree, wanted: Sequence[WantedOption]) -> list[Problem]:
    """Options and values that the product does not have yet; what it has stays as it is."""
    named = {group.name: [value.name for value in group.values] for group in tree.groups}
    for option in wanted:
        values = named.setdefault(option.name.strip(), [])
        names = dict.fromkeys(value.name.strip() for value in option.values)
        values.extend(name for name in names if name not in values)
    union = [
        WantedOption(name, [WantedValue(value) for value in values])
        for name, values in named.items()
    ]
    return put_options(tree, union, OptionStrategy.REFUSE)


def replace_groups(tree: ProductTree, wanted: Sequence[WantedOption]) -> list[Problem]:
    """Set the groups and their values; variants are left as they are."""
    problems: list[Problem] = []
    groups = list(_matched(tree.groups, wanted, GroupNode, ("options",), problems))
    for place, (group, option) in enumerate(zip(groups, wanted, strict=True)):
        path = ("options", str(place), "values")
        values = list(_matched(group.values, option.values, ValueNode, path, problems))
        for value, item in zip(values, option.values, strict=True):
            value.name = item.name.strip()
        group.name = option.name.strip()
        group.values = values
    tree.groups = groups
    return problems


def ensure_variant(tree: ProductTree) -> None:
    """Every product can be bought: one without variants gets one of the first values."""
    if not tree.variants:
        choices = {group: group.values[0] for group in tree.groups if group.values}
        tree.variants.append(new_variant(tree, choices))


def _matched(
    nodes: Sequence[Node],
    wanted: Sequence[Wanted],
    make: type[Node],
    path: Path,
    problems: list[Problem],
) -> Iterator[Node]:
    """The node of each wanted one: by its id, else by its name, else a new one."""
    by_id = {node.id: node for node in nodes if node.id is not None}
    claimed = {item.id for item in wanted}
    by_name = {node.name: node for node in nodes if node.id is None or node.id not in claimed}
    for place, item in enumerate(wanted):
        name = item.name.strip()
        node = by_name.pop(name, None) if item.id is None else by_id.pop(item.id, None)
        if node is None and item.id is not None:
            problems.append(NotFound("The product has no such option.", (*path, str(place), "id")))
        yield node or make(name)


def _removed_in_use(tree: ProductTree, before: dict[GroupNode, list[ValueNode]]) -> str | None:
    """What is gone from the options though variants have it, in words."""
    used = {value for variant in tree.variants for value in variant.choices.values()}
    kept = set(tree.groups)
    for group, values in before.items():
        for value in values:
            if value in used and (group not in kept or value not in group.values):
                return f"{value.name} of {group.name}"
    return None


def _keep_distinct(tree: ProductTree) -> None:
    """Only variants whose values are all there, and the first of each combination."""
    kept: dict[tuple[ValueNode, ...], VariantNode] = {}
    for variant in tree.variants:
        choices = {group: variant.choices.get(group, group.values[0]) for group in tree.groups}
        if all(value in group.values for group, value in choices.items()):
            combination = tuple(choices.values())
            if combination not in kept:
                variant.choices = choices
                kept[combination] = variant
    tree.variants = list(kept.values())


def _name_flaws(wanted: Sequence[Wanted], path: Path) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, item in enumerate(wanted):
        where = (*path, str(place), "name")
        flaw = text_flaw(item.name, MAX_NAME, *where)
        if flaw is not None:
            yield flaw
        elif item.name.strip() in seen:
            yield Invalid("This name is there twice.", where)
        seen.add(item.name.strip())
