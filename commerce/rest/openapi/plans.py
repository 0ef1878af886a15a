"""Which of what could be told is told: everything there, everything null, or by chance."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from zlib import crc32

from commerce.rest.openapi.telling import FIRST, Pick

# The last character of a place says of what kind its alternatives are.
MARKS: Final = {"?": "null", "]": "empty", "!": "refused"}
MARKED: Final = frozenset(MARKS)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which alternatives are told: `picking` begins a telling."""

    name: str
    picking: Callable[[], Pick]

    def upon(self, footing: Mapping[str, int]) -> "Plan":
        """The same, but for what is told alike in every plan."""
        return Plan(self.name, lambda: _upon(footing, self.picking())) if footing else self


@dataclass(slots=True)
class Places:
    """Remembers where there was a choice, and of how many."""

    counts: dict[str, int] = field(default_factory=dict)

    def __call__(self, place: str, count: int) -> int:
        self.counts[place] = count
        return 0


def plans_of(counts: Mapping[str, int]) -> Iterator[Plan]:
    """`counts` says where there is a choice, and of how many."""
    yield Plan("everything there", lambda: FIRST)
    for mark, what in MARKS.items():
        yield Plan(f"everything {what}", lambda mark=mark: _wherever(mark, 1))  # type: ignore[misc]  # a default binds
    most = max((count for place, count in counts.items() if place[-1] not in MARKED), default=1)
    for turn in range(1, most):
        yield Plan(f"values in their form {turn + 1}", lambda turn=turn: _wherever("", turn))  # type: ignore[misc]  # a default binds
    for place in counts:
        if place[-1] in MARKED:
            what = MARKS[place[-1]]
            yield Plan(f"{place[:-1]} {what}", lambda place=place: only(place))  # type: ignore[misc]  # a default binds


def _wherever(mark: str, choice: int) -> Pick:
    def pick(place: str, count: int) -> int:
        fits = place[-1] == mark if mark else place[-1] not in MARKED
        return choice % count if fits else 0

    return pick


def only(wanted: str) -> Pick:
    return lambda place, _count: 1 if place == wanted else 0


def by_chance(number: int) -> Plan:
    """The same at each visit of a place, whatever was told in between."""

    def picking() -> Pick:
        visits: dict[str, int] = {}

        def pick(place: str, count: int) -> int:
            visits[place] = visits.get(place, 0) + 1
            dice = crc32(f"{number} {place} {visits[place]}".encode())
            return dice // 2 % count if dice % 2 else 0

        return pick

    return Plan(f"chance {number}", picking)


def _upon(footing: Mapping[str, int], pick: Pick) -> Pick:
    return lambda place, count: footing[place] if place in footing else pick(place, count)
