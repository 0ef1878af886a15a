"""The rates that hold at a place, by class of goods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from commerce.core.places import Area, Place, closest
from commerce.pricing.rules.draft import TaxRate
from commerce.taxes.kinds import ShippingTax

Rates = tuple[TaxRate, ...]


@dataclass(frozen=True, slots=True)
class ZoneRate:
    """A rate as its zone says it; without a class it is on the goods of every class."""

    class_id: int | None
    rate: TaxRate


@dataclass(slots=True)
class Zone:
    """`rates` come in their order: compound ones tax the ones before them."""

    id: int
    priority: int
    areas: list[Area] = field(default_factory=list)
    rates: list[ZoneRate] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TaxTable:
    """`shipping` None spreads the price of shipping over the rates of the goods."""

    by_class: Mapping[int, Rates] = field(default_factory=dict)
    default_class: int | None = None
    everything: Rates = ()
    shipping: Rates | None = ()

    def of(self, tax_class_id: int | None, *, taxable: bool = True) -> Rates:
        """The rates of a class; no class, and one that is gone, is the default one."""
        if not taxable:
            return ()
        found = self.by_class.get(tax_class_id) if tax_class_id is not None else None
        if found is None and self.default_class is not None:
            found = self.by_class.get(self.default_class)
        return self.everything if found is None else found

    def shipping_of(self, tax_class_id: int | None) -> Rates | None:
        """Of a way of shipping that has a class of its own; without one, as the store says."""
        return self.shipping if tax_class_id is None else _on_shipping(self.of(tax_class_id))


@dataclass(frozen=True, slots=True)
class TaxChoices:
    """The store's classes, which of them is the default one, and how shipping is taxed."""

    class_ids: Sequence[int]
    default_class: int | None = None
    shipping_tax: ShippingTax = ShippingTax.CLASS
    shipping_class: int | None = None


def tax_table(choices: TaxChoices, rates: Sequence[ZoneRate]) -> TaxTable:
    """The table in which these rates hold, in this order."""
    everything = tuple(one.rate for one in rates if one.class_id is None)
    by_class = {
        id_: tuple(one.rate for one in rates if one.class_id in (None, id_))
        for id_ in choices.class_ids
    }
    table = TaxTable(by_class, choices.default_class, everything)
    return TaxTable(by_class, choices.default_class, everything, _shipping(choices, table))


def zone_at(zones: Sequence[Zone], place: Place) -> Zone | None:
    """The most closely drawn one; of equal ones the highest priority, then the oldest."""
    areas = [(zone.id, area) for zone in zones for area in zone.areas]
    near = closest(areas, place)
    found = [zone for zone in zones if zone.id in near]
    return min(found, key=lambda zone: (-zone.priority, zone.id), default=None)


def _shipping(choices: TaxChoices, table: TaxTable) -> Rates | None:
    match choices.shipping_tax:
        case ShippingTax.GOODS:
            return None
        case ShippingTax.NONE:
            return ()
        case ShippingTax.CLASS:
            return _on_shipping(table.of(choices.shipping_class))


def _on_shipping(rates: Rates) -> Rates:
    return tuple(rate for rate in rates if rate.on_shipping)
