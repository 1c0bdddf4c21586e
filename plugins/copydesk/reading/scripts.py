"""Languages that their script tells: Chinese, Japanese and Korean. Pure.

The detector's profiles hold Han letters under all three, so that traditional Chinese comes out as Korean; which
letters stand beside the Han ones says it for certain.
"""

import re

__all__ = ["language_of_script"]

HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")
KANA = re.compile("[\u3041-\u309f\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff\uff66-\uff9d]")
HAN = re.compile("[\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

LETTERS_OF_A_WORD = 3
"""Letters of an alphabet that say as much as one of these scripts."""

MOST = 0.5
"""Share of a text that has to be in these scripts; names and quotes in Latin letters stand in all of them."""

HANGUL_SHARE = 0.3
"""Korean papers write some words in Han letters, Chinese and Japanese ones quote a Korean name."""

KANA_SHARE = 0.1
"""Japanese news has a third and more, its densest headlines a fifth; Chinese texts quote a Japanese name."""


def language_of_script(text: str) -> str:
    """Korean, Japanese or Chinese, where most of a text is in their scripts; "" where it is not."""
    hangul, kana, han = (len(script.findall(text)) for script in (HANGUL, KANA, HAN))
    all_three = hangul + kana + han
    others = sum(map(str.isalpha, text)) - all_three
    if not all_three or all_three < MOST * (all_three + others / LETTERS_OF_A_WORD):
        return ""
    if hangul >= HANGUL_SHARE * all_three:
        return "ko"
    return "ja" if kana >= KANA_SHARE * all_three else "zh"
