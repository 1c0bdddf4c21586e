"""Requests to the reader: subscribe, sign up, follow, download, share, comment, donate, log in.

An imperative and a product word together, or a closed wording; prose reports such things in the third person.
"""

import re

from copydesk.cleaning.lines import Text
from copydesk.cleaning.phrases import phrasebook

__all__ = ["takes"]

QUOTE = re.compile(r"[\"“„«‘「]")
PRODUCT = (
    r"(?:newsletters?|e-?mails?|inbox|alerts?|notifications?|updates|apps?|channel|whatsapp|telegram|facebook|instagram|twitter|tiktok|youtube|linkedin|bluesky|threads|podcasts?|google|subscription|subscribers?"
    r"|membership|account|e-?paper|mailing list|briefing|coverage|social media|premium|ad-free|free|trial|community|comments?|conversation|discussion|forum|here|now|today|below)\b"
)
OURS = r"\b(?:our|your|us|here|now|free|me|my|below|today)\b"
NETWORK = r"(?:x|twitter|facebook|instagram|tiktok|threads|bluesky|linkedin|mastodon|youtube|whatsapp|google|telegram|social media)"

ENGLISH = (
    ("continue create", r"^(?:log|sign) in or (?:create|register|sign up|subscribe)|^create (?:an|a free|your) account\b"),
    ("sign signing signed", rf"^\W*(?:please |now )?sign(?:ing)? (?:up|in|on)\b.{{0,90}}{PRODUCT}|^sign (?:up|in)\b.{{0,30}}$|\bsign(?:ed|ing)? up (?:for|to) (?:our|the|his|her|my|this|one of)\b.{{0,60}}(?:newsletter|e-?mail|channel|briefing|updates|alerts|digest)|\bthanks for signing up"),
    ("subscribe subscribing", rf"^\W*(?:please |now )?subscribe\b.{{0,90}}{PRODUCT}|^subscribe\b.{{0,30}}$|\bsubscribe (?:to (?:our|the|my)|now|today|here)\b|\bthanks for subscribing"),
    ("subscriber subscribers subscribed subscription", r"\balready (?:a )?subscri|\bsubscribers? only\b|\b(?:for|to|exclusive to) (?:our )?(?:premium )?subscribers\W*$|\bsubscribers? (?:can|get|enjoy|have access)\b.{0,60}$"),
    ("member members membership", r"\balready (?:a )?member\b|\bmembers only\b|\bbecome (?:a|our) (?:member|patron|supporter)\b"),
    ("register registered registering account", rf"^\W*(?:please )?register\b(?=.{{0,90}}{OURS}).{{0,90}}|\b(?:create|have) (?:a |an )(?:free )?account\W*$|\balready (?:have an account|registered)"),
    ("join", rf"^\W*join\b(?=.{{0,90}}{OURS}).{{0,90}}{PRODUCT}|^join the (?:conversation|discussion|forum)|^join (?:us|now)\b.{{0,40}}$"),
    ("follow", rf"^\W*(?:please |you can )?follow\b.{{0,90}}\b{NETWORK}\b|\bfollow (?:us|me|him|her|them|@?\w+(?: \w+){{0,4}}) (?:on|at) {NETWORK}\b|^follow (?:us|topics?|this)\b.{{0,40}}$"),
    ("download downloading", rf"^\W*download\b(?=.{{0,90}}{OURS}).{{0,90}}|\bdownload (?:our|the) .{{0,30}}\bapps?\b"),
    ("newsletter newsletters", r"\b(?:our|free|daily|weekly|morning|evening)\b.{0,30}\bnewsletters?\b.{0,40}(?:inbox|sign|subscribe|here|free|$)|\bget .{0,60}newsletter|^(?:\w+ ){0,3}newsletters?\W*$|^newsletter\b[:: ]"),
    ("inbox", r"\b(?:straight|direct(?:ly)?|delivered|sent|right) (?:in)?to your (?:inbox|email|phone)|\bin (?:your|their) inbox\b"),
    ("straight delivered directly sent", r"\b(?:straight|direct(?:ly)?|delivered|sent) (?:in)?to your (?:inbox|email|phone)"),
    ("click", r"^\W*(?:click|tap) (?:here|on|the|below)\b"),
    ("bookmark install share listen become support receive keep", rf"^\W*(?:please )?(?:bookmark|install|share|listen|become|support|receive|keep up)\b(?=.{{0,90}}{OURS}).{{0,90}}\b(?:newsletters?|e-?mail|apps?|channel|whatsapp|telegram|facebook|instagram|twitter|youtube|podcasts?|google|subscription|premium|ad-free|journalism|story|article|site|website|alerts?|comments?|thoughts)\b"),
    ("stay connected informed", r"^\W*stay (?:up to date|informed|connected|tuned|ahead)\b.{0,100}(?:with|on|by|news|follow|subscri|our|for more)"),
    ("comment comments", r"^\W*(?:leave|post|add|read|view|show|write|join|hide|see) (?:a |your |all |the |in the |\d+ )*comments?\b.{0,30}$|\b(?:have your say|tell us|let us know|share your (?:thoughts|views|story|opinion)|what do you think)\b.{0,60}(?:comments?|below)|^(?:please )?(?:read|see|review|note).{0,30}comment(?:s|ing)? (?:policy|guidelines|section)|^would you like to comment\b|^comments? (?:are|is|will be|has|have been) (?:closed|moderated|disabled|subject)|^(?:do you have|got) .{0,40}comment"),
    ("think thoughts", r"^what do you think\?|\b(?:share|tell us|let us know) (?:your )?(?:thoughts|what you think)\b"),
    ("your", r"^have your say\b|\b(?:must|need to|have to) (?:be logged in|log ?in|sign ?in|register|subscribe)\b.{0,40}$|^(?:give|send|share) us your\b"),
    ("must need logged login", r"\byou (?:must|need to|have to) (?:be logged in|log ?in|sign ?in|register|subscribe)|^log ?in (?:to|or)\b.{0,60}$"),
    ("continue reading keep", r"\bto (?:continue|keep) reading\b|^continue reading\b|^keep reading\b"),
    ("article story content unlock access", r"\bthis (?:article|story|content) is (?:for|only available|available|reserved|exclusive)\b.{0,40}(?:subscri|member)|\bunlock (?:this|unlimited|full)\b|\bget unlimited access"),
    ("free", r"\b(?:two|three|four|\d+) (?:weeks?|months?|days?)(?: for)? free\b.{0,60}$|\bfree (?:articles?|stories) (?:left|remaining)|^(?:try|start) .{0,50}\bfree\b"),
    ("like love", r"^(?:like|love|enjoyed|enjoying|enjoy) (?:this|what you|reading)\b.{0,80}|^like us on\b"),
    ("find connect", r"^(?:find|connect with) us\b.{0,60}"),
    ("touch", r"\bget in touch\b.{0,100}(?:@|e-?mail|news team|contact|with us|call)"),
    ("latest news stories updates more", r"^\W*for (?:more|all the|the latest|breaking)\b.{0,40}(?:news|stories|updates|coverage|information)\b.{0,60}(?:follow|visit|subscribe|sign up|check (?:out )?our|click|download|head to|go to)|^get (?:the|all the|more|our|your)\b.{0,60}\b(?:news|stories|updates|headlines|briefing)\b.{0,60}(?:inbox|email|e-mail|app|newsletter|phone|delivered|sign|free)"),
    ("check more", r"\bcheck (?:out )?our (?:news|sport|more|website|page|site|full|other)|^for more (?:stories|news) like this\b"),
    ("order shop preorder", r"^(?:buy|order|shop|pre-order) .{0,50}\b(?:now|here|online)$"),
    ("email mail send write contact tips", r"^(?:please )?(?:e-?mail|mail|send|contact|write to)\b.{0,60}\S+@\S+|\bsend (?:us )?(?:your )?(?:news )?(?:tips|feedback|letters|comments|pictures|videos)\b.{0,40}(?:@|\bto\b|here)|^do you have (?:a|any) (?:story|tip|information)|^(?:got|have) (?:a|any) (?:story|tip|news tip|question)s?\b"),
    ("donate donation donations", r"^(?:please )?(?:donate|make a (?:small )?donation|consider (?:donating|making))\b.{0,80}|\bdonate (?:now|today|here)\b|\byour (?:donation|support|contribution) (?:helps|makes|allows|keeps)"),
    ("support", r"^(?:please )?support (?:us|our (?:work|journalism|reporting))\b|\bsupport (?:independent|local|our|quality) journalism\b.{0,60}$"),
    ("allow notifications turn", r"\b(?:allow|turn on|enable) (?:push )?notifications\b"),
    ("preferred source google", r"\b(?:preferred source|google news)\b.{0,40}$"),
    ("click", r"\bclick here (?:to|for)\b.{0,60}|\b(?:read|find out|see|sign up|subscribe|download) .{0,40}by clicking here"),
    ("real-time updates result results", r"^get (?:real-time|live|instant)\b.{0,60}\b(?:updates|results?|alerts)\b"),
    ("podcast podcasts", r"^(?:listen|subscribe) .{0,60}\bpodcasts?\b.{0,60}(?:apple|spotify|wherever|here|now)"),
)  # fmt: skip
GERMAN = (
    ("kommentar kommentare einloggen anmelden registrieren", r"^kommentar (?:abgeben|hinterlassen|schreiben)\b|\b(?:du musst|sie müssen|bitte)\b.{0,30}\b(?:einloggen|anmelden|registrieren|eingeloggt|angemeldet)\b"),
    ("abonnieren abonniere abonniert", r"\b(?:jetzt |hier |kostenlos |und |newsletter |kanal |uns )?abonnieren\W*$|\babonnieren sie\b|\babonniere(?:n)? (?:jetzt|hier|unseren|den|uns)\b|\b(?:zeitung|welt|newsletter|podcast|kanal) .{0,30}abonnieren\b"),
    ("newsletter newsletters", r"\bnewsletter\b.{0,80}(?:abonn|anmeld|bestell|richtig|erhalten|registr|hier|postfach|täglich|wöchentlich|kostenlos|entlang)|\b(?:täglich|wöchentlich|jeden|unser|kostenlose)\w*\b.{0,60}\bnewsletter\b.{0,30}$|^(?:zum |unser |der )?\w*newsletter\b.{0,30}$"),
    ("folgen folge folgt", r"^\W*(?:folgen sie|folge|folgt)\b.{0,80}(?:uns|whatsapp|instagram|facebook|google|kanal|twitter|tiktok|telegram)"),
    ("melden melde anmelden registrieren einloggen", r"^\W*(?:jetzt |hier )?(?:melden sie sich|melde dich)\b.{0,80}(?:an\b|newsletter|kostenlos)|^(?:jetzt |hier |kostenlos |bitte )*(?:anmelden|registrieren|einloggen)\b.{0,40}$"),
    ("testen kostenlos gratis wochen", r"\b(?:testen sie|jetzt testen|gratis testen|kostenlos testen)\b|\b(?:wochen|monat\w*|tage) (?:lang )?(?:kostenlos|gratis)\b.{0,60}$|^.{0,20}kostenlos (?:testen|anmelden|registrieren|lesen|herunterladen)"),
    ("jetzt", r"^.{0,60}\bjetzt (?:kostenlos |gratis |hier )?(?:abonnieren|anmelden|testen|registrieren|bestellen|herunterladen|weiterlesen|downloaden|laden|sichern|unterstützen|spenden|melden|lesen|teilen)\W*$"),
    ("laden herunterladen lade", r"\b(?:laden sie|lade dir|hier geht es zu[rm])\b.{0,80}(?:app\b|news-app|herunter|newsletter)"),
    ("unterstützen unterstützung spende spenden mitglied", r"\bunterstützen sie (?:uns|unsere)\b|\b(?:unabhängiger )?journalismus\b.{0,60}(?:unterstützung|braucht|kostet)|\bmit (?:einer|ihrer) spende\b.{0,60}|\bwerden sie mitglied\b"),
    ("meinung feedback", r"\bihre meinung ist uns wichtig|\b(?:wir freuen uns (?:über|auf)|senden sie uns|schreiben sie uns|geben sie uns)\b.{0,60}(?:feedback|meinung|anregung|zuschrift|leserbrief)"),
    ("artikel beitrag text", r"\bwie hat (?:ihnen|dir) (?:dieser|der) (?:artikel|beitrag|text) gefallen|\bhat (?:ihnen|dir) (?:dieser|der) (?:artikel|beitrag|text) gefallen|^(?:diesen |den )?(?:artikel|beitrag) (?:teilen|drucken|merken|hören|anhören|kommentieren|vorlesen|bewerten|versenden)\W*$|\b(?:artikel|inhalt) (?:nur )?(?:für|exklusiv für) (?:abonnent|mitglied)"),
    ("kommentar kommentare kommentieren diskutieren", r"^(?:\d+ )?kommentare? (?:lesen|schreiben|anzeigen|verfassen|einblenden)|^(?:diskutieren sie|jetzt kommentieren|schreiben sie (?:einen|ihren) kommentar)\b|\bkommentarfunktion\b.{0,60}$|\bkommentare\b.{0,40}(?:moderiert|geschlossen|netiquette)"),
    ("haben sind bereits abonnent", r"\bsie (?:haben|sind) (?:noch kein|bereits|schon) (?:ein )?(?:abo|konto|abonnent|registriert|mitglied|digital)|^(?:bereits|schon) (?:abonnent|registriert|mitglied|kunde)"),
    ("social whatsapp instagram handy news", r"\bbei social media\b|\bauf (?:whatsapp|instagram|facebook|tiktok|google)\b.{0,40}(?:folgen|abonnieren|kanal)|\bnews-?app\b|\bwhatsapp-?kanal\b"),
    ("zeitung lesen vorbestellen bestellen handel", r"\bhier (?:können sie|kannst du) .{0,40}(?:vorbestellen|bestellen|kaufen|abonnieren|nachlesen|nachhören)|\blesen sie .{0,60}in (?:unserer|der) (?:app|digitalen)"),
    ("hinweise hinweis vertraulich", r"\bhaben (?:sie )?(?:hinweise|informationen|tipps)\b.{0,80}\b(?:melden|schreiben|kontaktieren)\b|\b(?:melden|schreiben) sie (?:sich |uns )?.{0,30}\bvertraulich\b"),
    ("durchschnittliche bewertung startseite übersicht", r"\bdurchschnittliche bewertung\b|^(?:zur|zum) (?:startseite|übersicht|newsletter)"),
)  # fmt: skip
ROMANCE = (
    ("abonnez inscrivez connectez", r"\b(?:abonnez|inscrivez|connectez)-vous\b"),
    ("suivez retrouvez rejoignez téléchargez soutenez partagez", r"^\W*(?:suivez|retrouvez|rejoignez|téléchargez|soutenez|partagez)(?:-nous)?\b.{0,80}(?:facebook|twitter|instagram|whatsapp|chaîne|application|newsletter|google|réseaux|\bsur x\b|article|nous\b)"),
    ("recevez", r"\brecevez\b.{0,80}(?:newsletter|mail|alertes|actualité|gratuit)"),
    ("abonné abonnés abonner", r"\b(?:déjà|pas encore) abonné|\b(?:article|contenu) (?:est )?réservé (?:à nos |aux )abonnés|\bs.abonner\b.{0,30}$"),
    ("reste partager commentaire commentaires faire", r"\bil vous reste \d+.{0,40}(?:article|lire)|^partager(?: cet article| sur)?\b.{0,20}$|\b(?:laisse[rz]|écrire|ajouter) un commentaire|\bfaire un don\b"),
    ("suscríbete regístrate síguenos únete apúntate inscríbete suscribirse suscríbase", r"\b(?:suscríb(?:ete|ase)|regístr(?:ate|ese)|síguenos|únete|apúntate|inscríbete|suscribirse)\b"),
    ("sigue descarga descargue recibe reciba", r"^\W*(?:sigue|descarg(?:a|ue)|recib[ea])\b.{0,90}(?:app\b|newsletter|boletín|canal|whatsapp|correo|google|facebook|gratis)"),
    ("deja escribe añade inicia iniciar compartir comparte contenido artículo hazte", r"^(?:deja|escribe|añade) (?:un|tu) comentario|^(?:inicia|iniciar) sesión\b.{0,40}$|^compart(?:ir|e)\b.{0,40}$|\b(?:contenido|artículo) exclusivo para (?:suscriptores|socios)|\bhazte (?:socio|premium|suscriptor)"),
    ("assine inscreva cadastre siga receba baixe participe clique", r"^\W*(?:assine|inscreva-se|cadastre-se|siga(?:-nos)?|receba|baixe|participe|clique|acompanhe)\b.{0,90}(?:newsletter|canal|whatsapp|app\b|aplicativo|e-?mail|instagram|facebook|google|aqui|notícias|grupo|jornal|redes)"),
    ("compartilhe compartilhar deixe conteúdo", r"^compartilh[ea]r?\b.{0,30}$|^deixe (?:um|seu) comentário|\bconteúdo exclusivo para assinantes"),
    ("iscriviti abbonati seguici scarica registrati ricevi", r"\b(?:iscriviti|abbonati|seguici|registrati)\b.{0,90}|^\W*(?:scarica|ricevi)\b.{0,80}(?:newsletter|app\b|gratis|notizie|canale)"),
    ("condividi contenuto articolo lascia", r"^condividi\b.{0,30}$|\b(?:contenuto|articolo) (?:riservato|per) (?:agli )?abbonati|\blascia un commento"),
)  # fmt: skip
OTHERS = (
    ("подписывайтесь подпишитесь подписаться", r"\b(?:подписывайтесь|подпишитесь|подписаться)\b"),
    ("следите читайте присоединяйтесь скачайте поделиться поделитесь установите", r"^\W*(?:следите за|читайте нас|присоединяйтесь|скачайте|поделит(?:ься|есь)|установите)\b.{0,100}(?:канал|телеграм|telegram|соцсет|приложен|новост|вконтакте|яндекс|дзен|$)"),
    ("оставьте оставить комментарий", r"\b(?:оставьте|оставить|добавить) комментарий"),
    ("اشترك اشتركوا تابعونا تابعنا انضم شارك شاركها", r"اشترك(?:وا)? (?:في|الآن|معنا)|تابعونا|تابعنا|انضم (?:إلى|الى|لقناة)|شارك(?:ها)? (?:المقال|الخبر|على|هذا)|^شارك"),
    ("تطبيق التطبيق", r"حم(?:ل|ّل|لوا) (?:تطبيق|التطبيق)"),
    ("abonneer meld volg schrijf word", r"\b(?:abonneer je|meld je aan|volg ons|schrijf je in|word (?:abonnee|lid))\b"),
    ("prenumerera följ anmäl meld følg abonner tilmeld bliv logga logg", r"\b(?:prenumerera (?:på|här|nu)|följ oss|anmäl dig|meld deg på|følg oss|abonner (?:på|her|nå)|tilmeld dig|bliv abonnent|bli abonnent|logga in|logg inn)\b"),
    ("zapisz obserwuj dołącz subskrybuj abone takip bizi", r"\b(?:zapisz się|obserwuj nas|dołącz do (?:nas|grona)|subskrybuj)\b|\babone ol|\b(?:bizi )?takip edin"),
    ("ikuti dapatkan simak google", r"^\W*(?:ikuti|dapatkan|simak)\b.{0,90}(?:google news|whatsapp|channel|saluran|aplikasi|berita)"),
    ("tilaa seuraa odebírejte sledujte přihlaste urmăriți kövess iratkozz ακολουθήστε εγγραφείτε", r"^\W*(?:tilaa|seuraa)\b.{0,60}(?:uutiskirje|meitä)|^\W*(?:odebírejte|sledujte nás|přihlaste se)\b|\burmăriți-ne\b|\b(?:kövess minket|iratkozz fel)\b|\b(?:ακολουθήστε|εγγραφείτε)\b"),
)  # fmt: skip
DENSE = (
    r"登録すると|読み放題|メールマガジン|电子版|電子版が|订阅|訂閱|关注(?:我们|微信|公众|本)|關注我們|扫描.{0,4}二维码|下载.{0,8}(?:客户端|app)|下載.{0,8}app|分享到|点击(?:查看|进入|下载|关注)|登录后|登入後|会員登録|会員限定|有料会員|有料記事|会員になる|無料登録|ログイン(?:して|する)|フォロー(?:する|して)|ご購読|お申し込み"
    r"|구독(?:하|신청)|로그인|댓글 (?:쓰기|달기)|แอดไลน์|ติดตาม(?:ข่าว|เรา)"
)

BOOK = phrasebook(*ENGLISH, *GERMAN, *ROMANCE, *OTHERS, dense=DENSE)


def takes(text: Text, at: int) -> bool:
    """Whether the line asks the reader for something; people quoted in the story may ask for anything."""
    line = text.lines[at]
    if line.text[-1] in ":：":
        return False  # introduces what follows
    return BOOK.holds(line) and not (line.prose and QUOTE.search(line.text)) and not QUOTE.match(line.text)
