"""The article in short, above the article: bullet points under "Key points", or bare ones before the first paragraph.

Papers print them, more and more often made by machines; they repeat the text, and copies of a story differ in them.
"""

import re
from collections.abc import Iterator

from copydesk.cleaning.lines import Text, alternatives

__all__ = ["find"]

LABEL = re.compile(
    r"^\W*"
    + alternatives(
        r"""
        (?:the |ai |article |quick |story )?(?:summary|highlights)
        key (?:points|takeaways|facts|developments) | takeaways | in short | in brief | at a glance
        the gist | tl;?dr | what (?:you )?(?:to|need to) know | the essentials
        das wichtigste(?: in kürze)? | auf einen blick | kurz gesagt | in kürze | zusammenfassung
        darum geht.?s | worum geht.?s | kurzfassung | l.essentiel | en (?:bref|résumé) | résumé
        ce qu.il faut (?:savoir|retenir) | lo esencial | (?:las )?claves | en resumen | resumen
        puntos clave | in (?:sintesi|breve) | punti chiave | il riassunto | em resumo | resumo
        pontos[- ]chave | коротко | главное | кратко | что известно | أبرز النقاط | ملخص | 要点 | 摘要 | 重点
        ポイント | kortversjonen | kort fortalt | oppsummert | sammanfattning | kort sagt | samenvatting
        in het kort | podsumowanie | w skrócie | özet
        """
    )
    + r"\W*$"
)
MOST = 8
"""Points of a summary; longer lists are the article."""

EARLY = 2
"""The label stands before the second paragraph; further down it heads a part of a guide."""

BEHIND = 3
"""Paragraphs that have to follow, or the points are the article."""


def find(text: Text) -> Iterator[int]:
    """Numbers of the lines of a summary: its label and points, before the first paragraph that is no list item."""
    lines = text.lines
    paragraphs = [at for at, line in enumerate(lines) if line.prose and not line.item]
    if len(paragraphs) < BEHIND:
        return
    top = range(paragraphs[EARLY - 1])
    label = next((at for at in top if LABEL.match(lines[at].bare) and lines[at + 1].item), None)
    start = label if label is not None else next((at for at in range(paragraphs[0]) if lines[at].item), None)
    if start is None:
        return
    points = start + (label is not None)
    end = points
    while end < len(lines) and lines[end].item:
        end += 1
    if 1 < end - points <= MOST and sum(at >= end for at in paragraphs) >= BEHIND:
        yield from range(start, end)
