"""Small print: copyright, affiliate links, standards, disclaimers, citation and correction hints."""

from copydesk.cleaning.lines import Text
from copydesk.cleaning.phrases import phrasebook

__all__ = ["takes"]

BOOK = phrasebook(
    ("meinung", r"\bnicht (?:zwingend |unbedingt |notwendigerweise )?(?:die|der) meinung der redaktion\b"),
    ("copyright", r"^\W*copyright\b.{0,80}(?:\d{4}|reserved|rights|ltd|inc|media|vorbehalten|©)"),
    ("rights reserved", r"\ball rights reserved\b"),
    ("standards", r"^our standards: "),
    (
        "published reproduced copied redistributed rewritten",
        r"\bmay not be (?:published|reproduced|copied|republished|redistributed)\b|\bnot be published, broadcast",
    ),
    (
        "commission commissions",
        r"\b(?:may|might|could|will) (?:earn|receive|make|be paid|get) (?:us |an? |some )?(?:small |affiliate |referral )*commission|\bearns? (?:an? |us )?(?:affiliate )?commissions?\b",
    ),
    (
        "affiliate",
        r"\b(?:contains?|includes?|use|uses|are|may be) (?:some )?affiliate (?:links?|partner)|\baffiliate (?:disclosure|disclaimer)\b",
    ),
    (
        "independently",
        r"\b(?:independently|editorially) (?:selected|chosen|reviewed)\b.{0,100}(?:commission|earn|purchase|link|buy)|\bproducts are independently (?:selected|chosen)",
    ),
    (
        "views opinions",
        r"^the (?:views|opinions)(?: and opinions)? expressed|\bviews (?:expressed )?(?:here )?are (?:those of the author|personal|the author.s own)|\b(?:do|does) not (?:necessarily )?(?:reflect|represent) the (?:official )?(?:views|opinions|position|policy)",
    ),
    ("disclaimer", r"^\W*disclaimer\s*[:-]"),
    (
        "terms privacy recaptcha",
        r"\b(?:our|google) (?:terms (?:of (?:use|service)|and conditions)|privacy (?:policy|notice|statement))\b.{0,60}(?:apply|agree|read|see|accept|$)|\bprotected by recaptcha\b|\bagree to (?:our|the) (?:terms|privacy)",
    ),
    (
        "republish permission creative licensed licence license",
        r"\bpermission to (?:re)?(?:publish|print|use) this|^republish (?:this|our)|\b(?:this|our) (?:article|work|story|content|text)s?\b.{0,60}(?:creative commons|licensed under)",
    ),
    (
        "edited generated syndicated",
        r"\bnot (?:been )?edited by .{2,40} staff|\bauto-generated from a\b|\bpublished from a syndicated feed",
    ),
    (
        "article story post",
        r"^\W*this (?:article|story|post|piece|essay|text) (?:was )?(?:originally|first) (?:appeared|published|ran|posted)|^\W*this (?:article|story|post|piece) (?:has been|is|was) (?:republished|adapted|translated|syndicated|made available|generated|created with)",
    ),
    (
        "error errors mistake correction",
        r"^(?:report|spotted|found|see|notice) (?:an? )?(?:error|mistake|typo|correction)",
    ),
    ("rechte vorbehalten", r"\balle rechte vorbehalten\b"),
    (
        "provision provisionslinks affiliate",
        r"\berhalten wir (?:dafür )?(?:ggf\. |gegebenenfalls )?(?:eine )?(?:kleine )?provision|\b(?:provisions|affiliate)-?links?\b",
    ),
    (
        "fehler",
        r"^(?:haben sie |hast du )?(?:einen )?fehler (?:gefunden|entdeckt|im (?:artikel|text)|melden)",
    ),
    ("zitiervorschlag legal", r"\bzitiervorschlag\b|^.{0,80}\bin: legal tribune"),
    (
        "hinweis transparenzhinweis",
        r"^(?:transparenz)?hinweis(?: der redaktion)?: .{0,80}(?:links?|provision|übersetz|ki\b|erstellt)",
    ),
    (
        "droits derechos diritti direitos riproduzione reproduction reproducción reprodução",
        r"\btous droits réservés\b|\btodos los derechos reservados\b|\btutti i diritti riservati\b|\b(?:© ?)?riproduzione riservata|\btodos os direitos reservados\b|\breproduction interdite\b|\breproducción (?:reservada|prohibida)\b|\breprodução proibida\b",
    ),
    (
        "права перепечатка ошибку опечатку",
        r"\bвсе права защищены\b|\bперепечатка\b.{0,60}(?:ссылк|разреш|запрещ)|нашли (?:ошибку|опечатку)",
    ),
    ("الحقوق", r"جميع الحقوق محفوظة"),
    (
        "rechten prawa hakları cipta práva",
        r"\balle rechten voorbehouden\b|\bwszelkie prawa zastrzeżone\b|\btüm hakları saklıdır\b|\bhak cipta\b|\bvšechna práva vyhrazena\b",
    ),
    dense=r"版权所有|版權所有|转载请注明|轉載請註明|未经.{0,6}(?:授权|许可)|無断(?:転載|複製)|无断转载|저작권자|무단 ?전재|すべての権利",
)


def takes(text: Text, at: int) -> bool:
    """Whether the line is small print."""
    line = text.lines[at]
    return BOOK.holds(line) or (
        line.text.startswith(("©", "(c)", "(C)")) and any(char.isdigit() for char in line.text)
    )
