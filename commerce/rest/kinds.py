"""The kinds of values there are. Readers raise `UnfitError`."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from commerce.core.ids import MAX_ID
from commerce.rest.errors import Flaw
from commerce.rest.fields import (
    REQUIRED,
    Field,
    UnfitError,
    ValueKind,
    read_fields,
    schema_of,
    unfit,
)

MAX_TEXT: Final = 100_000
# An address carries at most 64 kB, and of letters that it spells out a twelfth.
MAX_PHRASE: Final = 1_000
MAX_ITEMS: Final = 250
MAX_DIGITS: Final = 30
WHOLE: Final = re.compile(r"[+-]?[0-9]{1,19}")
NUMBER: Final = {"type": "number"}
# What JSON Schema takes for the same, in other forms.
WHOLE_TEXT: Final = {"type": "string", "pattern": r"^\s*[+-]?[0-9]{1,19}\s*$"}
NUMBER_TEXT: Final = {"type": "string", "pattern": r"^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)\s*$"}
FLAG_TEXT: Final = {"enum": ["true", "false", "1", "0", 1, 0]}
DATE: Final = {"type": "string", "format": "date"}
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TRUTHS: Final[Mapping[Any, bool]] = {"true": True, "false": False, "1": True, "0": False}


def text(most: int = MAX_TEXT, least: int = 0) -> ValueKind:
    """Numbers are taken as the text they were written as."""

    def read(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise unfit("must be a string")
        string = str(value)
        if "\0" in string or not _encodable(string):
            raise unfit("must not hold NUL characters or halves of others")
        if len(string) > most:
            raise unfit(f"must not be longer than {most} characters")
        if len(string.strip()) < least:
            raise unfit(REQUIRED)
        return string

    lengths = {"maxLength": most} | ({"minLength": least, "pattern": r"\S"} if least else {})
    return ValueKind(read, {"type": "string", **lengths}, (NUMBER,))


def phrase() -> ValueKind:
    """A text in an address."""
    return text(MAX_PHRASE)


def whole(least: int = 0, most: int = MAX_ID, *, clamped: bool = False) -> ValueKind:
    """A whole number; one above `most` is refused, or taken as `most`."""

    def read(value: Any) -> int:
        string = "" if isinstance(value, bool) else str(value).strip()
        if not WHOLE.fullmatch(string):
            raise unfit("must be an integer")
        number = int(string)
        if number < least:
            raise unfit(f"must be greater than {least - 1}")
        if number > most and not clamped:
            raise unfit(f"must not be greater than {most}")
        return min(number, most)

    limits = {"minimum": least} | ({} if clamped else {"maximum": most})
    return ValueKind(read, {"type": "integer", **limits}, (WHOLE_TEXT,))


def number(
    least: int | None = None, above: int | None = None, most: int | None = None
) -> ValueKind:
    """An exact decimal, of at least `least` or greater than `above`, and of at most `most`."""

    def read(value: Any) -> Decimal:
        found = _decimal(value)
        if above is not None and found <= above:
            raise unfit(f"must be greater than {above}")
        if least is not None and found < least:
            raise unfit(f"must be at least {least}")
        if most is not None and found > most:
            raise unfit(f"must be at most {most}")
        return found

    limits = {"minimum": least, "exclusiveMinimum": above, "maximum": most}
    given = {name: limit for name, limit in limits.items() if limit is not None}
    return ValueKind(read, {**NUMBER, **given}, (NUMBER_TEXT,))


def flag() -> ValueKind:
    """True and false, as such or as `"true"`, `"false"`, 1 and 0."""

    def read(value: Any) -> bool:
        if isinstance(value, bool):
            return value
        found = TRUTHS.get(str(value).strip().lower())
        if found is None:
            raise unfit("must be true or false")
        return found

    return ValueKind(read, {"type": "boolean"}, (FLAG_TEXT,))


def choice(*names: str) -> ValueKind:
    def read(value: Any) -> str:
        string = str(value).strip()
        if isinstance(value, bool | list | dict) or string not in names:
            raise unfit(f"must be one of {', '.join(names)}")
        return string

    return ValueKind(read, {"type": "string", "enum": list(names)})


def day() -> ValueKind:
    """`2024-01-15`."""

    def read(value: Any) -> date:
        try:
            return date.fromisoformat(str(value) if DAY.fullmatch(str(value)) else "")
        except ValueError:
            raise unfit("must be a date as yyyy-mm-dd") from None

    return ValueKind(read, {"type": "string", "format": "date"})


def moment() -> ValueKind:
    """`2024-01-15T10:00:00Z`, in UTC if nothing else is said; of a day, its beginning."""

    def read(value: Any) -> str:
        try:
            found = datetime.fromisoformat(str(value).strip())
            in_utc = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            raise unfit("must be a date and time as yyyy-mm-ddThh:mm:ssZ") from None
        return in_utc.isoformat()

    return ValueKind(read, {"type": "string", "format": "date-time"}, (DATE,))


def listing(of: ValueKind, most: int = MAX_ITEMS, least: int = 0) -> ValueKind:
    """A JSON array, each item of the kind."""

    def read(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise unfit("must be an array")
        if len(value) > most:
            raise unfit(f"must not have more than {most} items")
        if len(value) < least:
            raise unfit(REQUIRED)
        return _each(of, value)

    limits = {"maxItems": most} | ({"minItems": least} if least else {})
    return ValueKind(read, {"type": "array", "items": of.taken, **limits})


def commas(of: ValueKind, most: int = 100) -> ValueKind:
    """Items in one text, `a,b`; a JSON array in a body."""

    def read(value: Any) -> list[Any]:
        items = value if isinstance(value, list) else str(value).split(",")
        named = [item for item in items if not isinstance(item, str) or item.strip()]
        if len(named) > most:
            raise unfit(f"must not have more than {most} items")
        stripped = [item.strip() if isinstance(item, str) else item for item in named]
        return _each(of, stripped)

    schema = {"type": "array", "items": of.schema, "maxItems": most}
    return ValueKind(read, schema, ({"type": "string"},))


def record(*fields: Field) -> ValueKind:
    """A JSON object of these fields; what else it holds is left out."""

    def read(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise unfit("must be an object")
        return read_fields(fields, value)

    required = [each.name for each in fields if each.required]
    return ValueKind(
        read,
        {
            "type": "object",
            "properties": {each.name: schema_of(each) for each in fields},
            **({"required": required} if required else {}),
        },
    )


def anything() -> ValueKind:
    """Whatever JSON holds."""
    return ValueKind(lambda value: value, {})


def mapping() -> ValueKind:
    """A JSON object, whatever it holds."""

    def read(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise unfit("must be an object")
        return value

    return ValueKind(read, {"type": "object"})


def either(*kinds: ValueKind) -> ValueKind:
    """The first kind that fits."""

    def read(value: Any) -> Any:
        for kind in kinds[:-1]:
            try:
                return kind.read(value)
            except UnfitError:
                continue
        return kinds[-1].read(value)

    return ValueKind(read, {"anyOf": [kind.taken for kind in kinds]})


def _each(of: ValueKind, items: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    flaws: list[Flaw] = []
    for place, item in enumerate(items):
        try:
            found.append(of.read(item))
        except UnfitError as error:
            flaws.extend(flaw.below(str(place)) for flaw in error.flaws)
    if flaws:
        raise UnfitError(*flaws)
    return found


def _decimal(value: Any) -> Decimal:
    """From a number as it was written; exponents and long digits are nobody's price."""
    string = "" if isinstance(value, bool) else str(value).strip()
    try:
        found = Decimal(string) if len(string) <= MAX_DIGITS else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite() or abs(found.adjusted()) > MAX_DIGITS:
        raise unfit("must be a number")
    return found


def _encodable(string: str) -> bool:
    """JSON can write halves of a character, which no column holds."""
    try:
        string.encode()
    except UnicodeEncodeError:
        return False
    return True
