"""A model reads the words of a file's name, and takes `a.txt` for no person's initial."""

from __future__ import annotations

import pytest

from shield.analyzer.file_names import file_name


@pytest.mark.parametrize(
    ("text", "read", "single"),
    [
        ("a.txt", "a    ", True),
        ("maria.PDF", "maria    ", True),
        ("Fatima_CV.docx", "Fatima CV     ", False),
        ("IMG_2041.JPG", "IMG         ", True),
        ("scan0001.pdf", "scan        ", True),
        ("jane_doe-passport.2.pdf", "jane doe passport      ", False),
    ],
)
def test_the_words_are_read(text: str, read: str, *, single: bool) -> None:
    told = file_name(text, ("files", 0, "name"))  # type: ignore[arg-type]
    assert told is not None
    assert (told.text, told.single) == (read, single)
    assert len(told.text) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "Maria Garcia.",
        "see a.txt",
        "maria@example.com",
        "shop.example.com",
        "a/b.txt",
        "AKIA/.txt",
        "v1.2",
        ".env",
    ],
)
def test_other_texts_are_none(text: str) -> None:
    assert file_name(text, ("body",)) is None


def test_blanks_are_part_of_a_name_where_the_member_says_that_it_is_one() -> None:
    assert file_name("Jane Doe.pdf", ("file_name",)) == ("Jane Doe    ", False)
    assert file_name("Jane Doe.pdf", ("title",)) is None
