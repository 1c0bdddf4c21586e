"""A page as the tests of commands fetch it."""

from made.texts import paragraphs

PAGE = "<html><head><title>{}</title></head><body><article><h1>{}</h1>{}</article></body></html>"


def page(title: str, seed: int) -> str:
    """An article page."""
    return PAGE.format(title, title, "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs(seed)))
