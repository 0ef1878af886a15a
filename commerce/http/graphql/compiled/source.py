"""A plan as Python source.

Each object plan becomes a function from an object to its dictionary. Attributes are read and
checked in line; resolvers are called; what is not known yet is left null, and handed to `later`
with the function that completes it. An example is in docs/graphql.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from inspect import iscoroutinefunction
from typing import Any, Final

from graphql import (
    GraphQLField,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    is_leaf_type,
)

from commerce.http.graphql.compiled.plan import FieldPlan, ObjectPlan
from commerce.http.graphql.compiled.runtime import (
    Belonging,
    Reader,
    UnusualError,
    leaf_reader,
    listed,
    present,
    typed,
)
from commerce.http.graphql.lean import AWAITABLE
from resolvers.shortcuts import ATTRIBUTE, SHORT

INDENT: Final = "    "
# Scalars whose values of that very type are printed as they are.
EXACT: Final = {"String": "str", "ID": "str", "Boolean": "bool"}
WHOLE: Final = "{0}.__class__ is not int or not -2147483648 <= {0} <= 2147483647"


@dataclass(slots=True)
class Source:
    """`text` defines `bind`, which answers the function of the root; `names` are what it uses.

    `sites` are the fields whose arguments are worked out once per request, in the order of
    `arguments`; `infos` are those whose resolver looks at more than the context.
    """

    text: str = ""
    names: dict[str, Any] = field(default_factory=dict)
    sites: list[FieldPlan] = field(default_factory=list)
    infos: list[FieldPlan] = field(default_factory=list)


def source_of(root: ObjectPlan) -> Source:
    writer = _Writer()
    first = writer.object(root, later="first")
    head = ["def bind(context, infos, arguments, first, later):"]
    places = [f"a{place}" for place in range(len(writer.source.sites))]
    if places:
        head.append(f"{INDENT}{', '.join(places)}, = arguments")
    infos = [f"i{place}" for place in range(len(writer.source.infos))]
    if infos:
        head.append(f"{INDENT}{', '.join(infos)}, = infos")
    body = [f"{INDENT}{line}" if line else "" for line in writer.lines]
    writer.source.text = "\n".join([*head, *body, f"{INDENT}return {first}", ""])
    return writer.source


class _Writer:
    def __init__(self) -> None:
        self.source = Source()
        self.lines: list[str] = []
        self._known: dict[int, str] = {}
        self._names: dict[int, str] = {}
        self._readers: dict[str, Reader] = {}
        self._functions = 0

    def object(self, plan: ObjectPlan, later: str = "later") -> str:
        """Writes the function of an object; answers its name."""
        reads: list[str] = []
        values: list[str] = []
        rest: list[str] = []
        for place, (key, asked) in enumerate(plan.fields.items()):
            if asked is None:
                values.append(f"{key!r}: {plan.type.name!r}")
            elif attribute_of(asked.definition) is not None:
                name = f"x{place}"
                reads.extend(self._attribute(asked, name))
                values.append(f"{key!r}: {name}")
            else:
                values.append(f"{key!r}: None")
                rest.extend(self._resolved(asked, later))
        name = self._function("o")
        checked = self._checked(plan.type, careful=later != "first" and not reads)
        made = f"r = {{{', '.join(values)}}}"
        self._define(f"{name}(o)", [*checked, *reads, made, *rest, "return r"])
        return name

    def _attribute(self, asked: FieldPlan, name: str) -> Iterator[str]:
        yield f"{name} = o.{attribute_of(asked.definition)}"
        yield from self._completed(asked, asked.definition.type, name)

    def _resolved(self, asked: FieldPlan, later: str) -> Iterator[str]:
        """A resolver: what it answers is completed now, or when it is there."""
        done = self._function("d")
        self._define(f"{done}(x)", [*self._completed(asked, asked.definition.type), "return x"])
        yield f"x = {self._call(asked)}"
        if is_async(asked.definition):
            yield f"{later}((r, {asked.key!r}, {done}, x))"
            return
        awaitable = self._name("awaitable", AWAITABLE)
        yield f"if x.__class__ in {awaitable}: {later}((r, {asked.key!r}, {done}, x))"
        yield f"else: r[{asked.key!r}] = {done}(x)"

    def _call(self, asked: FieldPlan) -> str:
        declared = asked.definition
        given = ""
        if declared.args:
            given = f", **a{len(self.source.sites)}"
            self.source.sites.append(asked)
        resolver = _plain(declared)
        if resolver is None:
            info = f"i{len(self.source.infos)}"
            self.source.infos.append(asked)
            return f"{self._name('m', declared.resolve)}(o, {info}{given})"
        call, takes_info = resolver
        return f"{self._name('m', call)}(o{', context' if takes_info else ''}{given})"

    def _completed(self, asked: FieldPlan, type_: GraphQLOutputType, x: str = "x") -> Iterator[str]:
        """Statements that turn what was resolved, `x`, into what is printed."""
        if isinstance(type_, GraphQLNonNull):
            inner = type_.of_type
            if not is_leaf_type(inner):
                yield f"if {x} is None: raise {self._name('unusual', UnusualError)}"
            yield from self._present(asked, inner, x)
            return
        present = list(self._present(asked, type_, x))
        yield f"if {x} is not None:"
        yield from (f"{INDENT}{line}" for line in present)

    def _present(self, asked: FieldPlan, type_: Any, x: str) -> Iterator[str]:
        """The same for one that is not null; a null leaf is refused by its reader."""
        if is_leaf_type(type_):
            yield self._leaf(type_, x)
        elif isinstance(type_, GraphQLList):
            yield from self._list(asked, type_, x)
        elif isinstance(type_, GraphQLObjectType):
            yield f"{x} = {self._object_of(asked.objects[type_.name])}({x})"
        else:
            yield f"{x} = {self._abstract(asked, type_)}({x})"

    def _leaf(self, type_: GraphQLLeafType, x: str) -> str:
        read = self._reader(type_)
        if type_.name in EXACT:
            return f"if {x}.__class__ is not {EXACT[type_.name]}: {x} = {read}({x})"
        if type_.name == "Int":
            return f"if {WHOLE.format(x)}: {x} = {read}({x})"
        return f"{x} = {read}({x})"

    def _reader(self, type_: GraphQLLeafType) -> str:
        if type_.name not in self._readers:
            self._readers[type_.name] = leaf_reader(type_)
        return self._name("s", self._readers[type_.name])

    def _list(self, asked: FieldPlan, type_: GraphQLList[Any], x: str) -> Iterator[str]:
        yield f"if {x}.__class__ is not list and {x}.__class__ is not tuple: " + (
            f"{x} = {self._name('listed', listed)}({x})"
        )
        inner = type_.of_type.of_type if isinstance(type_.of_type, GraphQLNonNull) else None
        if is_leaf_type(inner) and inner.name in EXACT:
            read, exact = self._reader(inner), EXACT[inner.name]
            yield f"{x} = [e if e.__class__ is {exact} else {read}(e) for e in {x}]"
        else:  # a comprehension would be a function more to compile
            yield f"{x} = list(map({self._item(asked, type_.of_type)}, {x}))"

    def _item(self, asked: FieldPlan, type_: GraphQLOutputType) -> str:
        """The function of an item; none of its own where there is a way."""
        inner = type_.of_type if isinstance(type_, GraphQLNonNull) else None
        if isinstance(inner, GraphQLObjectType):
            return self._object_of(asked.objects[inner.name])
        each = self._function("e")
        self._define(f"{each}(x)", [*self._completed(asked, type_), "return x"])
        return each

    def _object_of(self, plan: ObjectPlan) -> str:
        if id(plan) not in self._known:
            self._known[id(plan)] = self.object(plan)
        return self._known[id(plan)]

    def _abstract(self, asked: FieldPlan, type_: Any) -> str:
        """Finds out an object's type first."""
        table = {name: self._object_of(plan) for name, plan in asked.objects.items()}
        entries = ", ".join(f"{name!r}: {function}" for name, function in table.items())
        name = self._function("t")
        self.lines.append(f"{name}s = {{{entries}}}")
        info = f"i{len(self.source.infos)}"
        self.source.infos.append(asked)
        type_name = self._name("type", type_)
        self._define(
            f"{name}(x)",
            [f"return {name}s[{self._name('typed', typed)}(x, {type_name}, {info})](x)"],
        )
        return name

    def _checked(self, type_: GraphQLObjectType, careful: bool) -> Iterator[str]:
        """Types that can say whether an object is theirs are asked once for each class."""
        if type_.is_type_of is not None:
            belonging = Belonging(type_)
            check, known = self._name("k", belonging.check), self._name("k", belonging.classes)
            yield f"if o.__class__ not in {known}: {check}(o)"
        elif careful:
            yield f"{self._name('present', present)}(o)"

    def _define(self, head: str, body: list[str]) -> None:
        self.lines.append(f"def {head}:")
        self.lines.extend(f"{INDENT}{line}" for line in body)

    def _function(self, letter: str) -> str:
        self._functions += 1
        return f"{letter}{self._functions}"

    def _name(self, letter: str, value: Any) -> str:
        """A name for something that the source refers to; the same for the same thing."""
        name = self._names.get(id(value))  # which `source` keeps alive
        if name is None:
            name = self._names[id(value)] = f"{letter}_{len(self._names)}"
            self.source.names[name] = value
        return name


def attribute_of(field_: GraphQLField) -> str | None:
    """The attribute that a field is read from; None when it has a resolver."""
    name: str | None = field_.extensions.get(ATTRIBUTE)
    return name


def _plain(field_: GraphQLField) -> tuple[Any, bool] | None:
    """Our own function, and whether it takes `info`; None for those that others wrap."""
    resolver: Any = field_.extensions.get(SHORT)
    return (
        None if resolver is None else (resolver.wrapped_func, resolver.info_parameter is not None)
    )


def is_async(field_: GraphQLField) -> bool:
    plain = _plain(field_)
    return plain is not None and iscoroutinefunction(plain[0])
