"""Who is behind a transaction: told to the database, whose triggers write the audit log."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Stamp:
    """`actor` is a viewer's name, `action` a mutation's field or a command."""

    actor: str = ""
    action: str = ""
    request_id: str = ""

    def doing(self, action: str) -> "Stamp":
        return replace(self, action=action)

    def values(self) -> dict[str, str]:
        return {"actor": self.actor, "action": self.action, "request_id": self.request_id}
