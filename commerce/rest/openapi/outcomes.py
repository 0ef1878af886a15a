"""What a route answers when all goes well: its shape, run over made-up answers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from zlib import crc32

from commerce.rest.answers import reply_of
from commerce.rest.errors import Kind, Refusal, RefusedError
from commerce.rest.openapi.examples import calls_of, sparse_calls_of
from commerce.rest.openapi.inference import Seen
from commerce.rest.openapi.selections import Answers
from commerce.rest.openapi.telling import FIRST, Pick, Story
from commerce.rest.operations import name_of
from commerce.rest.route import Call, Dialect, Json, Reply, Route, Steps

# Chance goes on until it has told nothing new for a while.
CHANCES: Final = 96
WHILE: Final = 48
# The last character of a place says of what kind its alternatives are.
MARKS: Final = {"?": "null", "]": "empty", "!": "refused"}
MARKED: Final = frozenset(MARKS)
REFUSALS: Final = (Kind.NOT_FOUND, Kind.CONFLICT)

AnswersOf = Callable[[str], Answers]


class UnshapedError(Exception):
    """A shape cannot do with an answer that its operation could give; says which."""


@dataclass(slots=True)
class Outcome:
    """All that was answered with one status."""

    body: Seen = field(default_factory=Seen)
    headers: dict[str, Seen] = field(default_factory=dict)
    filled: bool = False

    def see(self, reply: Reply, seed: int) -> bool:
        """Whether that was something new."""
        for name, value in reply.headers.items():
            number = int(value) if value.isascii() and value.isdigit() else value
            self.headers.setdefault(name, Seen()).see(number, seed)
        if reply.body is None:
            return False
        self.filled = True
        return self.body.see(reply.body, seed)


Outcomes = Mapping[int, Outcome]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which alternatives are told: `picking` begins a telling."""

    name: str
    picking: Callable[[], Pick]


@dataclass(slots=True)
class _Places:
    """Remembers where there was a choice, and of how many."""

    counts: dict[str, int] = field(default_factory=dict)

    def __call__(self, place: str, count: int) -> int:
        self.counts[place] = count
        return 0


def outcomes_of(dialect: Dialect, route: Route, answers: AnswersOf) -> Outcomes:
    """By status; empty when every call is refused. Raises `UnshapedError`."""
    found: dict[int, Outcome] = {}
    for calls in calls_of(dialect, route):
        _tell(dialect, route, calls, answers, found)
    if not found:
        for calls in sparse_calls_of(dialect, route):
            if _is_answered(route, calls[0], answers):
                _tell(dialect, route, calls, answers, found)
                break
    return found


def _is_answered(route: Route, call: Call, answers: AnswersOf) -> bool:
    with suppress(Exception):
        _run(route, call, answers, FIRST, 0)
        return True
    return False


def _tell(
    dialect: Dialect,
    route: Route,
    calls: tuple[Call, ...],
    answers: AnswersOf,
    found: dict[int, Outcome],
) -> None:
    """Shapes must do with what is told on purpose; chance may tell what never is."""
    for plan in _plans(route, calls[0], answers):
        try:
            _see(route, calls, answers, plan, found)
        except Exception as error:
            if route.flow is not None:
                continue  # its steps follow from each other: not all that is told could be
            where = f"{name_of(dialect, route)}, {plan.name}"
            raise UnshapedError(f"{where}: {type(error).__name__}: {error}") from error
    quiet = 0
    for chance in range(CHANCES):
        with suppress(Exception):
            new = _see(route, calls, answers, by_chance(chance), found)
            quiet = 0 if new or not found else quiet + 1
        if quiet == WHILE:
            return


def _plans(route: Route, call: Call, answers: AnswersOf) -> Iterator[Plan]:
    places = _Places()
    with suppress(Exception):  # the first plan says what is wrong
        _run(route, call, answers, places, 0)
    yield Plan("everything there", lambda: FIRST)
    for mark, what in MARKS.items():
        yield Plan(f"everything {what}", lambda mark=mark: _wherever(mark, 1))  # type: ignore[misc]  # a default binds
    most = max(
        (count for place, count in places.counts.items() if place[-1] not in MARKED), default=1
    )
    for turn in range(1, most):
        yield Plan(f"values in their form {turn + 1}", lambda turn=turn: _wherever("", turn))  # type: ignore[misc]  # a default binds
    for place in places.counts:
        if place[-1] in MARKED:
            what = MARKS[place[-1]]
            yield Plan(f"{place[:-1]} {what}", lambda place=place: _only(place))  # type: ignore[misc]  # a default binds


def _wherever(mark: str, choice: int) -> Pick:
    def pick(place: str, count: int) -> int:
        fits = place[-1] == mark if mark else place[-1] not in MARKED
        return choice % count if fits else 0

    return pick


def _only(wanted: str) -> Pick:
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


def _see(
    route: Route,
    calls: tuple[Call, ...],
    answers: AnswersOf,
    plan: Plan,
    found: dict[int, Outcome],
) -> bool:
    """Whether that was something new; what is refused is not."""
    try:
        replies = [
            reply_of(_run(route, call, answers, plan.picking(), seed), route)
            for seed, call in enumerate(calls)
        ]
    except RefusedError:
        return False
    new = False
    for seed, reply in enumerate(replies):
        new |= found.setdefault(reply.status, Outcome()).see(reply, seed)
    return new


def _run(route: Route, call: Call, answers: AnswersOf, pick: Pick, seed: int) -> Json | Reply:
    if route.flow is not None:
        return _stepped(route.flow(call), answers, pick, seed)
    node = _answer(answers, route.operation, route.variables(call), pick, seed)
    return route.shape(node, call)


def _stepped(steps: Steps, answers: AnswersOf, pick: Pick, seed: int) -> Json | Reply:
    """Every step may be refused, too."""
    count = 0
    try:
        ask = next(steps)
        while True:
            count += 1
            refused = pick(f"step {count} !", 1 + len(REFUSALS))
            if refused:
                ask = steps.throw(RefusedError(Refusal(REFUSALS[refused - 1])))
            else:
                ask = steps.send(_answer(answers, ask.operation, ask.variables, pick, seed))
    except StopIteration as end:
        shaped: Json | Reply = end.value
        return shaped


def _answer(
    answers: AnswersOf, name: str, variables: Mapping[str, Any], pick: Pick, seed: int
) -> Any:
    return answers(name).told.tell(Story(seed, pick, variables))
