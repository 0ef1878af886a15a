"""Changing what a shopper chooses between."""

from collections.abc import Sequence

from commerce.catalog.kinds import OptionStrategy
from commerce.catalog.repository.products import ProductRow
from commerce.catalog.repository.trees import Part
from commerce.catalog.rules.options import option_flaws, put_options
from commerce.catalog.rules.tree import tree_of
from commerce.catalog.rules.wanted import WantedOption
from commerce.catalog.service.editing import ProductEditor
from commerce.core.problems import Problem


class OptionService:
    """To be called in a transaction, which is to be rolled back when a Problem is answered."""

    def __init__(self, editor: ProductEditor) -> None:
        self._editor = editor

    async def set_all(
        self,
        product_id: int,
        options: Sequence[WantedOption],
        strategy: OptionStrategy,
        expected_version: int | None = None,
    ) -> ProductRow | Problem:
        """The product's options are these; see `put_options` for what becomes of its variants."""
        flaws = option_flaws(options, with_values=True)
        if flaws:
            return flaws[0]
        stored = await self._editor.held(product_id, expected_version, Part.VARIANTS, "product_id")
        if isinstance(stored, Problem):
            return stored
        tree = tree_of(stored, self._editor.now())
        problems = put_options(tree, options, strategy)
        if problems:
            return problems[0]
        await self._editor.save([(stored, tree)])
        return (await self._editor.trees.shown([product_id]))[product_id]
