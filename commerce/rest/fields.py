"""What callers may send, as data: read by the gateway, printed by the documents of the dialects.

A field knows how its value is read, from a text in the address or from JSON alike, and how a JSON
Schema describes what is taken: see `commerce.rest.kinds`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from commerce.rest.errors import Flaw

Json = Any
Reader = Callable[[Any], Any]

REQUIRED: Final = "field is required"


class UnfitError(Exception):
    """`issue` completes a sentence about the field: `must be an integer`.

    `path` is where in the value it is wrong: `("0", "quantity")`.
    """

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__(flaws)
        self.flaws = flaws


def unfit(issue: str) -> UnfitError:
    return UnfitError(Flaw("", issue))


@dataclass(frozen=True, slots=True)
class ValueKind:
    """How values are read, and the JSON Schema of what is taken.

    `also` are the schemas of other forms that bodies may have it in: numbers as texts, and such.
    """

    read: Reader
    schema: Mapping[str, Json]
    also: tuple[Mapping[str, Json], ...] = ()

    @property
    def taken(self) -> Mapping[str, Json]:
        """The JSON Schema of all that a body may say."""
        return {"anyOf": [self.schema, *self.also]} if self.also else self.schema


@dataclass(frozen=True, slots=True)
class Field:
    """A named value. Null counts as not given unless `nullable`; so does an empty text in the
    address. `default` stands in for one that is not given; None leaves it out. `examples` are for
    documents: of what fits, as far as the kind does not tell. Where one that
    `hides` is given, others make no difference any more."""

    name: str
    kind: ValueKind
    required: bool = False
    default: Any = None
    nullable: bool = False
    about: str = ""
    examples: tuple[Json, ...] = ()
    hides: bool = False


Fields = Sequence[Field]


def read_fields(fields: Iterable[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """Those that are given, by name; what is not a field is left out. Raises `UnfitError`."""
    found: dict[str, Any] = {}
    flaws: list[Flaw] = []
    for each in fields:
        value = given.get(each.name)
        if value is None:
            if each.nullable and each.name in given:
                found[each.name] = None
            elif each.required:
                flaws.append(Flaw(each.name, REQUIRED))
            elif each.default is not None:
                found[each.name] = each.default
            continue
        try:
            found[each.name] = each.kind.read(value)
        except UnfitError as error:
            flaws.extend(flaw.below(each.name) for flaw in error.flaws)
    if flaws:
        raise UnfitError(*flaws)
    return found


def schema_of(each: Field) -> Mapping[str, Json]:
    """The JSON Schema of a field's value in a body; null, which counts as none, is always taken
    for one that need not be given."""
    forms = [each.kind.schema, *each.kind.also]
    if each.nullable or not each.required:
        forms.append({"type": "null"})
    schema = {"anyOf": forms} if len(forms) > 1 else forms[0]
    return {**schema, **told_of(each), **({"description": each.about} if each.about else {})}


def told_of(each: Field) -> Mapping[str, Json]:
    """What a field's schema says beside the kind of its values."""
    told = {"default": each.default, "examples": list(each.examples) or None}
    return {name: value for name, value in told.items() if value is not None}
