"""The codebook tells every field of the index, as it is mapped now."""

import os

from local.processes import ROOT
from made.codebook import codebook, meanings_in

PAGE = ROOT / "docs/codebook.md"


def test_the_codebook_is_that_of_the_mapping() -> None:
    """No field is missing, none is left that is gone; COPYDESK_TEST_KEEP=1 writes the page anew."""
    page = PAGE.read_text(encoding="utf-8")
    made = codebook(page)
    if os.environ.get("COPYDESK_TEST_KEEP"):
        PAGE.write_text(made, encoding="utf-8")
    else:
        assert page == made


def test_every_field_has_a_meaning() -> None:
    """Whoever adds a field says what it means."""
    assert [
        field for field, meaning in meanings_in(codebook(PAGE.read_text("utf-8"))).items() if not meaning
    ] == []
