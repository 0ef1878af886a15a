"""Made-up calls: what a caller could send, made of what a route's fields say they take."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Final

from commerce.rest.fields import Field, UnfitError, ValueKind, read_fields, told_of
from commerce.rest.paths import PARAMETER
from commerce.rest.query import Query
from commerce.rest.route import Call, Dialect, Route

SEEDS: Final = (0, 1)
MOST_TURNS: Final = 12
# Whether a field that need not be given is given.
Wants = Callable[[str], bool]
ALL: Final[Wants] = lambda _name: True  # noqa: E731  # a constant of its kind
NONE: Final[Wants] = lambda _name: False  # noqa: E731  # as above
FORMATS: Final = {"date": "2024-01-15", "date-time": "2024-01-15T10:00:00Z"}

Schema = Mapping[str, Any]


def example(schema: Schema, seed: int = 0, turn: int = 0, *, wants: Wants = ALL) -> Any:
    """A value that fits; with each `turn` another one of those that are listed."""
    if "examples" in schema:
        return _chosen(schema["examples"], seed, turn)
    if "enum" in schema:
        return schema["enum"][turn % len(schema["enum"])]
    if "anyOf" in schema:
        return example(schema["anyOf"][0], seed, turn, wants=wants)
    kind = schema.get("type")
    if kind == "object":
        return {
            name: example(inner, seed, turn, wants=wants)
            for name, inner in schema.get("properties", {}).items()
            if wants(name) or name in schema.get("required", ())
        }
    if kind == "array":
        least = max(schema.get("minItems", 0), 1)
        return [example(schema.get("items", {}), seed, turn + i, wants=wants) for i in range(least)]
    return _scalar(schema, seed, turn)


def _chosen(examples: Sequence[Any], seed: int, turn: int) -> Any:
    """Another one for each seed, if there are several."""
    return examples[(turn * len(SEEDS) + seed) % len(examples)]


def _scalar(schema: Schema, seed: int, turn: int) -> Any:
    kind = schema.get("type")
    if kind == "boolean":
        return turn % 2 == 0
    if kind in ("integer", "number"):
        # From 1 on: such numbers may be keys, and are told so in made-up answers.
        least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        number = max(least, 1) + seed
        return min(number, schema.get("maximum", number))
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    text = f"word-{seed + 1}"
    return text.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength")]


def turns_of(schema: Any) -> int:
    """How many turns it takes until every listed value was had."""
    if isinstance(schema, Mapping):
        own = len(schema["enum"]) if "enum" in schema else 2 * (schema.get("type") == "boolean")
        return max(own, *map(turns_of, schema.values()), 1)
    if isinstance(schema, list | tuple):
        return max(1, *map(turns_of, schema), 1)
    return 1


def calls_of(dialect: Dialect, route: Route) -> Iterator[tuple[Call, ...]]:
    """Pairs that differ in what is free, the plainest first. Raises `UnfitError` when a route's
    own examples do not fit it."""
    for turn in range(2 if "{" in route.path else 1):
        yield tuple(_call(dialect, route, seed, turn, NONE) for seed in SEEDS)
    schemas = [*(each.kind.schema for each in route.query), route.body.schema if route.body else {}]
    hiding = {each.name for each in route.query if each.hides}
    open_: Wants = lambda name: name not in hiding  # noqa: E731  # as above
    for turn in range(min(max(turns_of(schemas), 2), MOST_TURNS)):
        yield tuple(_call(dialect, route, seed, turn, ALL) for seed in SEEDS)
        if hiding:
            yield tuple(_call(dialect, route, seed, turn, open_) for seed in SEEDS)


def sparse_calls_of(dialect: Dialect, route: Route) -> Iterator[tuple[Call, ...]]:
    """With one, and with every two of the fields that need not be given: some need each other,
    and some cannot go together."""
    body = route.body.schema.get("properties", {}) if route.body else {}
    names = [*(each.name for each in route.query), *body]
    for given in (*combinations(names, 1), *combinations(names, 2)):
        try:
            yield tuple(_call(dialect, route, seed, 1, given.__contains__) for seed in SEEDS)
        except UnfitError:
            continue


def _call(dialect: Dialect, route: Route, seed: int, turn: int, wants: Wants) -> Call:
    given = {
        each.name: _in_address(example({**each.kind.schema, **told_of(each)}, seed, turn))
        for each in route.query
        if wants(each.name) or each.required or each.name in route.when
    }
    if route.when and not set(route.when) & set(given):
        given[route.when[turn % len(route.when)]] = str(seed + 1)
    params = {
        name: _chosen(route.examples.get(name) or _segments(kind), seed, turn)
        for name, kind in PARAMETER.findall(route.path)
    }
    path = PARAMETER.sub(lambda found: params[found[1]], route.path)
    return Call(
        path=dialect.bases[0] + path,
        params=params,
        query=Query(tuple(given.items())),
        origin=f"https://shop{seed}.example",
        args=_args(route.query, given),
        body=_body(route.body, seed, turn, wants),
        sent={name: f"sent-{seed}" for name in (*route.headers, *route.cookies) if wants(name)},
    )


def _args(fields: tuple[Field, ...], given: Mapping[str, str]) -> dict[str, Any]:
    """As they are read; one whose rules its schema does not tell is left out."""
    read = dict(read_fields([each for each in fields if not each.required], {}))
    for each in fields:
        try:
            read |= read_fields([each], given)
        except UnfitError:
            if each.required:
                raise
    return read


def _body(kind: ValueKind | None, seed: int, turn: int, wants: Wants) -> Any:
    if kind is None:
        return None
    try:
        return kind.read(example(kind.schema, seed, turn, wants=wants))
    except UnfitError:
        if wants is NONE:
            raise
        return kind.read(example(kind.schema, seed, turn, wants=NONE))


def _segments(kind: str) -> Sequence[str]:
    before = {"": "word-", "int": ""}.get(kind, kind if kind.endswith("_") else f"{kind}-")
    named = tuple(f"{before}{seed + 1}" for seed in SEEDS)
    return named if kind else (*named, "1", "2")


def _in_address(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
