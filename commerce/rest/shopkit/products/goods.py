"""A product, and what several of its keys are made of: worked out once, whoever prints it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from commerce.rest.route import Json, Node
from commerce.rest.shopkit.pictures import images_of
from commerce.rest.shopkit.products.prices import Prices, percent_of, prices_of


class Goods(NamedTuple):
    """`prices` are those of the `variants`, in their order; `percent` is the tax on them."""

    node: Node
    variants: Sequence[Node]
    prices: Sequence[Prices]
    taxable: bool
    percent: Decimal
    pictures: Sequence[Json]

    @classmethod
    def of(cls, node: Node) -> "Goods":
        variants = node["variants"]["nodes"]
        taxable = any(variant["taxable"] for variant in variants)
        return cls(
            node,
            variants,
            list(map(prices_of, variants)),
            taxable,
            percent_of(node, taxable=taxable),
            images_of(node["media"]["nodes"]),
        )
