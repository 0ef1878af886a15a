"""Which variants a product has: finding the ones that are meant, and making them so."""

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import zip_longest
from typing import Final

from commerce.catalog.problems import CombinationTaken, SkuTaken
from commerce.catalog.rules.gallery import new_media
from commerce.catalog.rules.options import replace_groups, size_flaws
from commerce.catalog.rules.tree import (
    Columns,
    GroupNode,
    MediaNode,
    ProductTree,
    ValueNode,
    VariantNode,
    new_variant,
)
from commerce.catalog.rules.wanted import (
    VARIANT_COLUMNS,
    WantedOption,
    WantedValue,
    WantedVariant,
)
from commerce.core.absent import ABSENT, Absent, given
from commerce.core.countries import country_codes
from commerce.core.problems import Invalid, NotFound, Path, Problem
from commerce.core.text import text_flaw, words_flaw
from commerce.core.urls import url_flaw

MAX_VARIANTS: Final = 2_048
MAX_CODE: Final = 255
MAX_WHOLE: Final = 2**31 - 1
WEIGHT_UNITS: Final = ("g", "kg", "oz", "lb")
WHOLE: Final = ("weight_grams", "length_mm", "width_mm", "height_mm")
CODES: Final = ("sku", "barcode", "tax_code")
CUSTOMS_CODE: Final = re.compile("[0-9]{6,13}")

Found = Sequence[VariantNode | None]
_KeyOfRow = Callable[[WantedVariant], Hashable]
_KeyOfNode = Callable[[VariantNode], Hashable]
ValuesByName = dict[tuple[GroupNode, str], ValueNode]


def variant_flaws(row: WantedVariant, *path: str) -> list[Problem]:
    """Everything wrong with a row that can be seen without the product."""
    values = given(row, VARIANT_COLUMNS)
    flaws = [words_flaw(values.get(name) or "", MAX_CODE, *path, name) for name in CODES]
    flaws.extend(
        Invalid(f"This must be from 0 to {MAX_WHOLE}.", (*path, name))
        for name in WHOLE
        if not 0 <= (values.get(name) or 0) <= MAX_WHOLE
    )
    if values.get("weight_unit", "kg") not in WEIGHT_UNITS:
        message = f"This must be one of {', '.join(WEIGHT_UNITS)}."
        flaws.append(Invalid(message, (*path, "weight_unit")))
    flaws.extend(_customs_flaws(values, path))
    if isinstance(row.media_url, str):
        flaws.append(url_flaw(row.media_url, *path, "media_url"))
    return [*(flaw for flaw in flaws if flaw is not None), *_choice_flaws(row, path)]


def _customs_flaws(values: Columns, path: Path) -> Iterator[Invalid]:
    country, code = values.get("origin_country"), values.get("customs_code")
    if country is not None and country not in country_codes():
        message = "There is no country with this ISO 3166-1 alpha-2 code."
        yield Invalid(message, (*path, "origin_country"))
    if code is not None and CUSTOMS_CODE.fullmatch(code) is None:
        yield Invalid("This must be 6 to 13 digits.", (*path, "customs_code"))


def put_variants(
    tree: ProductTree, rows: Sequence[WantedVariant]
) -> tuple[list[VariantNode], list[Problem]]:
    """Change the variants that the rows mean and add those that are not there yet.

    Answers the variant of each row, none where there are problems. Values that an option does not
    have are added to it.
    """
    found, problems = _found(tree, rows, optionless=not tree.groups)
    if problems:
        return [], problems
    nodes = _written(tree, rows, found, _values_by_name(tree), problems)
    tree.variants.extend(node for node, known in zip(nodes, found, strict=True) if known is None)
    return nodes, problems or list(_conflicts(tree, nodes))


def replace_variants(
    tree: ProductTree,
    rows: Sequence[WantedVariant],
    options: Sequence[WantedOption] | Absent = ABSENT,
) -> tuple[list[VariantNode], list[Problem]]:
    """The variants are these, in this order; of `options`, what they name if those are absent."""
    optionless = not tree.groups and (options is ABSENT or not options)
    found, problems = _found(tree, rows, optionless=optionless)
    if problems:
        return [], problems
    values = _values_by_name(tree)
    wanted = named_options(rows, found) if options is ABSENT else options
    if wanted is not None:
        problems.extend(replace_groups(tree, wanted))
        values |= _values_by_name(tree)
    tree.variants = _written(tree, rows, found, values, problems)
    return tree.variants, problems or list(_conflicts(tree, tree.variants))


def _found(
    tree: ProductTree, rows: Sequence[WantedVariant], *, optionless: bool
) -> tuple[list[VariantNode | None], list[Problem]]:
    """The variant each row means: by its id, else by its sku, else by its combination.

    A row that says no options has a combination only in a product that has none.
    """
    found: dict[int, VariantNode] = {}
    free = dict.fromkeys(tree.variants)
    searches: tuple[tuple[_KeyOfRow, _KeyOfNode], ...] = (
        (lambda row: row.id, lambda node: node.id),
        (lambda row: _sku(row) if row.id is None else None, lambda node: node.sku),
        (lambda row: _combination(row, optionless) if row.id is None else None, _names),
    )
    for key_of_row, key_of_node in searches:
        nodes = {key_of_node(node): node for node in free}
        for place, row in enumerate(rows):
            key = key_of_row(row) if place not in found else None
            if key is not None and key in nodes:
                found[place] = nodes.pop(key)
                del free[found[place]]
    message = "The product has no such variant, or it is named twice."
    problems: list[Problem] = [
        NotFound(message, ("variants", str(place), "id"))
        for place, row in enumerate(rows)
        if row.id is not None and place not in found
    ]
    problems.extend(
        _there_already(rows[place], place, node)
        for place, node in found.items()
        if rows[place].must_be_new
    )
    return [found.get(place) for place in range(len(rows))], problems


def _there_already(row: WantedVariant, place: int, node: VariantNode) -> Problem:
    """Of a row that was to be new."""
    path = ("variants", str(place))
    if row.id is not None:
        return Invalid("A new variant has no id yet.", (*path, "id"))
    if _sku(row) is not None and _sku(row) == node.sku:
        return SkuTaken(f"Another variant has the sku {node.sku}.", (*path, "sku"))
    return CombinationTaken("Another variant has these options.", (*path, "option_values"))


def _written(
    tree: ProductTree,
    rows: Sequence[WantedVariant],
    found: Found,
    values: ValuesByName,
    problems: list[Problem],
) -> list[VariantNode]:
    nodes = []
    pictures = {node.url: node for node in tree.media}
    for place, (row, known) in enumerate(zip(rows, found, strict=True)):
        path = ("variants", str(place))
        node = new_variant(tree) if known is None else known
        named = row.id is not None or (_sku(row) is not None and node.sku == _sku(row))
        node.columns.update(_columns(row))
        problems.extend(_choose(tree, node, row, values, path, named=named))
        problems.extend(_show(tree, node, row, pictures, path))
        nodes.append(node)
    return nodes


def _columns(row: WantedVariant) -> Columns:
    columns = given(row, VARIANT_COLUMNS)
    for name in ("sku", "barcode"):
        if name in columns:
            columns[name] = (columns[name] or "").strip() or None
    return columns


def skus_of(rows: Sequence[WantedVariant]) -> set[str]:
    return {sku for sku in map(_sku, rows) if sku is not None}


def _sku(row: WantedVariant) -> str | None:
    return row.sku.strip() or None if isinstance(row.sku, str) else None


def _choose(
    tree: ProductTree,
    node: VariantNode,
    row: WantedVariant,
    values: ValuesByName,
    path: Path,
    *,
    named: bool,
) -> Iterator[Problem]:
    """Give the variant a value in each group: the row's, else its own, else the first one.

    The first one only to those `named` by id or sku. A row that was found by its combination would
    not be found by it again.
    """
    wanted = {name.strip(): value.strip() for name, value in _choices(row)}
    choices: dict[GroupNode, ValueNode] = {}
    for group in tree.groups:
        name = wanted.pop(group.name, None)
        own = node.choices.get(group)
        if name is not None:
            choices[group] = _value(group, name, values)
        elif own is not None and own in group.values:
            choices[group] = own
        elif named and group.values:
            choices[group] = group.values[0]
        else:
            yield Invalid(f"Say which {group.name} it is.", (*path, "option_values"))
    node.choices = choices
    for name in wanted:
        yield NotFound(f"The product has no option {name}.", (*path, "option_values"))


def _value(group: GroupNode, name: str, values: ValuesByName) -> ValueNode:
    """The group's value of that name, which it gets if it has none."""
    value = values.setdefault((group, name), ValueNode(name))
    if value.name != name:  # renamed meanwhile
        value = values[group, name] = ValueNode(name)
    if value not in group.values:
        group.values.append(value)
    return value


def _show(
    tree: ProductTree,
    node: VariantNode,
    row: WantedVariant,
    pictures: dict[str, MediaNode],
    path: Path,
) -> Iterator[Problem]:
    if row.media_id is None or row.media_url is None:
        node.media = None
    if isinstance(row.media_id, int):
        node.media = next((item for item in tree.media if item.id == row.media_id), None)
        if node.media is None:
            yield NotFound("The product has no such picture.", (*path, "media_id"))
    elif isinstance(row.media_url, str):
        url = row.media_url.strip()
        if url not in pictures:
            pictures[url] = new_media(url)
            tree.media.append(pictures[url])
        node.media = pictures[url]


def _conflicts(tree: ProductTree, written: Sequence[VariantNode]) -> Iterator[Problem]:
    """What cannot be told apart, said of the later row; rows yield to variants not written."""
    yield from size_flaws(tree)
    if len(tree.variants) > MAX_VARIANTS:
        yield Invalid(f"A product has at most {MAX_VARIANTS} variants.", ("variants",))
    rows = {node: place for place, node in enumerate(written)}
    skus: set[str] = set()
    combinations: set[tuple[ValueNode, ...]] = set()
    for node in sorted(tree.variants, key=lambda node: rows.get(node, -1)):
        path = ("variants", str(rows.get(node)))
        combination = tuple(node.choices[group] for group in tree.groups if group in node.choices)
        if node in rows and combination in combinations:
            yield CombinationTaken("Another variant has these options.", (*path, "option_values"))
        if node in rows and node.sku in skus:
            yield SkuTaken(f"Another variant has the sku {node.sku}.", (*path, "sku"))
        combinations.add(combination)
        if node.sku is not None:
            skus.add(node.sku)


def named_options(rows: Sequence[WantedVariant], found: Found = ()) -> list[WantedOption] | None:
    """The options that the rows name, in the order they do; None where no row says any.

    A row that says none is what its `found` variant is.
    """
    if all(row.options is ABSENT for row in rows):
        return None
    named: dict[str, dict[str, None]] = {}
    for row, node in zip_longest(rows, found):
        own = node.choices.items() if node is not None else ()
        pairs = [(group.name, value.name) for group, value in own]
        for name, value in _choices(row) if row.options is not ABSENT else pairs:
            named.setdefault(name.strip(), {})[value.strip()] = None
    return [
        WantedOption(name, [WantedValue(value) for value in values])
        for name, values in named.items()
    ]


def _choices(row: WantedVariant) -> Sequence[tuple[str, str]]:
    return () if row.options is ABSENT else row.options


def _combination(row: WantedVariant, optionless: bool) -> frozenset[tuple[str, str]] | None:
    if row.options is ABSENT and not optionless:
        return None
    return frozenset((name.strip(), value.strip()) for name, value in _choices(row))


def _names(node: VariantNode) -> frozenset[tuple[str, str]]:
    return frozenset((group.name, value.name) for group, value in node.choices.items())


def _values_by_name(tree: ProductTree) -> ValuesByName:
    return {(group, value.name): value for group in tree.groups for value in group.values}


def _choice_flaws(row: WantedVariant, path: Path) -> Iterator[Problem]:
    seen: set[str] = set()
    for name, value in _choices(row):
        for text in (name, value):
            flaw = text_flaw(text, MAX_CODE, *path, "option_values")
            if flaw is not None:
                yield flaw
        if name.strip() in seen:
            yield Invalid(f"The option {name.strip()} is named twice.", (*path, "option_values"))
        seen.add(name.strip())
