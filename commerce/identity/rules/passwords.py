"""What a password may be."""

from typing import Final
from unicodedata import normalize

from commerce.core.problems import Invalid, Path

SHORTEST: Final = 8
LONGEST: Final = 128


def password_flaw(text: str, path: Path) -> Invalid | None:
    """Length is all that is asked for (NIST SP 800-63B): other demands make for worse ones."""
    if not SHORTEST <= len(normalize("NFC", text)) <= LONGEST:
        return Invalid(f"A password has {SHORTEST} to {LONGEST} characters.", path)
    return None
