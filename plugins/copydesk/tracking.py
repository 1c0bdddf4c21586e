"""What in an address tells how somebody came to a page and not which page it is, as a table. Pure.

A row is taken only for what the documentation of an ad network, mailer, analytics product or newsroom says, and only as
far: names that sites use for their pages too are dropped for the values that track, or where the path names the page.
A row too few costs one fetch, for `rel=canonical` joins the two; a row too many makes one page of two for ever.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["TABLE", "Row", "without_session", "without_tracking"]


@dataclass(frozen=True, slots=True)
class Row:
    """Parameters that track.

    Attributes:
        names: Of the parameters, a whole match.
        values: With which they track, a whole match.
        named: Only where the path names the page by words or a long number.
    """

    names: re.Pattern[str]
    values: re.Pattern[str]
    named: bool = False


ANY = r".*"
WORD = r"[a-z][\w.+-]*"
CHANNEL = (
    r"\w*rss\w*|atom|feed|newsletter|twitter|facebook|whatsapp|telegram|google(news)?|flipboard|applenews"
)


def _row(names: str, values: str = ANY, *, named: bool = False) -> Row:
    flags = re.IGNORECASE | re.DOTALL
    return Row(re.compile(names, flags), re.compile(values, flags), named)


TABLE: tuple[Row, ...] = (
    # whole families whose names nothing else has
    _row(r"(utm|mtm|matomo|piwik|hsa|oly|vero|__hs[a-z]*)_\w+|_hs(enc|mi)|hsctatracking|__hs(fp|sc|tc)"),
    # clicks of ad networks
    _row(r"(fb|g|dc|tw|tt|msclk|y|ys|srs|epi|li_fat_|sc|t)cl?id|msclkid|yclid|wbraid|gbraid|gclsrc|gad_(source|campaignid)"),
    _row(r"_g[al]|mkt_tok|igshid|igsh|xtor|wt[._](mc|zmc)(_id|_ev)?|s_cid|s_campaign|smid|smtyp|spm|mibextid|si_source"),
    # Matomo, AT Internet, Mailchimp, ComScore: names that other programs may go on with, so each by itself
    _row(r"pk_(campaign|cpn|kwd|keyword|source|medium|content|cid|group|placement|creative)"),
    _row(r"at_(medium|campaign\w*|custom\d|link_\w+|format|ptr_name|bbc_team|creation|send_date|recipient_\w+|term|content"
         r"|channel|emailtype|variant|network|platform|identifier|ad_\w+|detail_\w+|general_\w+|type|link)"),
    _row(r"mc_(cid|eid|tc)|ns_(mchannel|source|campaign|linkname|fee)|stm_(source|medium|campaign|content|term)"),
    # newsrooms
    _row(r"cmpid|ocid|ncid|ftag|sr_share|guccounter|guce_referrer(_sig)?|ref_src|ref_url|taid|dicbo"),
    # what may as well be a page's name: only as a word where the path names the page
    _row(r"campaign_id|cmp|share_id|icid|intcid|int_cmp|sara_ref|sh|link_id", WORD, named=True),
    _row(r"campaign_id|share_id", r"\d{1,3}", named=True),
    # where somebody came from, by the names of channels
    _row(r"ref|referrer|source|src|from|partner|via|feed|emc|traffic_source|origin|mod|ito|echobox", CHANNEL),
    # the same page in another dress, and sessions
    _row(r"amp|_amp|isamp", r"|1|true|amp"),
    _row(r"outputtype", r"amp"),
    _row(r"jsessionid|phpsessid|aspsessionid\w*", r"[\w.!-]{16,}"),
)  # fmt: skip

NAMED = re.compile(r"[^\W_]{2,}(?:[-_][^\W_]+){3,}|\d{6,}")
"""Words or a long number that name a page by themselves."""

SESSION = re.compile(r";jsessionid=[\w.!-]{8,}", re.IGNORECASE)


def without_tracking(pairs: list[str], path: str) -> list[str]:
    """The parameters ("name=value") of an address that tell its page."""
    named = NAMED.search(path) is not None
    return [pair for pair in pairs if not _tracks(pair, named=named)]


def without_session(path: str) -> str:
    """A path without the session that a server has put into it."""
    return SESSION.sub("", path)


def _tracks(pair: str, *, named: bool) -> bool:
    name, _, value = pair.partition("=")
    return any(row.values.fullmatch(value) for row in _rows(name) if named or not row.named)


@lru_cache(maxsize=4096)
def _rows(name: str) -> tuple[Row, ...]:
    """The rows of a name: the same few dozen names stand in all addresses of a day."""
    return tuple(row for row in TABLE if row.names.fullmatch(name))
