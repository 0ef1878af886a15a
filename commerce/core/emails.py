"""E-mail addresses in the one form they are stored and compared in."""

from typing import Final

from email_validator import EmailNotValidError, validate_email

from commerce.core.problems import Invalid

MAX_EMAIL: Final = 254  # RFC 5321's limit on what a server must take
ENCODED_WORD: Final = "=?"  # headers are decoded where they are read, line breaks and all


def email_of(text: str, *path: str) -> str | Invalid:
    """`Ada@BÜCHER.example` -> `Ada@xn--bcher-kva.example`; nobody is asked whether it exists.

    The part before the @ stays as it is written, and must be ASCII: not every server carries
    anything else. Addresses that differ in case alone are the same one to the store.
    """
    try:
        found = validate_email(
            text.strip(),
            check_deliverability=False,
            allow_smtputf8=False,
            strict=True,  # parts that are too long for servers are refused, too
            test_environment=True,  # lets `.test` pass: clients of other shops try theirs with it
        )
    except EmailNotValidError:
        return Invalid("This is not an e-mail address.", path)
    if ENCODED_WORD in found.local_part:
        return Invalid("This is not an e-mail address.", path)
    address = f"{found.local_part}@{found.ascii_domain}"
    if len(address) > MAX_EMAIL:
        return Invalid(f"This must have at most {MAX_EMAIL} characters.", path)
    return address
