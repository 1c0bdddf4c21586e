"""Captions of the made outlets, four of which put them behind an image without any figure, in every template."""

import re

import newsworld
from copydesk.model import Document
from copydesk.reading.documents import read
from made.pages import capture
from newsworld.pages import render

SEEDS = (1, 8)
FEW = 0.01


def flat(text: str) -> str:
    """The words of a text alone."""
    return " ".join(re.findall(r"\w+", text.lower()))


def test_captions_go_and_paragraphs_stay() -> None:
    """Of all captions at most one in a hundred is left, and every paragraph."""
    captions, left, lost = 0, [], []
    for seed in SEEDS:
        world = newsworld.build(seed, "small")
        bases = {outlet.name: f"https://{outlet.name}.example" for outlet in world.outlets}
        for page in world.pages:
            html = render(world, page, bases).html
            document = read(capture(html, url=bases[page.outlet] + page.path))
            text = flat(document.text) if isinstance(document, Document) else ""
            captions += len(page.captions)
            left += [caption for caption in page.captions if flat(caption) in text]
            lost += [paragraph for paragraph in page.paragraphs if flat(paragraph) not in text]
    assert captions > 100
    assert len(left) <= FEW * captions, left
    assert lost == []
