"""Brands, categories and collections by the names that whole products know them by."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from commerce.catalog.rules.slugged import MAX_NAME, base_slug
from commerce.catalog.rules.text import slug_of, text_flaw
from commerce.core.absent import ABSENT
from commerce.core.problems import Invalid, NotFound, Path, Problem
from commerce.interchange.rules.sets import ProductSet

# What a product names in each of its fields, and what one of them is called.
KINDS: Mapping[str, str] = {
    "brand": "brand",
    "categories": "category",
    "collections": "collection",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """A brand, category or collection."""

    id: int
    slug: str
    name: str


@dataclass(slots=True)
class Names:
    """What there is of one kind, by slug and by name."""

    kind: str
    _by_slug: dict[str, int] = field(default_factory=dict)
    _by_name: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, things: Iterable[Thing]) -> None:
        for thing in things:
            self._by_slug[thing.slug] = thing.id
            self._by_name[thing.name].add(thing.id)

    def find(self, name: str) -> int | None:
        """By its slug, else by its name, else by the slug that its name would make."""
        called = self._by_name.get(name, set())
        if name in self._by_slug or len(called) != 1:
            return self._by_slug.get(name, self._by_slug.get(self.slug(name)))
        return next(iter(called))

    def problem(self, name: str, path: Path, *, create_missing: bool) -> Problem | None:
        """Why a product cannot refer to `name`."""
        if name in self._by_slug:
            return None
        if len(self._by_name.get(name, ())) > 1:
            return Invalid(f"Several have the name {name}; say the slug of one.", path)
        if self.find(name) is not None:
            return None
        if create_missing:
            return text_flaw(name, MAX_NAME, *path)
        return NotFound(f"There is no {self.kind} {name}.", path)

    def slug(self, name: str) -> str:
        """The slug of a new one with that name."""
        return base_slug(name, self.kind)

    def missing(self, names: Iterable[str]) -> dict[str, str]:
        """Slug and name of what has to be added for all of `names` to be found."""
        return {self.slug(name): name for name in names if self.find(name) is None}


def named_in(product: ProductSet, kind: str) -> Sequence[str]:
    """The names a product gives in one of `KINDS`, trimmed."""
    given = getattr(product, kind)
    if given is ABSENT or given is None:
        return ()
    return [name.strip() for name in ([given] if kind == "brand" else given) if name.strip()]


def wanted_slugs(names: Iterable[str]) -> set[str]:
    """Every slug under which one of `names` might be found."""
    return {slug for name in names for slug in (name, slug_of(name))}
