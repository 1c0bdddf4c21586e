"""What the README shows first is what Copydesk makes of the news world."""

import os

from local.processes import ROOT
from made.picture import picture

README = ROOT / "README.md"


def test_picture() -> None:
    """The picture is printed by `make picture`; COPYDESK_TEST_KEEP=1 puts what is printed now in its place."""
    text = README.read_text(encoding="utf-8")
    before, shown, after = text.partition("```text\n")[0], *text.partition("```text\n")[2].split("```", 1)
    if os.environ.get("COPYDESK_TEST_KEEP"):
        README.write_text(f"{before}```text\n{picture()}```{after}", encoding="utf-8")
    else:
        assert shown == picture()
