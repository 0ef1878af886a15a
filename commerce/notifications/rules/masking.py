"""Recipients as a log shows them: enough to recognise one's own, too little to write to."""


def masked(recipient: str) -> str:
    """`ada@example.com` → `a…@example.com`, `+491701234567` → `+49…67`."""
    name, at, domain = recipient.rpartition("@")
    if at:
        return f"{name[:1]}…@{domain}"
    return f"{recipient[:3]}…{recipient[-2:]}"
