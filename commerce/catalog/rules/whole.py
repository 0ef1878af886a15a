"""The parts of a product all at once."""

from collections.abc import Sequence

from commerce.catalog.kinds import OptionStrategy
from commerce.catalog.rules.gallery import media_flaws, put_media
from commerce.catalog.rules.options import (
    add_options,
    ensure_variant,
    option_flaws,
    put_options,
)
from commerce.catalog.rules.tree import ProductTree, VariantNode
from commerce.catalog.rules.variants import (
    named_options,
    put_variants,
    replace_variants,
    variant_flaws,
)
from commerce.catalog.rules.wanted import WantedMedia, WantedOption, WantedVariant
from commerce.core.absent import ABSENT, Absent
from commerce.core.problems import Problem


def part_flaws(
    options: Sequence[WantedOption] | Absent,
    variants: Sequence[WantedVariant] | Absent,
    media: Sequence[WantedMedia] | Absent,
) -> list[Problem]:
    """Everything wrong with the parts that can be seen without the product."""
    flaws: list[Problem] = []
    if options is not ABSENT:
        flaws.extend(option_flaws(options, with_values=not variants or variants is ABSENT))
    for place, row in enumerate(() if variants is ABSENT else variants):
        flaws.extend(variant_flaws(row, "variants", str(place)))
    return flaws if media is ABSENT else [*flaws, *media_flaws(media)]


def put_parts(
    tree: ProductTree,
    options: Sequence[WantedOption] | Absent,
    variants: Sequence[WantedVariant] | Absent,
    media: Sequence[WantedMedia] | Absent,
    *,
    exhaustive: bool = True,
) -> tuple[Sequence[VariantNode], list[Problem]]:
    """Make each given part what it is to be, and answer the variants that were given.

    Every product has a variant: no `variants` at all says nothing. What is not `exhaustive` adds
    to the parts and changes them, and takes nothing away.
    """
    rows = () if variants is ABSENT else variants
    nodes: Sequence[VariantNode] = ()
    problems: list[Problem] = []
    if not exhaustive and tree.variants:
        nodes, problems = _add(tree, () if options is ABSENT else options, rows)
    elif rows:
        nodes, problems = replace_variants(tree, rows, options)
    elif options is not ABSENT:
        problems = put_options(tree, options, OptionStrategy.REFUSE)
    ensure_variant(tree)
    if media is not ABSENT:
        put_media(tree, media, exhaustive=exhaustive)
    return nodes, problems


def _add(
    tree: ProductTree, options: Sequence[WantedOption], rows: Sequence[WantedVariant]
) -> tuple[list[VariantNode], list[Problem]]:
    problems = add_options(tree, [*options, *(named_options(rows) or ())])
    return ([], problems) if problems else put_variants(tree, rows)
