"""Which units of many become cheaper: those that are given for others, and those of bundles."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from fractions import Fraction

from commerce.pricing.rules.amounts import ZERO
from commerce.pricing.rules.promotions import Bundle, BuyXGetY

Units = Mapping[int, int]  # of each line
Each = Mapping[int, Fraction]  # what one unit of each line costs


def given_units(value: BuyXGetY, bought: Units, gifts: Units, each: Each) -> dict[int, int]:
    """The cheapest gifts. What is both is given only beyond what has to be bought.

    With `a` units that can only be bought, `g` that can only be given and `b` that can be both,
    `t` times fit as long as `t * buy <= a + b`, `t * get <= g + b` and
    `t * (buy + get) <= a + b + g`.
    """
    if value.buy < 1 or value.get < 1:
        return {}
    all_bought, all_gifts = sum(bought.values()), sum(gifts.values())
    every = all_bought + sum(units for key, units in gifts.items() if key not in bought)
    times = min(all_bought // value.buy, all_gifts // value.get, every // (value.buy + value.get))
    times = times if value.most is None else min(times, value.most)
    left, spare = times * value.get, all_bought - times * value.buy
    found = {}
    for key in sorted(gifts, key=lambda key: (each[key], key)):
        found[key] = min(left, gifts[key], spare if key in bought else left)
        left -= found[key]
        spare -= found[key] if key in bought else 0
    return found


def bundled_worth(value: Bundle, units: Units, each: Each) -> tuple[dict[int, Fraction], int]:
    """What the dearest units cost, line by line, in as many bundles as are cheaper than they are,
    and how many bundles that is.
    """
    if value.units < 1:
        return {}, 0
    times = sum(units.values()) // value.units
    times = times if value.most is None else min(times, value.most)
    dearest = sorted(units, key=lambda key: (-each[key], key))

    def worth(bundles: int) -> dict[int, Fraction]:
        return dict(_first(dearest, units, each, bundles * value.units))

    def useless(bundles: int) -> bool:
        gain = sum(worth(bundles).values(), ZERO) - sum(worth(bundles - 1).values(), ZERO)
        return gain <= value.price

    times = bisect_left(range(1, times + 1), True, key=useless)
    return worth(times), times


def _first(
    keys: Iterable[int], units: Units, each: Each, count: int
) -> Iterable[tuple[int, Fraction]]:
    for key in keys:
        taken = min(units[key], count)
        count -= taken
        yield key, each[key] * taken
