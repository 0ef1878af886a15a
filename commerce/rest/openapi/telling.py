"""Made-up answers: what an operation could answer, made of the types that it selects.

A `Story` says which of the possible answers is told: whether a field is null, how long a list is,
which value an enum has. Two stories that choose alike and differ in `seed` differ in all that is
told freely, so that what a shape prints in both is its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from commerce.core.ids import global_id

# Which of `count` alternatives is taken at a place.
Pick = Callable[[str, int], int]
Make = Callable[["Story"], Any]

FIRST: Final[Pick] = lambda _place, _count: 0  # noqa: E731  # a constant of its kind
LENGTHS: Final = 3


@dataclass(slots=True)
class Story:
    seed: int = 0
    pick: Pick = FIRST
    variables: Mapping[str, Any] = field(default_factory=dict)
    told: int = 0

    def next(self) -> int:
        self.told += 1
        return self.told * 10 + 3 * self.seed + 1


class Told(Protocol):
    def tell(self, story: Story) -> Any: ...


@dataclass(frozen=True, slots=True)
class Scalar:
    place: str
    forms: tuple[Make, ...]

    def tell(self, story: Story) -> Any:
        return self.forms[story.pick(self.place, len(self.forms))](story)


@dataclass(frozen=True, slots=True)
class Perhaps:
    """What may be null."""

    place: str
    of: Told

    def tell(self, story: Story) -> Any:
        return None if story.pick(f"{self.place}?", 2) else self.of.tell(story)


@dataclass(frozen=True, slots=True)
class Several:
    """One, none, several."""

    place: str
    of: Told

    def tell(self, story: Story) -> Any:
        length = (1, 0, 2 + story.seed)[story.pick(f"{self.place}[]", LENGTHS)]
        return [self.of.tell(story) for _ in range(length)]


# Under which variables a field is selected: any of these, all of each.
Conditions = tuple[tuple[tuple[str, bool], ...], ...]
ALWAYS: Final[Conditions] = ((),)


@dataclass(frozen=True, slots=True)
class Member:
    key: str
    of: Told
    conditions: Conditions = ALWAYS

    def selected(self, story: Story) -> bool:
        if self.conditions == ALWAYS:  # nearly all of them
            return True
        return any(all(_given(story, *each) for each in together) for together in self.conditions)


@dataclass(frozen=True, slots=True)
class Group:
    members: tuple[Member, ...]

    def tell(self, story: Story) -> Any:
        return {each.key: each.of.tell(story) for each in self.members if each.selected(story)}


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of the types that an interface or a union stands for."""

    place: str
    groups: tuple[Told, ...]

    def tell(self, story: Story) -> Any:
        return self.groups[story.pick(f"{self.place}|", len(self.groups))].tell(story)


class FreeJson(dict[str, Any]):
    """A JSON value that could be any other."""


def _given(story: Story, variable: str, wanted: bool) -> bool:
    """Scopes are variables that no input function gives: both ways are told."""
    if variable in story.variables:
        return bool(story.variables[variable]) is wanted
    return (story.pick(f"${variable}", 2) == 0) is wanted


def text_forms(name: str) -> tuple[Make, ...]:
    lower = name.lower()
    if lower.endswith(("url", "uri")):
        return (
            lambda story: f"https://host{story.seed}.example/{story.next()}",
            lambda _story: "",
        )
    if lower.endswith("email"):
        return (lambda story: f"name{story.next()}@host{story.seed}.example",)
    if lower == "actor":
        return (lambda story: f"api_key:{story.next()}", lambda _story: "system", lambda _story: "")
    return (lambda story: f"text {story.next()}", lambda _story: "")


SCALARS: Final[Mapping[str, tuple[Make, ...]]] = {
    "Int": (Story.next, lambda _story: 0),
    "Float": (lambda story: story.next() + 0.5, lambda _story: 0.0),
    "Boolean": (lambda _story: True, lambda _story: False),
    "Decimal": (lambda story: f"{story.next()}.5{story.seed + 1}", lambda _story: "0"),
    "DateTime": (lambda story: f"202{story.seed + 4}-01-15T10:{story.next() % 50 + 10}:00.25Z",),
    "Date": (lambda story: f"202{story.seed + 4}-01-15",),
    "CurrencyCode": (lambda story: ("EUR", "JPY")[story.seed],),
    "JSON": (lambda _story: FreeJson(), lambda story: FreeJson(text=f"text {story.next()}")),
}


def scalar_forms(type_name: str, parent: str, field_name: str) -> tuple[Make, ...]:
    """Keys are also told as those that made-up calls ask for: see `examples`."""
    if type_name == "ID":
        return (
            lambda story: global_id(parent, story.next()),
            lambda story: global_id(parent, story.seed + 1),
        )
    if field_name == "databaseId":
        return (Story.next, lambda story: story.seed + 1)
    return SCALARS.get(type_name) or text_forms(field_name)


def enum_forms(names: Sequence[str]) -> tuple[Make, ...]:
    return tuple(_always(name) for name in names)


def _always(name: str) -> Make:
    return lambda _story: name
