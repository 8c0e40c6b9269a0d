"""The same person, another word for every recipient."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from apps.privacy.pseudonyms import pseudonym

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
PEOPLE = [f"patient-{number}" for number in range(20_000)]


def given_to(recipient: str, key: bytes = KEY) -> list[str]:
    return [pseudonym(person, key=key, recipient=recipient) for person in PEOPLE]


def test_a_recipient_can_join_what_it_gets_over_time() -> None:
    assert given_to("statistics") == given_to("statistics")


def test_two_recipients_cannot_join_and_nobody_can_without_the_key() -> None:
    mine = set(given_to("statistics"))
    assert not mine & set(given_to("university"))
    assert not mine & set(given_to("statistics", OTHER_KEY))


def test_pseudonyms_are_short_and_no_two_are_alike() -> None:
    words = given_to("statistics")
    assert len(set(words)) == len(PEOPLE)
    assert {len(word) for word in words} == {16}


def test_kinds_do_not_share_pseudonyms() -> None:
    assert pseudonym("7", key=KEY, recipient="a") != pseudonym("7", key=KEY, recipient="a", kind="vehicle")


@given(value=st.text(), recipient=st.text(), kind=st.text())
def test_a_pseudonym_tells_nothing_but_letters_and_digits(value: str, recipient: str, kind: str) -> None:
    assert pseudonym(value, key=KEY, recipient=recipient, kind=kind).isalnum()
