"""Which dialect a request speaks. Pure: the same marks always tell the same.

The order of the nine steps is fixed by the dialects' documents; the first that tells, decides. It
is taken before anybody is authenticated, so that refusals wear the envelope the caller reads.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

# Whose paths nobody else has.
FAMILIES: Final = (
    ("/v1", "shopkit"),
    ("/api/v3", "ecwid"),
    ("/api/v1", "cartino"),
    ("/api/graphql", "cartino"),
    ("/sanctum", "cartino"),
    ("/login", "cartino"),
)
# Who shares unversioned `/api`.
CONTESTANTS: Final = frozenset({"litekart", "litestore", "cartino"})
CARTINO_MEDIA: Final = "application/vnd.cartino."


@dataclass(frozen=True, slots=True)
class Marks:
    """What of a request tells its dialect.

    `header` is X-Api-Dialect; `basic` says that Basic credentials were sent, `session` that the
    cookie of a session was, `litekart` that a Litekart store was named.
    """

    method: str
    path: str
    host: str = ""
    header: str = ""
    accept: str = ""
    basic: bool = False
    session: bool = False
    litekart: bool = False


@dataclass(frozen=True, slots=True)
class Owner:
    """A contestant that defines a method and path; `seed` if its first document does."""

    name: str
    seed: bool


class Selector:
    """`hosts` and `default` are the operator's; `owners` looks into the tables."""

    def __init__(
        self,
        hosts: Mapping[str, str],
        default: str,
        owners: Callable[[str, str], Sequence[Owner]],
    ) -> None:
        self._hosts = hosts
        self._default = default
        self._owners = owners

    def by_request(self, marks: Marks) -> str | None:
        """Steps 1 to 4: path family, header, host, media type. None when the key must tell."""
        family = family_of(marks.path)
        if family is not None:
            return family
        header = marks.header.lower()
        if header in CONTESTANTS:
            return header
        host = _name_of(marks.host)
        if host in self._hosts:
            return self._hosts[host]
        return "cartino" if CARTINO_MEDIA in marks.accept.lower() else None

    def by_caller(self, marks: Marks, key_dialect: str | None) -> str:
        """Steps 5 to 9: the key's dialect, Litekart's marks, who owns the path, the default."""
        if key_dialect is not None:
            return key_dialect
        if marks.basic or marks.session:
            return "cartino"
        if marks.litekart:
            return "litekart"
        return self._owner(marks) or self._default

    def _owner(self, marks: Marks) -> str | None:
        owners = self._owners(marks.method, marks.path)
        if len(owners) == 1:
            return owners[0].name
        first = [owner.name for owner in owners if owner.seed]
        return first[0] if len(first) == 1 else None


def family_of(path: str) -> str | None:
    """The dialect that alone owns paths of this beginning."""
    for prefix, name in FAMILIES:
        if path == prefix or path.startswith(prefix + "/"):
            return name
    return None


def names_no_dialect(marks: Marks) -> bool:
    """Whether the header counts for this path and names nobody."""
    counts = bool(marks.header) and family_of(marks.path) is None
    return counts and marks.header.lower() not in CONTESTANTS


def read_hosts(entries: Sequence[str]) -> dict[str, str]:
    """`("api.example.com=litestore",)` as a map; raises ValueError for an entry of another form."""
    hosts = {}
    for entry in entries:
        host, _, name = (part.strip().lower() for part in entry.partition("="))
        if not host or name not in CONTESTANTS:
            known = ", ".join(sorted(CONTESTANTS))
            raise ValueError(f"{entry!r} must be HOST=DIALECT, the dialect one of {known}")
        hosts[host] = name
    return hosts


def _name_of(host: str) -> str:
    """Without the port."""
    name = host.strip().lower()
    if name.startswith("["):
        return name.partition("]")[0] + "]"
    return name.partition(":")[0]
