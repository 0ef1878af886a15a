"""Who has which slug and sku while several products change at once, one after the other."""

from collections.abc import Iterator, Mapping, Sequence

from commerce.catalog.problems import SkuTaken, SlugTaken
from commerce.catalog.rules.tree import ProductTree, Stored, VariantNode
from commerce.core.problems import Problem

# A product's id, or the tree itself while it has none.
Owner = int | ProductTree


class Claims:
    """Starts from what the database says; each product that is let in changes it for the next."""

    def __init__(self, slugs: Mapping[str, int], skus: Mapping[str, int]) -> None:
        self._slugs: dict[str, Owner] = dict(slugs)
        self._skus: dict[str, Owner] = dict(skus)

    def problems(self, tree: ProductTree, rows: Sequence[VariantNode]) -> Iterator[Problem]:
        """What another product has, said of the `rows` of a request.

        Archived products keep their slug and claim no sku.
        """
        owner = _owner(tree)
        if self._slugs.get(tree.columns["slug"], owner) != owner:
            yield SlugTaken("Another product has this slug.", ("slug",))
        places = {node: place for place, node in enumerate(rows)}
        for node in () if tree.archived else tree.variants:
            if self._skus.get(node.sku or "", owner) != owner:
                path = ("variants", str(places[node]), "sku") if node in places else ("status",)
                yield SkuTaken(f"Another product has the sku {node.sku}.", path)

    def let_in(self, stored: Stored | None, tree: ProductTree) -> None:
        """The product has what it claims from now on, and none of the skus it had before.

        A former slug stays taken until all is written: one statement cannot pass it on.
        """
        owner = _owner(tree)
        for row in (stored.variants or {}).values() if stored is not None else ():
            if self._skus.get(row["sku"]) == owner:
                del self._skus[row["sku"]]
        self._slugs[tree.columns["slug"]] = owner
        if not tree.archived:
            self._skus |= {node.sku: owner for node in tree.variants if node.sku is not None}


def _owner(tree: ProductTree) -> Owner:
    return tree if tree.id is None else tree.id
