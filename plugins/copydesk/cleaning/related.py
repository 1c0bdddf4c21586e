"""Pointers to other articles: "Read more: …", boxes of linked headlines, and the labels above them."""

import re

from copydesk.cleaning.lines import Line, Text, alternatives

__all__ = [
    "follows_label",
    "is_boxed",
    "is_in_link_list",
    "is_label",
    "is_linked",
    "is_wording",
    "points_elsewhere",
]

MARKER = re.compile(
    r"^[\W_]*"
    + alternatives(
        r"""
        (?:read|see|watch|listen|view|explore|learn|find out|discover)(?: also| more| next| too| now| this| here| on| about| our)*
        also read | also see | also watch | must read | more
        more (?:on|from|about|in|stories|news|coverage|reading)\b[^:]{0,40}
        most (?:read|popular|viewed)\b[^:]{0,30} | explore (?:further|more)
        popular(?: now| posts| stories)? | latest (?:news|stories|posts|articles) | top stories | related
        related (?:articles?|stories|news|content|coverage|posts?|reading|topics?|links?|videos?)
        in case you missed it | icymi | don.t miss | recommended | trending | editor.s picks?
        you (?:may|might) (?:also )?(?:like|be interested in) | what to (?:read|know)(?: next)?
        further reading | background | previously | earlier | opinion | analysis | explainer | explained
        video | podcast | gallery | in pictures | photos | live | fact.?check | exclusive | special report
        next | up next
        """,
        r"""
        mehr(?: zum thema| dazu| lesen| aus| von| über| informationen)?[^:]{0,30}
        lesen sie (?:auch|hier|dazu|mehr|weiter)[^:]{0,30} | (?:lies|lest) (?:auch|mehr)[^:]{0,20}
        siehe auch | auch interessant | das könnte (?:sie|dich) (?:auch )?interessieren | passend dazu
        weitere (?:artikel|themen|nachrichten|infos|informationen)[^:]{0,30} | ähnliche(?: artikel| themen)?
        hintergrund | interview | kommentar | analyse | newsblog | liveblog | liveticker | live-?ticker
        zum thema | aktuelle (?:meldungen|nachrichten)[^:]{0,60} | die wichtigsten [^:]{0,40} | exklusiv
        porträt | reportage | podcast | umfrage | ratgeber | faktencheck | schwerpunkt | thema
        """,
        r"""
        (?:à )?lire (?:aussi|plus|également|encore|notre)[^:]{0,30} | (?:à )?voir aussi
        sur le même (?:thème|sujet) | notre dossier | en savoir plus | pour aller plus loin | décryptage
        reportage | (?:lea|lee|leer|ver|mira|vea) (?:también|además|más|aquí) | te puede interesar
        le puede interesar | más información | más noticias | noticias? relacionadas? | relacionad[oa]s?
        artículos? relacionados? | você (?:pode|também pode|vai) gostar[^:]{0,20} | talvez você goste
        quem (?:viu|leu) isso | también te puede (?:interesar|gustar) | quizás te interese
        artículos recomendados | vous (?:aimerez|pourriez aimer) aussi | à découvrir
        sugg(?:éré|erito) per [^:]{0,10} | leggi (?:anche|di più|l.articolo|tutto) | vedi anche
        guarda anche | ti potrebbe interessare | potrebbe interessarti | approfondi(?:sci|menti)
        articoli correlati | altre notizie
        (?:leia|veja|saiba|confira|assista)(?: também| mais| a seguir| aqui)+ | leia mais
        notícias relacionadas | matérias relacionadas
        """,
        r"""
        читайте также | читайте ещё | читать (?:далее|также|ещё) | смотрите также | по теме
        материалы по теме | подробнее | ранее | ещё по теме | похожие (?:новости|материалы) | другие новости
        اقرأ (?:أيضا|أيضاً|المزيد|أيضًا) | إقرأ أيضا | شاهد (?:أيضا|أيضاً) | مواضيع ذات صلة | ذات صلة
        المزيد | أخبار ذات صلة | 相关(?:阅读|新闻|报道|文章|链接|推荐) | 相關(?:新聞|報導|文章|閱讀) | 延伸(?:阅读|閱讀)
        更多(?:新闻|新聞|阅读|报道|内容)? | 推荐阅读 | 推薦閱讀 | 点击阅读 | 另见 | 阅读更多 | 看更多 | 関連(?:記事|ニュース|リンク) | あわせて読みたい | 続きを読む
        【関連】 | 관련 ?(?:기사|뉴스) | 더 ?보기
        """,
        r"""
        lees (?:ook|meer|verder) | zie ook | meer over[^:]{0,30} | les (?:også|mer|mere|saken) | se også
        läs (?:också|även|mer) | se mer | lue (?:myös|lisää) | czytaj (?:też|także|więcej|dalej)
        zobacz (?:też|także|również|więcej) | polecamy | číst (?:také|dále) | čtěte (?:také|více)
        přečtěte si[^:]{0,20} | mohlo by vás zajímat | ayrıca okuyun | bunu da oku | ilgili haber(?:ler)?
        baca (?:juga|selengkapnya|lainnya) | simak juga | lihat juga | artikel terkait | berita terkait
        đọc (?:thêm|tiếp) | xem thêm | tin liên quan | διαβάστε (?:επίσης|ακόμη)
        citește (?:și|mai)[^:]{0,20} | olvasd (?:el|tovább) | lestu (?:einnig|meira) | ook interessant
        bekijk ook
        """,
    )
    + r"\s*(?P<colon>[:：|»>–—-]+|$)"
)
SURE_MARKER = re.compile(
    r"^[\W_]*"
    + alternatives(
        r"""
        (?:read|see|watch|learn) (?:also|more|next) | also (?:read|see|watch) | more from
        related(?: articles?| stories| news| coverage| posts?)?: | don.t miss: | you (?:may|might) also like
        """,
        r"""
        mehr (?:zum thema|dazu) | lesen sie (?:auch|hierzu|dazu|mehr) | lies(?: auch| mehr) | siehe auch
        auch interessant | das könnte (?:sie|dich) | ähnliche(?: artikel)?: | mehr themen
        """,
        r"""
        (?:à )?lire (?:aussi|également) | (?:à )?voir aussi | sur le même (?:thème|sujet)
        (?:lea|lee|leer|ver|mira|vea) (?:también|además) | te puede interesar | noticias? relacionadas?
        leggi anche | vedi anche | guarda anche | ti potrebbe interessare
        (?:leia|veja|saiba|confira) (?:também|mais)
        """,
        r"""
        читайте (?:также|ещё) | смотрите также | материалы по теме | اقرأ (?:أيضا|أيضاً|أيضًا|المزيد)
        إقرأ أيضا | مواضيع ذات صلة | 相关(?:阅读|新闻|报道|文章) | 相關(?:新聞|報導|文章) | 延伸(?:阅读|閱讀) | 推荐阅读 | 推薦閱讀 | 関連記事
        あわせて読みたい | 관련 ?기사
        """,
        r"""
        lees (?:ook|meer) | les (?:også|mer) | se også | läs (?:också|även|mer) | lue myös
        czytaj (?:też|także|więcej) | zobacz (?:też|także|również) | čtěte také | přečtěte si
        mohlo by vás zajímat | ilgili haber | baca juga | simak juga | lihat juga | xem thêm | đọc thêm
        lestu (?:einnig|meira)
        """,
    )
)
COLON = re.compile(r"^[^.!?]{0,40}[:：»]")
LABEL_WORDS = 8
MOSTLY = 0.25
"""Share of the text in link lines from which the links are the point of the article."""


def points_elsewhere(text: Text, at: int) -> bool:
    """Whether the line opens with a wording that introduces another article.

    A wording that prose can open with too ("More:", "Video:", "Interview:") counts only for a linked line.
    """
    line = text.lines[at]
    if line.prose and "link" not in line.marks and not COLON.search(line.bare, 0, 50):
        return False
    if SURE_MARKER.match(line.bare):
        return not line.prose or "link" in line.marks or bool(COLON.search(line.bare, 0, 50))
    marked = MARKER.match(line.bare)
    return bool(marked and "link" in line.marks and marked["colon"])


def is_boxed(text: Text, at: int) -> bool:
    """Whether the page has the line in a box with such a label."""
    return "related" in text.lines[at].marks


def is_in_link_list(text: Text, at: int) -> bool:
    """Whether a line behind the text is an item of a list of links."""
    return "links" in text.lines[at].marks and not _introduced(text, at)


def is_label(text: Text, at: int) -> bool:
    """Whether the line is the label above a box of other articles: the wording alone."""
    line = text.lines[at]
    return line.words <= LABEL_WORDS and not ("heading" in line.marks and line.item) and is_wording(line.bare)


def is_wording(label: str) -> bool:
    """Whether a text is the wording of such a label and nothing else: "Related posts", "You may also like…"."""
    wording = label.lower().strip().rstrip(".… ")
    if len(wording) > 60 or not LABELS.search(wording):
        return False
    marked = MARKER.match(wording)
    return bool(marked and marked.end() == len(wording))


LABELS = re.compile(
    r"^[\W_]*"
    + alternatives(
        r"""
        most (?:read|popular|viewed) | explore (?:further|more) | popular (?:now|posts|stories)
        latest (?:news|stories|posts|articles) | top stories | related | read (?:more|next|also) | see also
        also read | more (?:from|on|stories|news|coverage) | recommended | trending | editor.s pick
        you (?:may|might) | what to read | further reading | don.t miss | in case you missed | icymi
        must read | mehr (?:zum|dazu|aus|von|themen|lesen) | lesen sie | siehe auch | auch interessant
        das könnte | passend dazu | weitere (?:artikel|themen|nachr) | ähnliche | zum thema$ | (?:à )?lire
        (?:à )?voir aussi | sur le même | en savoir plus | pour aller | (?:lea|lee|leer|ver|mira|vea)[ ]
        te puede | le puede | más (?:información|noticias) | noticias? rel | relacionad | artículos? rel
        você | talvez você | también te | quizás te | artículos rec | vous (?:aimerez|pourriez)
        à découvrir | leggi | vedi anche | guarda anche | ti potrebbe | potrebbe | approfondi
        articoli corr | altre notizie | leia | veja | saiba | confira | notícias rel | matérias rel
        читайте | читать | смотрите | по теме | материалы | подробнее | похожие | другие новости | اقرأ
        إقرأ | شاهد | مواضيع | ذات صلة | المزيد | أخبار ذات | 相关 | 相關 | 延伸 | 更多 | 推荐阅读 | 推薦閱讀 | 阅读更多 | 看更多
        関連 | あわせて | 続きを | 【関連 | 관련 | 더 ?보기 | lees | zie ook | meer over | les (?:også|mer) | se også | läs
        lue[ ] | czytaj | zobacz | polecamy | číst | čtěte | přečtěte | mohlo | ayrıca | ilgili | baca
        simak | lihat | artikel terkait | berita terkait | xem thêm | đọc | tin liên | διαβάστε | citește
        olvasd | lestu | ook interessant | bekijk
        """
    )
)


def is_linked(text: Text, at: int) -> bool:
    """Whether the whole line is a link to another article, with a second sign that it is not part of the text.

    Links are quoted, and lists of links can be the point of an article; so the line has to be a list item beside
    others of its kind, or a headline in length and form.
    """
    line = text.lines[at]
    if "link" not in line.marks or text.linked > MOSTLY or line.words < 4 or (line.prose and line.words > 30):
        return False
    if line.item and ("heading" in line.marks or _introduced(text, at)):
        return False  # numbered parts of a guide; lists that a sentence announces
    beside = [
        other
        for other in (*text.lines[max(0, at - 1) : at], *text.lines[at + 1 : at + 2])
        if "link" in other.marks
    ]
    if line.item:
        return bool(beside) or not _listed(text, at)
    return not line.ended or bool(beside)


def _introduced(text: Text, at: int) -> bool:
    """Whether a list stands below a sentence that ends with a colon, as part of the text."""
    while at >= 0 and text.lines[at].item:
        at -= 1
    return at >= 0 and text.lines[at].words > LABEL_WORDS and text.lines[at].text[-1] in ":："


def _listed(text: Text, at: int) -> bool:
    return any(
        other.item and "link" not in other.marks
        for other in (*text.lines[max(0, at - 1) : at], *text.lines[at + 1 : at + 2])
    )


def follows_label(line: Line) -> bool:
    """Whether a line directly below such a label belongs to its box: linked, or a short item or headline."""
    if "heading" in line.marks and "link" not in line.marks:
        return False
    return "link" in line.marks or (
        not line.prose and (line.item or (not line.ended and 3 < line.words < 25))
    )
