import pytest

from commerce.core.cipher import Cipher, UnreadableError

SECRET, NEWER = b"a secret of the tests", b"the one that follows"


def test_what_was_encrypted_can_be_read_again_and_shows_nothing() -> None:
    cipher = Cipher("notes", SECRET)
    sealed = cipher.encrypt(b"canary-71c2")
    assert b"canary" not in sealed
    assert cipher.decrypt(sealed) == b"canary-71c2"
    assert Cipher("notes", SECRET).decrypt(sealed) == b"canary-71c2"


def test_the_same_text_is_encrypted_differently_each_time() -> None:
    cipher = Cipher("notes", SECRET)
    assert cipher.encrypt(b"again") != cipher.encrypt(b"again")


@pytest.mark.parametrize("other", [Cipher("letters", SECRET), Cipher("notes", NEWER)])
def test_another_purpose_or_secret_reads_nothing(other: Cipher) -> None:
    with pytest.raises(UnreadableError):
        other.decrypt(Cipher("notes", SECRET).encrypt(b"text"))


def test_a_new_secret_in_front_still_reads_what_the_old_one_wrote() -> None:
    sealed = Cipher("notes", SECRET).encrypt(b"text")
    both = Cipher("notes", NEWER, SECRET)
    assert both.decrypt(sealed) == b"text"
    assert Cipher("notes", NEWER).decrypt(both.encrypt(b"text")) == b"text"


@pytest.mark.parametrize("place", [0, 9, 30, -1])
def test_a_changed_byte_is_noticed(place: int) -> None:
    sealed = bytearray(Cipher("notes", SECRET).encrypt(b"text"))
    sealed[place] = ord("B") if sealed[place] != ord("B") else ord("C")
    with pytest.raises(UnreadableError):
        Cipher("notes", SECRET).decrypt(bytes(sealed))
