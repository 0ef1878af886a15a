"""The query part of an address, in the order it was written."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """Of a name that is given twice the last value counts; an empty one counts as not given."""

    pairs: Pairs = ()

    @classmethod
    def parse(cls, raw: bytes) -> "Query":
        return cls(tuple(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)))

    def get(self, name: str) -> str | None:
        for known, value in reversed(self.pairs):
            if known == name:
                return value or None
        return None

    def names(self) -> Iterable[str]:
        return (name for name, value in self.pairs if value)

    def without(self, *names: str) -> "Query":
        """Names are compared as HTTP compares header names."""
        left_out = {name.lower() for name in names}
        return Query(tuple(pair for pair in self.pairs if pair[0].lower() not in left_out))

    def having(self, name: str, value: str) -> "Query":
        """The same query with this one value for `name`, put last."""
        return Query((*self.without(name).pairs, (name, value)))

    def __str__(self) -> str:
        return urlencode(self.pairs)
