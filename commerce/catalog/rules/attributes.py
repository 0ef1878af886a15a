"""Typed attributes: what they may be, and which values fit them."""

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from commerce.catalog.kinds import AttributeType
from commerce.catalog.rules.order import first_repeated
from commerce.core.problems import Invalid, Problem
from commerce.core.text import text_flaw, words_flaw

CODE: Final = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
MAX_CODE: Final = 64
MAX_LABEL: Final = 200
MAX_UNIT: Final = 32
MAX_CHOICES: Final = 1_000
MAX_CHOICE: Final = 200
MAX_TEXT: Final = 2_000
MAX_DIGITS: Final = 30
MAX_POSITION: Final = 2**31 - 1
WITH_CHOICES: Final = frozenset({AttributeType.CHOICE, AttributeType.CHOICES})


class ValueRow(NamedTuple):
    """One row of a value as it is stored; `text` is what a person reads."""

    text: str
    number: Decimal | None = None
    boolean: bool | None = None
    date: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class WantedValue:
    """A product's value of the attribute with this code; without any part it is taken away."""

    code: str
    text: str | None = None
    number: Decimal | None = None
    boolean: bool | None = None
    date: datetime.date | None = None
    choice: str | None = None
    choices: Sequence[str] | None = None

    def given(self) -> dict[str, Any]:
        """The parts somebody filled, by name."""
        parts = {kind.value: getattr(self, kind.value) for kind in AttributeType}
        return {name: part for name, part in parts.items() if part is not None}


def attribute_flaw(values: Mapping[str, Any]) -> Problem | None:
    """The first flaw of an attribute as it is to be: all its columns."""
    return next(_flaws(values), None)


def _flaws(values: Mapping[str, Any]) -> Iterator[Problem]:
    if len(values["code"]) > MAX_CODE or not CODE.fullmatch(values["code"]):
        message = "A code is lower-case letters and digits, joined by - or _."
        yield Invalid(message, ("code",))
    yield from _only(text_flaw(values["label"], MAX_LABEL, "label"))
    yield from _only(words_flaw(values["unit"], MAX_UNIT, "unit"))
    if abs(values["position"]) > MAX_POSITION:
        yield Invalid("This is too large.", ("position",))
    yield from _choice_flaws(values["type"], values["choices"])


def _choice_flaws(kind: AttributeType, choices: Sequence[str]) -> Iterator[Problem]:
    if bool(choices) != (kind in WITH_CHOICES):
        yield Invalid("Attributes with a choice have choices, and no others.", ("choices",))
    if len(choices) > MAX_CHOICES:
        yield Invalid(f"An attribute has at most {MAX_CHOICES} choices.", ("choices",))
    for place, choice in enumerate(choices):
        yield from _only(text_flaw(choice, MAX_CHOICE, "choices", str(place)))
    repeated = first_repeated(choice.casefold() for choice in choices)
    if repeated is not None:
        yield Invalid("This choice was named before.", ("choices", str(repeated)))


def cleaned_attribute(values: Mapping[str, Any]) -> dict[str, Any]:
    columns = dict(values)
    for name in ("code", "label", "unit"):
        if name in columns:
            columns[name] = columns[name].strip()
    if "choices" in columns:
        columns["choices"] = [" ".join(choice.split()) for choice in columns["choices"]]
    return columns


def value_rows(
    kind: AttributeType, choices: Sequence[str], wanted: WantedValue
) -> list[ValueRow] | str:
    """The rows to store, none when the value is taken away; or why it does not fit."""
    given = wanted.given()
    if not given:
        return []
    if set(given) != {kind.value}:
        return f"This attribute takes a {kind.value} and nothing else."
    return READERS[kind](given[kind.value], choices)


def _text(value: str, _choices: Sequence[str]) -> list[ValueRow] | str:
    flaw = text_flaw(value, MAX_TEXT)
    return [ValueRow(value.strip())] if flaw is None else flaw.message


def _number(value: Decimal, _choices: Sequence[str]) -> list[ValueRow] | str:
    exponent = value.as_tuple().exponent
    short = isinstance(exponent, int) and exponent >= -MAX_DIGITS and value.adjusted() < MAX_DIGITS
    if not short:
        return f"A number has at most {MAX_DIGITS} digits on each side of its point."
    text = format(value, "f")
    plain = text.rstrip("0").rstrip(".") if "." in text else text
    return [ValueRow("0" if plain in {"-0", ""} else plain, number=value)]


def _boolean(value: bool, _choices: Sequence[str]) -> list[ValueRow] | str:
    return [ValueRow("true" if value else "false", boolean=value)]


def _date(value: datetime.date, _choices: Sequence[str]) -> list[ValueRow] | str:
    return [ValueRow(value.isoformat(), date=value)]


def _choice(value: str, choices: Sequence[str]) -> list[ValueRow] | str:
    return _chosen([value], choices)


def _chosen(values: Sequence[str], choices: Sequence[str]) -> list[ValueRow] | str:
    wanted = [" ".join(value.split()) for value in values]
    unknown = [value for value in wanted if value not in set(choices)]
    if unknown:
        return f"{unknown[0]!r} is none of the choices."
    if first_repeated(wanted) is not None:
        return "A choice can be made once."
    return [ValueRow(value) for value in wanted]


Reader = Callable[[Any, Sequence[str]], list[ValueRow] | str]
READERS: Final[dict[AttributeType, Reader]] = {
    AttributeType.TEXT: _text,
    AttributeType.NUMBER: _number,
    AttributeType.BOOLEAN: _boolean,
    AttributeType.DATE: _date,
    AttributeType.CHOICE: _choice,
    AttributeType.CHOICES: _chosen,
}


def _only(flaw: Problem | None) -> Iterator[Problem]:
    if flaw is not None:
        yield flaw
