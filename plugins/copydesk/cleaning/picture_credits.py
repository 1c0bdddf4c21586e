"""Who took the picture: "Photo: …", "(Credit: …)", "Name/AGENCY", "© …", alone on a line."""

import re
from enum import Enum

from copydesk.cleaning.agency import ANY
from copydesk.cleaning.lines import Text, alternatives

__all__ = ["Credit", "credit_of", "takes"]

STOCK = alternatives(
    r"""
    getty(?: images?)? | shutterstock | i?stock(?:photo)? | alamy | unsplash | pexels | pixabay
    adobe ?stock | stock\.adobe\.com | imago(?:[- ]images?)? | picture[- ]alliance | dreamstime
    depositphotos | flickr | wikimedia(?: commons)? | instagram | facebook | twitter | youtube
    zuma(?: press)? | epa(?:-efe)? | rex(?: features)? | wireimage | filmmagic | backgrid | splash(?: news)?
    pa wire | pa images | ap photo | file photo | file | handout | supplied | courtesy | stock images?
    agency pictures? | archiv | screenshot | screengrab | nasa | imago | iStock | 123rf | bigstock | fotolia
    keystone | scanpix | ritzau | tt nyhetsbyrån | lehtikuva | visual china | 视觉中国 | 资料图 | 資料照
    """
)
WORDS = alternatives(
    r"""
    photos?(?:graph(?:s|y|er)?)? | pictures? | images? | pics? | credits? | photo credit | image credit
    picture credit | video | graphic | illustration | file photo | cover photo | fotos?
    fotograf(?:in|ía|ia|ie)? | bild(?:er|quelle|nachweis|rechte)? | symbolbild | symbolfoto | archivbild
    archivfoto | grafik | copyright | crédits?(?: photo)? | photo d.illustration | crédito | imagen | imagem
    immagine | fotografia | reprodução | divulgação | foto di archivio | фото(?:графия)? | иллюстрация
    изображение | صورة | الصورة | تصوير | 图片? | 圖片? | 摄影 | 攝影 | 图源 | 圖源 | 图/ | 图片来源
    写真 | 撮影 | 사진 | kuva | bilde | billede | foto's | zdjęcie | fot\.? | görsel | fotoğraf | ảnh | image source
    representative image | representational image
    """
)
CREDIT = re.compile(
    "|".join(
        (
            rf"^[\W_]*(?:{WORDS})\s*(?:by\b|von\b|[:：/©|])\s*[^.!?。]{{2,90}}[.)\]]?$",
            rf"^[(\[（]\s*(?:{WORDS}|credit|source|via)\b[^()]{{2,90}}[)\]）]$",
            r"^[\W_]*©\s?[^.!?]{2,70}$",
            r"^[\W_]*(?:courtesy(?: of)?|image courtesy of|photo courtesy of)\b.{2,70}$",
            rf"^[^.!?:]{{2,60}}\s*(?:/|\||via|,|-|–|—)\s*(?:{STOCK})(?:\s*(?:/|via|,)\s*[\w .-]{{2,30}})*[\W_]*$",
            rf"^[\W_]*{STOCK}[\W_]*(?:/.{{2,40}})?$",
        )
    ),
    re.IGNORECASE,
)
SLASHED = re.compile(
    rf"^[\W_]*(?:[A-ZÀ-Þ][\w.’'-]+ ?){{0,4}}\s*/\s*{ANY}(?:\s*/\s*\w+| via .{{2,30}})?[\W_]*$"
    rf"|^[—–-]+\s*(?:{ANY}|[A-Z]{{2,6}})(?:\s*/\s*\w+)?[\W_]*$"
)
SIGNS = tuple(
    "/ © | redit upplied ubmitted andout ource Photo photo Image image Pic pic ourtesy Foto foto Bild bild".split()
)
DASHED = re.compile(r"[—–] ?[A-Z\[(]")
OLD = alternatives(
    r"""
    file | archive | handout | representational | representative | stock | submitted | contributed | supplied
    courtesy
    """
)
AT_END = re.compile(
    alternatives(
        rf"""
        (?:^|[\s(\[|—–-])(?:{WORDS})\s*(?:by\b|[:：/©])\s*[^.!?。:：]{{2,60}}[.)\]]*$
        [(\[|—–-]\s*(?:{STOCK})\b[^.!?]{{0,40}}[)\]]?[.]?$
        /\s?(?:{STOCK})[)\].]*$
        {OLD} (?:image|photo|picture|pic)[)\].]*$
        [.)] (?:supplied|submitted|handout|contributed)\.?$
        \((?:archiv|symbol|datei|beispiel)(?:bild|foto)?\)\.?$
        \((?:archivo|archives?|archivio|arquivo|arkivbild|arkivfoto|архив|архивное фото)\)\.?$
        ©\s?[^.!?]{{2,40}}$
        \b(?:photo|picture|image|photograph|pic)s?\s+(?:by|courtesy|:)\s[^.!?]{{2,50}}[.)\]]*$
        """
    ),
    re.IGNORECASE,
)
WITH_AGENCY = alternatives(
    rf"""
    [\w .’'-]{{2,30}}\s?[/,]\s?{ANY}
    {ANY}\s?/\s?(?:[A-Z][\w.’'-]+ ?){{1,4}}
    {ANY}(?:/file|\s+(?:photo|pic|file))
    """
)
OF_AGENCY = re.compile(
    rf"(?:[(\[|]|\s[—–-])\s*{WITH_AGENCY}(?:/\w+| via .{{2,30}})?\s*[)\]]?[.]?$"
    rf"|\w/\s?{ANY}[)\]]?[.]?$"
    r"|[(\[](?:[A-Z][\w.’'-]+ ){1,3}?[A-Z][\w.’'-]+\s?/\s?[A-Z][\w. ]{1,20}[)\]]$",
    re.IGNORECASE,
)
"""An agency with the name of a photographer or the word for a picture."""
AGENCY_END = re.compile(
    r"\((?:source|via|courtesy|image|picture|photo)\b[^()]{2,60}\)\.?$"
    rf"|(?:[(\[|]|\s[—–-])\s*{ANY}\s*[)\]]?[.]?$",
    re.IGNORECASE,
)
TAIL = 110
"""Characters at the end of a line in which credits stand."""


def takes(text: Text, at: int) -> bool:
    """Whether a line is the credit of a picture and nothing else."""
    line = text.lines[at].text
    return bool(CREDIT.match(line) or SLASHED.match(line))


class Credit(Enum):
    """Whose a picture is, at the end of a line: plainly of a picture, or an agency that may own the text too."""

    PICTURE = "picture"
    AGENCY = "agency"


def credit_of(line: str) -> tuple[Credit | None, str]:
    """The kind of credit a line ends with, as captions do, and the line without it."""
    start = max(0, len(line) - TAIL)
    tail = line[start:]
    # nine of ten lines have none of these signs, and the patterns below are slow to say no
    if line[-1] not in ")]" and not any(map(tail.__contains__, SIGNS)) and not DASHED.search(tail):
        return None, line
    for pattern, kind in ((AT_END, Credit.PICTURE), (OF_AGENCY, Credit.PICTURE), (AGENCY_END, Credit.AGENCY)):
        if match := pattern.search(tail):
            return kind, line[: start + match.start()].rstrip()
    return None, line
