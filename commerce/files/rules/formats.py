"""What bytes are, by how they begin: what a file is called or said to be counts for nothing."""

from typing import Final

HEAD: Final = 32  # bytes that tell
AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})


def sniffed(head: bytes) -> str | None:
    """The name of the format of a picture that is taken; None for everything else."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and head[8:12] in AVIF_BRANDS:
        return "AVIF"
    return None
