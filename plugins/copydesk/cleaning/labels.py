"""Single words and names around the text: sections, advertisement marks, tags, tool bars, "+ posts"."""

import re

from copydesk.cleaning.lines import Text, alternatives, fold

__all__ = [
    "is_item",
    "is_kicker",
    "is_lone_section",
    "is_loose_end",
    "is_ruler",
    "is_section",
    "is_source",
    "takes",
]

LABEL = re.compile(
    r"^[\W_]*"
    + alternatives(
        r"""
        advertisements? | advert | ad | sponsored(?: content| by .{1,30})? | promoted
        story continues(?: below)?.{0,20} | article continues.{0,25} | (?:the )?article content | article
        text ?size | font size | scroll (?:down )?(?:to|for) .{1,30} | skip (?:to|ad)?.{0,25}
        (?:copy|get) (?:the )?link | link copied!? | print | print this | save(?: article| for later)?
        share | shares?(?: this)?(?: article| story| on .{1,20})?
        listen(?: to (?:this )?(?:article|story))? | embed | close | menu | search | next | previous
        back to top | top | home | homepage | comments?(?: \(\d+\)| are closed)? | \d+ comments?
        no comments(?: yet)? | leave a (?:reply|comment) | reply | report
        view (?:all|more|gallery|comments) | show (?:more|less|all) | load more | see (?:all|more)
        read more | more | continue reading | expand | play | pause | mute | loading | live | live updates
        breaking(?: news)? | exclusive | premium | subscribers? only | free | latest(?: news)? | top stories
        most (?:read|popular|viewed) | popular | trending(?: now)? | recommended
        (?:filed|posted) (?:under|in)\b.{0,60} | tags?\b.{0,3}:.{0,150} | tags? | topics?\b:.{0,150}
        topics? | categor(?:y|ies)(?::.{0,80})? | keywords?:.{0,150} | more in .{1,30} | \+? ?posts | bio
        about the authors? | author | authors | by | source | sources | photo | photos | image | images
        video | gallery | credit | credits | caption | hide caption | toggle caption
        enlarge(?: this image)? | getty images | click to (?:enlarge|expand|play) | tap to .{1,20}
        open (?:image )?in (?:new|gallery).{0,20} | \d+ ?/ ?\d+ | \d+ of \d+ | facebook | twitter | x
        whatsapp | linkedin | reddit | pinterest | email | e-mail | telegram | messenger | bluesky | threads
        flipboard | instagram | youtube | tiktok | pocket | rss
        """,
        r"""
        anzeige | werbung | artikel (?:anhören|teilen|drucken|merken) | anhören | vorlesen | teilen
        drucken | merken | speichern | kommentare?(?: \(\d+\))? | \d+ kommentare? | zur startseite
        startseite | nach oben | mehr(?: anzeigen| lesen| laden)? | weiterlesen | weniger anzeigen
        schlagw(?:o|ö)rt(?:e|er)?:?.{0,150} | themen:.{0,150} | stichworte:?.{0,150} | bildergalerie | video
        eilmeldung | quellen? | quelle | bild | bilder | foto | fotos | inhaltsverzeichnis | inhalt
        autor(?:in)? | über (?:den autor|die autorin) | der autor | die autorin | die autoren | exklusiv
        abo | plus | premium | artikel | infobox | eigene recherchen? | verwendete quellen
        """,
        r"""
        publicité | annonce | partager | imprimer | commentaires?(?: \(\d+\))? | \d+ commentaires?
        lire (?:la suite|plus) | voir plus | sommaire | mots[- ]clés\s?:?.{0,150} | à la une | publicidad
        anuncio | compartir | comentarios? | imprimir | guardar | ver más | leer más
        etiquetas?\s?:?.{0,150} | temas\s?:.{0,150} | pubblicità | condividi | commenti | stampa
        leggi tutto | argomenti\s?:?.{0,150} | publicidade | continua após a publicidade
        compartilh(?:e|ar) | partilhar | comentários? | tópicos\s?:?.{0,150} | assuntos\s?:?.{0,150}
        """,
        r"""
        реклама | поделиться | комментарии | теги\s?:?.{0,150} | темы\s?:.{0,150} | фото | видео | источник
        إعلان | اعلان | شارك | مشاركة | تعليقات | التعليقات | الوسوم\s?:?.{0,150} | 广告 | 廣告 | 分享 | 评论 | 評論
        留言 | 责任编辑.{0,20} | 編輯.{0,12} | 编辑[:：].{0,12} | 来源[:：].{0,20} | 標籤.{0,60} | 标签.{0,60} | 关键词.{0,60}
        広告 | シェア | コメント | 関連キーワード | 关注 | 關注 | もっと見る | おすすめ.{0,6} | 完了しました | 関連リンク | 광고 | 공유 | 댓글 | 목록
        """,
        r"""
        advertentie | delen | reacties | reageer | annonse | annons | mainos | reklame | reklama | reklam
        iklan | quảng cáo | διαφήμιση | hirdetés | publicitate | dela | del | kommenter | kommentarer?
        článek | udostępnij | komentarze | skomentuj | paylaş | yorumlar | etiketler.{0,100} | bagikan
        komentar | editor\s?:.{1,30} | headline
        """,
    )
    + r"[\W_]*$"
)
STAMPED = re.compile(
    r"^[\W_]*"
    + alternatives(
        r"(?:last )?(?:updated|published|modified|posted)(?: on| at)?",
        r"(?:zuletzt )?(?:aktualisiert|veröffentlicht)(?: am)?|stand",
        r"(?:mis à jour|publié|modifié)(?: le)?|(?:actualizado|publicado)(?: el)?|(?:aggiornato|pubblicato)(?: il)?|(?:atualizado|publicado) em",
        r"(?:обновлено|опубликовано)|(?:آخر )?تحديث|نشر في|(?:更新|发布)(?:时间|于)",
    )
    + r"[\W_]*$"
)
"""What is left of a date when the date itself stands in another element."""

OWN = re.compile(
    r"^[\W_]*"
    + alternatives(
        r"own (?:research|reporting)",
        r"eigene (?:recherchen?|berichterstattung)",
        r"(?:nos propres |notre )recherches?|investigación propia|elaboración propia|ricerche proprie|pesquisa própria",
        r"собственн(?:ая|ые) (?:информация|источники)|مصادر خاصة|本报(?:记者)?采访",
    )
    + r"[\W_]*$"
)
SECTIONS = frozenset(
    fold(name)
    for name in (
        "international|world|world news|national|nation|local|local news|politics|business|economy|finance|markets|money|companies|"
        "technology|tech|science|health|sport|sports|football|culture|arts|entertainment|lifestyle|life|travel|opinion|editorial|"
        "comment|analysis|news|latest news|us|u.s.|us news|uk|uk news|europe|asia|africa|americas|middle east|environment|climate|"
        "education|crime|courts|weather|society|features|feature|explainer|obituaries|celebrity|royals|food|style|fashion|"
        "international news|breaking|top news|general|uncategorized|media|law|letters|columns|column|interview|review|reviews|"
        "investigation|video|photos|auto|real estate|property|jobs|innovation|energy|politik|wirtschaft|ausland|inland|international|"
        "panorama|sport|kultur|wissen|wissenschaft|gesundheit|gesellschaft|meinung|kommentar|lokales|regional|region|deutschland|"
        "österreich|schweiz|europa|welt|finanzen|finanzmärkte|börse|digital|netzwelt|technik|medien|reise|leben|karriere|geld|auto|"
        "wetter|feuilleton|nachrichten|aktuell|vermischtes|ratgeber|leserbriefe|politique|économie|monde|société|culture|sports|"
        "sciences|santé|environnement|planète|idées|opinions|débats|actualités|actualité|régions|faits divers|justice|éducation|médias|"
        "política|economía|internacional|internacionales|mundo|sociedad|cultura|deportes|ciencia|salud|tecnología|opinión|nacional|"
        "españa|local|sucesos|tendencias|gente|noticias|actualidad|politica|economia|esteri|mondo|cronaca|cronache|cultura|spettacoli|"
        "scienza|salute|tecnologia|opinioni|sport|italia|ambiente|società|economia|internacional|mundo|sociedade|esportes|esporte|"
        "desporto|ciência|saúde|tecnologia|opinião|brasil|notícias|cidades|cotidiano|polícia|политика|экономика|мир|в мире|общество|"
        "культура|спорт|наука|здоровье|технологии|мнения|россия|происшествия|новости|в стране|бизнес|سياسة|اقتصاد|العالم|عالم|أخبار|"
        "مجتمع|ثقافة|رياضة|علوم|صحة|تكنولوجيا|رأي|عربي|دولي|محليات|أخبار العالم|منوعات|国际|國際|国内|國內|政治|经济|經濟|财经|財經|社会|社會|文化|体育|體育|科技|科学|"
        "科學|健康|娱乐|娛樂|观点|觀點|要闻|要聞|新闻|新聞|軍事|军事|国際|経済|スポーツ|エンタメ|話題|地域"
    ).split("|")
)
"""Names of sections as papers print them."""

RULER = re.compile(r"^[\W_]+$")

PARAGRAPHS = 3
SECTION_WORDS = 5
KICKER_WORDS = 4


def takes(text: Text, at: int) -> bool:
    """Whether the line is a label of the page and nothing else."""
    line = text.lines[at]
    if line.item and "link" not in line.marks:
        return False
    return bool(LABEL.match(line.bare))


def is_item(text: Text, at: int) -> bool:
    """Whether a line around the text is such a label as the item of a list: a tool bar, a line of dates."""
    line = text.lines[at]
    return line.item and bool(LABEL.match(line.bare) or STAMPED.match(line.bare))


def is_kicker(text: Text, at: int) -> bool:
    """Whether a line before the text is a few words in capitals: a kicker, or the name of the writer."""
    line = text.lines[at]
    return (
        line.text.isupper() and line.words <= KICKER_WORDS and line.text[-1] not in ":：?!" and not line.item
    )


def is_source(text: Text, at: int) -> bool:
    """Whether a line behind the text is the item of a list of sources: one item of it says "own research"."""
    if not text.lines[at].item:
        return False
    start = end = at
    while start > 0 and text.lines[start - 1].item:
        start -= 1
    while end + 1 < len(text.lines) and text.lines[end + 1].item:
        end += 1
    return any(OWN.match(line.bare) for line in text.lines[start : end + 1])


def is_ruler(text: Text, at: int) -> bool:
    """Whether a line around the text is made of punctuation."""
    return bool(RULER.match(text.lines[at].text))


def is_section(text: Text, at: int) -> bool:
    """Whether a line before or after the text is the name of a section, of the site or of a tag of the page."""
    line = text.lines[at]
    if line.words > SECTION_WORDS or line.ended or line.item:
        return False
    letters = line.letters
    return letters in SECTIONS or any(letters == fold(label) for label in text.around.labels)


def is_loose_end(text: Text, at: int) -> bool:
    """Whether the last line is a few capitalised words directly behind the last of several paragraphs.

    A name or a label stands there: no subhead does, for nothing follows.
    """
    line = text.lines[at]
    if at < PARAGRAPHS or at + 1 < len(text.lines) or line.ended or line.item or line.dense:
        return False
    words = line.text.split()
    capitals = all(word[0].isupper() for word in words if word[0].isalpha())
    return (
        capitals
        and line.text[0].isupper()
        and text.lines[at - 1].prose
        and sum(other.prose for other in text.lines[:at]) >= PARAGRAPHS
    )


def is_lone_section(text: Text, at: int) -> bool:
    """Whether a line within the text names a section, and no other line does: several are subheads of a roundup."""
    line = text.lines[at]
    if "heading" in line.marks and line.letters not in SECTIONS:
        return False  # tags of a page are what its parts are about
    return is_section(text, at) and sum(letters in SECTIONS for letters in text.first) <= 1
