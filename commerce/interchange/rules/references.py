"""Brands, tax classes, categories and collections by the names that whole products know them by."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from zlib import crc32

from commerce.catalog.rules.slugged import MAX_NAME
from commerce.core.absent import ABSENT
from commerce.core.problems import Invalid, NotFound, Path, Problem
from commerce.core.text import MAX_SLUG, slug_of, text_flaw
from commerce.interchange.rules.sets import ProductSet

# What a product names in each of its fields, and what one of them is called.
KINDS: Mapping[str, str] = {
    "brand": "brand",
    "tax_class": "tax class",
    "categories": "category",
    "collections": "collection",
}
SINGLE: Final = frozenset({"brand", "tax_class"})  # of these a product has one
FIXED: Final = frozenset({"tax_class"})  # these are never added for a product


@dataclass(frozen=True, slots=True)
class Thing:
    """A brand, tax class, category or collection; a class's code is its slug."""

    id: int
    slug: str
    name: str


@dataclass(slots=True)
class Names:
    """What there is of one kind, by slug and by name."""

    kind: str
    _by_slug: dict[str, Thing] = field(default_factory=dict)
    _by_name: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, things: Iterable[Thing]) -> None:
        for thing in things:
            self._by_slug[thing.slug] = thing
            self._by_name[thing.name].add(thing.id)
            self._by_name[_loosely(thing.name)].add(thing.id)

    def added(self, names: Mapping[str, str], things: Iterable[Thing]) -> None:
        """What was `missing` is there now; somebody else may have called it differently."""
        self.add(Thing(thing.id, thing.slug, names[thing.slug]) for thing in things)

    def find(self, name: str) -> int | None:
        """By its slug, else by its name, else by its name in other capitals or with hyphens."""
        if name in self._by_slug:
            return self._by_slug[name].id
        called = self._called(name)
        return next(iter(called)) if len(called) == 1 else None

    def problem(self, name: str, path: Path, *, create_missing: bool) -> Problem | None:
        """Why a product cannot refer to `name`."""
        if self.find(name) is not None:
            return None
        if self._called(name):
            return Invalid(f"Several have the name {name}; say the slug of one.", path)
        if create_missing:
            return text_flaw(name, MAX_NAME, *path)
        return NotFound(f"There is no {self.kind} {name}.", path)

    def missing(self, names: Iterable[str]) -> dict[str, str]:
        """Slug and name of what has to be added for all of `names` to be found."""
        missing: dict[str, str] = {}
        for name in names:
            if self.find(name) is None:
                missing.setdefault(self._new_slug(name, missing), name)
        return missing

    def _called(self, name: str) -> set[int]:
        return self._by_name.get(name) or self._by_name.get(_loosely(name)) or set()

    def _new_slug(self, name: str, missing: Mapping[str, str]) -> str:
        """Made of the name; told apart by a checksum where `C++` and `C#` would be the same."""
        slug = slug_of(name)
        same = _loosely(missing.get(slug, name)) == _loosely(name)
        if slug and same and slug not in self._by_slug:
            return slug
        tail = f"-{crc32(_loosely(name).encode()):08x}"
        return (slug or self.kind)[: MAX_SLUG - len(tail)] + tail


def named_in(product: ProductSet, kind: str) -> Sequence[str]:
    """The names a product gives in one of `KINDS`, trimmed."""
    given = getattr(product, kind)
    if given is ABSENT or given is None:
        return ()
    return [name.strip() for name in ([given] if kind in SINGLE else given) if name.strip()]


def wanted_slugs(names: Iterable[str]) -> set[str]:
    """Every slug that one of `names` might be, or be given."""
    return {slug for name in names for slug in (name, slug_of(name))}


def _loosely(name: str) -> str:
    """Names that differ only in capitals, spaces and hyphens are the same."""
    return " ".join(name.replace("-", " ").replace("_", " ").casefold().split())
