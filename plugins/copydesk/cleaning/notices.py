"""Notices of the machinery: no frames, no script, old browser, blocked adverts, consent for an embed.

They stand where a browser failed to show something, in full sentences, and never belong to the story.
"""

from copydesk.cleaning.lines import Text
from copydesk.cleaning.phrases import phrasebook

__all__ = ["takes"]

BOOK = phrasebook(
    ("redaktioneller", r"^empfohlener redaktioneller inhalt"),
    (
        "browser styles",
        r"\byou are using an? .{0,30}browser\b|\b(?:more up to date|up-to-date|modern|supported|different) browser\b|\bdisplaying the site without styles",
    ),
    (
        "browser browsers",
        r"\b(?:your|this|the) browser(?:s)? (?:do(?:es)?(?: not|n.t)|is|can.?t|cannot|settings|version)|\bbrowser (?:is (?:not supported|outdated|out of date)|does(?: not|n.t) support)|\bupdate your browser\b",
    ),
    (
        "javascript script",
        r"\b(?:enable|activate|allow|turn on|requires|activez?|activ[ae]r?|habilit[ae]r?|attiva(?:re)?|ative o|aktivier\w*|включите|włącz\w*|aktivera|slå på) (?:\w+ )?java ?script|\bjava ?script (?:is|must|needs|ist|est|está|è|muss|doit)\b",
    ),
    (
        "adblock adblocker blocker",
        r"\bad[ -]?block(?:er|ing)?s?\b.{0,60}(?:disable|turn|off|detected|deaktiv|désactiv|desactiv|whitelist)|(?:disable|turn off|using an?|whitelist|pause|deaktivieren sie|désactivez|desactiva) .{0,20}ad[ -]?block",
    ),
    (
        "cookie cookies",
        r"\b(?:we|our partners) (?:and our partners )?use cookies\b|\baccept (?:all )?(?:marketing |the )?cookies\b|\bcookie (?:settings|preferences|consent)\b|\b(?:cookie-?einstellungen|cookies? (?:akzeptieren|zustimmen))|\b(?:utilizamos|usamos|utilizziamo i|utilisons des|verwenden|verwendet) cookies|\b(?:view|see|display|watch|play)\b.{0,60}cookies|\bcookies? (?:zu|to) (?:aktivieren|view|see)",
    ),
    (
        "content embed video post media",
        r"^(?:this )?(?:external )?(?:content|embed|video|post|media) (?:is )?(?:blocked|not available|could not be (?:loaded|played)|is hosted|cannot be displayed|failed to load)|\bto (?:view|see|display|watch) this (?:content|embed|video|post)\b.{0,80}(?:consent|accept|enable|allow|settings)|\bthis (?:video|content|media) (?:is not|isn.t|can ?not be|could not be) (?:supported|available|played|displayed|loaded)|\blink to the video\b",
    ),
    (
        "please",
        r"^please (?:enable|allow|turn on|upgrade|update) (?:your )?(?:cookies|notifications|browser)|^please wait\b.{0,20}$",
    ),
    (
        "inhalt inhalte externer externen externe drittplattformen zustimmung datenschutz datenschutzeinstellungen",
        r"\bexterne[rn]? inhalt.{0,80}(?:geladen|angezeigt|blockiert|zustimm|ergänzt|einverstanden|dargestellt)|\b(?:einen|ein) (?:externen|eingebetteten|externer) inhalt|\bmit (?:ihrer|deiner) zustimmung\b|\bpersonenbezogene daten an drittplattformen|\bdatenschutz-?einstellungen\b|\bdieser (?:inhalt|artikel) (?:wird|kann).{0,40}nicht (?:angezeigt|geladen)|\binhalt(?:e)? (?:anzeigen|entsperren|laden)$",
    ),
    ("stelle", r"^an dieser stelle (?:finden sie|steht|befindet sich|haben wir)"),
    (
        "browser",
        r"\b(?:ihr|dein|mein) browser (?:unterstützt|kann|ist|blockiert)|\b(?:il (?:tuo|vostro)) browser non|\b(?:je|uw) browser (?:ondersteunt|is)|\bdin browser (?:understøtter|er)",
    ),
    (
        "navigateur navegador navigatore",
        r"\bvotre navigateur (?:ne|n.est|est)|\b(?:su|tu|seu|o seu) navegador (?:no|não)|\b(?:tuo|vostro) navigatore non",
    ),
    (
        "contenu vidéo contenido conteúdo contenuto",
        r"\b(?:ce|cette) (?:contenu|vidéo)\b.{0,40}(?:bloqué|cookies|n.est pas disponible)|\beste (?:contenido|vídeo|video) no (?:está|se puede)|\bquesto contenuto.{0,30}(?:bloccato|cookie)|\beste conteúdo não",
    ),
    ("браузер", r"ваш браузер (?:не|устар)"),
    ("متصفحك المتصفح جافا", r"متصفحك لا|المتصفح لا يدعم|تفعيل جافا"),
    (
        "webbläsare nettleseren nettleser browseren",
        r"\bdin (?:webbläsare|nettleser) (?:stöd|støtter|är|er)|\b(?:nettleseren|browseren) (?:din )?(?:støtter|understøtter)",
    ),
    (
        "przeglądarka tarayıcınız peramban prohlížeč",
        r"\b(?:twoja przeglądarka|tarayıcınız|peramban anda|váš prohlížeč) ",
    ),
    dense=r"您的浏览器(?:不|版本)|您的瀏覽器|(?:启用|开启|啟用) ?javascript|お使いのブラウザ|javascriptを有効",
)


def takes(text: Text, at: int) -> bool:
    """Whether the line is a notice."""
    return BOOK.holds(text.lines[at])
