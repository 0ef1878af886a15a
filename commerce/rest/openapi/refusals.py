"""What a route may refuse, in the dialect's own envelope."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Final

from commerce.rest.errors import Flaw, Kind, Refusal
from commerce.rest.openapi.inference import Seen
from commerce.rest.route import Dialect, Json, Node, Route

SEEDS: Final = (0, 1)
WAITS: Final = (Kind.RATE_LIMITED, Kind.UNAVAILABLE, Kind.IN_FLIGHT)
ANY_VERSION: Final = {each.name: each.default for each in fields(Dialect)}["check"]
WRITES: Final = (Kind.CONFLICT, Kind.IN_FLIGHT, Kind.KEY_REUSED)
ALWAYS: Final = (
    Kind.INVALID,
    Kind.UNAUTHENTICATED,
    Kind.RATE_LIMITED,
    Kind.INTERNAL,
    Kind.UNAVAILABLE,
)
WORDS: Final[Mapping[Kind, str]] = {
    Kind.INVALID: "Something that was sent does not fit",
    Kind.BAD_REQUEST: "The request cannot be read",
    Kind.UNAUTHENTICATED: "No key, or one that is not good",
    Kind.FORBIDDEN: "The caller may not do this",
    Kind.NOT_FOUND: "There is no such thing",
    Kind.NOT_ACCEPTABLE: "No such version is served",
    Kind.CONFLICT: "Another state is in the way",
    Kind.IN_FLIGHT: "The same call is being done",
    Kind.KEY_REUSED: "The idempotency key was used for something else",
    Kind.RATE_LIMITED: "Too many calls",
    Kind.INTERNAL: "A bug",
    Kind.UNAVAILABLE: "Not for a moment",
}


def kinds_of(
    dialect: Dialect, route: Route, *, may_be_missing: bool, may_be_forbidden: bool
) -> Iterator[Kind]:
    yield from ALWAYS
    writes = route.method != "GET"
    if writes:
        yield from WRITES
    if writes or dialect.contested:
        yield Kind.BAD_REQUEST
    if writes or may_be_missing or "{" in route.path or route.flow is not None:
        yield Kind.NOT_FOUND
    if may_be_forbidden:
        yield Kind.FORBIDDEN
    if dialect.check is not ANY_VERSION:
        yield Kind.NOT_ACCEPTABLE


def refused(
    dialect: Dialect, route: Route, kinds: Iterable[Kind]
) -> dict[int, tuple[list[str], Seen]]:
    """By status: what it means, and all forms of its body."""
    found: dict[int, tuple[list[str], Seen]] = {}
    for kind in sorted(set(kinds), key=list(Kind).index):
        for seed in SEEDS:
            for sample in _samples(kind, seed):
                status, body = dialect.refusal(sample)
                _see(found, status, WORDS[kind], body, seed)
    for code, shape in route.problems.items():
        for seed in SEEDS:
            status, body = shape(_problem(code, seed))
            _see(found, status, code.replace("_", " ").capitalize(), body, seed)
    return found


def _see(
    found: dict[int, tuple[list[str], Seen]], status: int, word: str, body: Json, seed: int
) -> None:
    words, seen = found.setdefault(status, ([], Seen()))
    seen.see(body, seed)
    if word not in words:
        words.append(word)


def _samples(kind: Kind, seed: int) -> Iterator[Refusal]:
    """With and without words of their own, about no field, one and several."""
    odd = Flaw(f"field{seed}", f"must be an integer, {seed}")
    spoken = Flaw(f"items.{seed}.quantity", f"is too small, {seed}", f"A sentence, {seed}.")
    refusal = Refusal(kind, retry_after=1 if kind in WAITS else None)
    yield refusal
    yield replace(refusal, message=f"A sentence {seed}.")
    yield replace(refusal, flaws=(odd,))
    yield replace(refusal, flaws=(odd, spoken), message=f"A sentence {seed}.")


def _problem(code: str, seed: int) -> Node:
    return {"code": code, "message": f"A sentence {seed}.", "path": ["input", f"field{seed}"]}
