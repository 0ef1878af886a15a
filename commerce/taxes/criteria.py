"""What lists of classes and zones are asked for, as plain values."""

from dataclasses import dataclass

from commerce.core.criteria import Ids, TextIs


@dataclass(frozen=True, slots=True)
class ClassWhere:
    ids: Ids | None = None
    name: TextIs | None = None
    code: TextIs | None = None
    external_id: TextIs | None = None


@dataclass(frozen=True, slots=True)
class ZoneWhere:
    """`country` is one that an area of the zone names."""

    ids: Ids | None = None
    name: TextIs | None = None
    country: str | None = None
