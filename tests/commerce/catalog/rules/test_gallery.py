from commerce.catalog.kinds import MediaKind
from commerce.catalog.rules.gallery import MAX_MEDIA, media_flaws, put_media
from commerce.catalog.rules.tree import ProductTree
from commerce.catalog.rules.variants import put_variants
from commerce.catalog.rules.wanted import WantedMedia, WantedVariant
from tests.support.trees import stored_product, tree, written

SHIRT = stored_product(media=["/a.jpg", "/b.jpg"])


def gallery(edited: ProductTree) -> list[tuple[str, int | None]]:
    return [(node.url, node.id) for node in edited.media]


def test_the_gallery_is_what_is_given_and_what_stays_keeps_its_id() -> None:
    edited = tree(SHIRT)
    put_media(edited, [WantedMedia("/c.jpg", "A cat"), WantedMedia(" /a.jpg ")])
    assert gallery(edited) == [("/c.jpg", None), ("/a.jpg", 201)]
    writes = written(SHIRT, edited)
    assert [(row["url"], row["alt"], row["position"]) for row in writes.media.added] == [
        ("/c.jpg", "A cat", 0)
    ]
    assert [(row["id"], row["position"]) for row in writes.media.changed] == [(201, 1)]
    assert writes.media.removed == [202]


def test_positions_come_first_and_of_equal_addresses_the_first_counts() -> None:
    edited = tree(SHIRT)
    put_media(
        edited,
        [
            WantedMedia("/x.jpg"),
            WantedMedia("/b.jpg", position=2),
            WantedMedia("/a.jpg", position=1),
            WantedMedia("/a.jpg", "other", position=3),
        ],
    )
    assert gallery(edited) == [("/a.jpg", 201), ("/b.jpg", 202), ("/x.jpg", None)]
    assert edited.media[0].columns["alt"] == ""


def test_only_given_fields_of_a_picture_are_written() -> None:
    edited = tree(SHIRT)
    put_media(edited, [WantedMedia("/a.jpg", kind=MediaKind.VIDEO), WantedMedia("/b.jpg")])
    (changed,) = written(SHIRT, edited).media.changed
    assert (changed["kind"], changed["alt"]) == (MediaKind.VIDEO, "")


def test_what_variants_show_stays_at_the_end() -> None:
    edited = tree(SHIRT)
    put_variants(edited, [WantedVariant(media_id=202)])
    put_media(edited, [WantedMedia("/c.jpg")])
    assert gallery(edited) == [("/c.jpg", None), ("/b.jpg", 202)]


def test_everything_stays_when_what_is_given_is_not_all() -> None:
    edited = tree(SHIRT)
    put_media(edited, [WantedMedia("/b.jpg", "B"), WantedMedia("/c.jpg")], exhaustive=False)
    assert gallery(edited) == [("/b.jpg", 202), ("/c.jpg", None), ("/a.jpg", 201)]


def test_flaws_say_which_picture() -> None:
    flaws = media_flaws([WantedMedia("/a"), WantedMedia("javascript:x", "y" * 1001)])
    assert [flaw.path for flaw in flaws] == [("media", "1", "url"), ("media", "1", "alt")]
    most = [WantedMedia(str(n)) for n in range(MAX_MEDIA)]
    assert media_flaws(most) == []
    assert [flaw.path for flaw in media_flaws([*most, WantedMedia("x")])] == [("media",)]
