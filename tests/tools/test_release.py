"""Notes of a release, before anything is built."""

import pytest

import copydesk
from local.processes import ROOT, LocalError
from local.release import SCHEMAS, check_notes

NOTES = f"# Changelog\n\n## [2.0.0] - 2030-01-01\n\n{SCHEMAS}\n\n## [1.0.0] - 2029-01-01\n\nOld.\n"


def test_our_own_notes_are_complete() -> None:
    """The changelog has a section for the version in the code, with the schema numbers in the code."""
    check_notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), copydesk.__version__)


def test_notes_that_miss_the_version_or_its_schemas_are_refused_in_one_line() -> None:
    """Nothing is built for a version that nobody described, nor without saying what it is compatible with."""
    check_notes(NOTES, "2.0.0")
    with pytest.raises(LocalError, match=r"no section for 3\.0\.0"):
        check_notes(NOTES, "3.0.0")
    with pytest.raises(LocalError, match=r"the notes of 1\.0\.0 do not say: Index: mapping"):
        check_notes(NOTES, "1.0.0")
