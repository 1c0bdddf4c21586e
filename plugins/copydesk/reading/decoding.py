"""The bytes of a capture → clean Unicode text, or the reason why they are none. Pure.

What the bytes are wins over what is said about them: valid UTF-8 is UTF-8, whatever the header claims.
The text holds no NUL, no control characters but tab and line feed, no lone surrogates, no noncharacters, and of the
characters that nobody sees only those that Arabic, Indic scripts and emoji are written with.
"""

import codecs
import re

import charset_normalizer

__all__ = ["NotText", "decode", "is_markup", "scrub"]

HEAD = 2048
"""How far into a page a declaration counts; browsers look through the first 1,024 bytes."""

BINARY = (
    b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\x28\xb5\x2f\xfd",
    b"RIFF", b"OggS", b"ID3", b"\x00\x00\x00\x18ftyp", b"\x00\x00\x00\x20ftyp", b"\x1aE\xdf\xa3", b"\x7fELF", b"wOF2",
)  # fmt: skip
"""How files that are no text begin: documents, images, archives, sound, film, programs, fonts."""

TEXT_TYPES = re.compile(r"(text/|application/(xhtml|xml|octet-stream|x-www)|application/[\w.-]+\+xml|$)")
MARKUP = re.compile(
    r"<\s*(!doctype|html|head|body|meta|article|section|div|p|h[1-6]|span|title|!--|\?xml)\b", re.IGNORECASE
)
DECLARED = re.compile(
    rb"(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
NO_TEXT = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"
FORBIDDEN = re.compile(f"[{NO_TEXT}]")
GONE = re.compile(f"[{NO_TEXT}\u00ad\u034f\u200b\u2060-\u2064]")
"""With what nobody sees: soft hyphens, joiners of words, spaces without width; in the index no word with one is found.
In one class, or the looking takes ten times as long."""

JOINERS = "\u200c\u200d"
STRAY_JOINER = re.compile(
    "[\u200c\u200d](?<![\u0600-\u08ff\u0900-\u0dff\u1000-\u18af\u2600-\u27bf\ufb50-\ufdff\ufe0f\ufe70-\ufeff"
    "\U0001f000-\U0001faff].)"
)
"""Joiners of letters have a meaning behind letters of Arabic and Indic scripts and behind emoji, and nowhere else."""

LATER = (
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201a\u201c-\u201e"
    "\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
TWICE = re.compile(
    f"[\u00c2-\u00c5\u00ce-\u00d1\u00d7-\u00d9]{LATER}|[\u00e2-\u00ef]{LATER}{{2}}|\u00f0{LATER}{{3}}"
)
"""What a letter of Latin, Greek, Cyrillic, Hebrew, Arabic or East Asian script becomes when its UTF-8 bytes are read as
windows-1252 and written as UTF-8 again."""

CERTAIN = 3
"""Such letters from which a text was encoded twice, if they are most of what is beyond ASCII in it."""

ASCII_AS_SPACE = b" " * 128 + bytes(range(128, 256))

REPLACED = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949",
    "shift_jis": "cp932", "big5": "big5hkscs", "tis-620": "cp874", "iso8859-9": "cp1254", "iso8859-11": "cp874",
}  # fmt: skip
"""Labels that mean a larger set on the web, as the WHATWG Encoding Standard has it."""

NO_CHARSETS = frozenset(
    {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7", "charmap", "undefined"}
)
"""What Python calls an encoding and no browser does; others of that kind (`hex`, `zlib`) decode no text at all."""

STRAY = 0.02
"""Share of undecodable bytes among those beyond ASCII up to which damaged UTF-8 is still taken for UTF-8."""


class NotText(ValueError):  # noqa: N818 (a finding, made into a Rejection)
    """The bytes are neither a page nor a text; the message says what they look like."""


def decode(body: bytes, content_type: str) -> str:
    """The text of a body, however broken. An empty body gives "".

    Raises:
        NotText: An image, a document, an archive or other binary data.
    """
    media = content_type.partition(";")[0].strip().lower()
    start = body[:HEAD].lstrip()
    if start.startswith(BINARY):
        raise NotText(f"binary data ({start[:4]!r}) declared as {media or 'nothing'}")
    text = _once(_decode(body, content_type))
    if not TEXT_TYPES.match(media) and not is_markup(text):
        raise NotText(f"content type {media}")
    controls = len(FORBIDDEN.findall(text, 0, 4 * HEAD))
    if controls > max(8, len(text[: 4 * HEAD]) // 10):
        raise NotText(f"control characters in text declared as {media or 'nothing'}")
    return scrub(text)


def is_markup(text: str) -> bool:
    """Whether a text begins like HTML or XML rather than prose."""
    return bool(MARKUP.search(text, 0, HEAD))


def scrub(text: str) -> str:
    """The text without characters that no UTF-8 file, XML parser or index takes, or that nobody sees.

    Line ends become line feeds.
    """
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    text = GONE.sub("", text)
    return STRAY_JOINER.sub("", text) if any(joiner in text for joiner in JOINERS) else text


def _once(text: str) -> str:
    """A text that was encoded twice, decoded once more; any other as it is.

    Punctuation that lost its middle byte costs no word, and nobody sees what is left of it: it is mended with letters.
    """
    if text.isascii():
        return text
    beyond = _beyond(text)
    found = TWICE.findall(beyond)
    others = len(beyond) - beyond.count(" ") - sum(map(len, found))
    least = max(CERTAIN, others)
    if len(found) < least:
        return text
    telling = sum(_decoded(one).isalpha() or one.isprintable() for one in found if _decoded(one) != one)
    return TWICE.sub(lambda twice: _decoded(twice[0]), text) if least <= telling else text


def _beyond(text: str) -> str:
    """What of a text is beyond ASCII, with spaces between its parts; a tenth of what a pattern takes."""
    parts = text.encode("utf-8", "surrogatepass").translate(ASCII_AS_SPACE).split()
    return b" ".join(parts).decode("utf-8", "surrogatepass")


def _decoded(twice: str) -> str:
    """The letter whose bytes these characters are; themselves where they are none."""
    try:
        raw = b"".join(char.encode("cp1252" if char > "\x9f" else "latin-1") for char in twice)
        return raw.decode()
    except UnicodeError:
        return twice


def _decode(body: bytes, content_type: str) -> str:
    for bom, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    wide = _wide(body)
    if wide:
        return body.decode(wide, "replace")
    header = HEADER.search(content_type)
    declared = DECLARED.search(body, 0, HEAD)
    names = [_lookup(header[1]) if header else "", _lookup(declared[1].decode("ascii")) if declared else ""]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(body, names)
    # ISO-2022 writes Japanese and Korean in ASCII bytes and escapes
    shifted = next((name for name in names if name.startswith("iso2022")), "")
    return body.decode(shifted, "replace") if shifted and b"\x1b" in body else text


def _not_utf8(body: bytes, names: list[str]) -> str:
    repaired = body.decode("utf-8", "surrogateescape")
    stray = sum("\udc80" <= char <= "\udcff" for char in repaired) if len(repaired) < len(body) else len(body)
    beyond = len(body) - len(body.translate(None, bytes(range(128, 256))))
    if stray <= max(STRAY * beyond, 1 if "utf-8" in names else 0):
        return re.sub("[\udc80-\udcff]+", _windows, repaired)
    for name in names:
        if name and name != "utf-8" and not name.startswith("utf-16"):
            try:
                return body.decode(name)
            except UnicodeDecodeError:
                continue
    if "utf-8" in names and stray < beyond / 2:
        return re.sub("[\udc80-\udcff]+", _windows, repaired)
    usable = next((name for name in names if name and name != "utf-8" and not name.startswith("utf-16")), "")
    return body.decode(usable or _guess(body), "replace")


def _guess(body: bytes) -> str:
    best = charset_normalizer.from_bytes(body[:20_000], steps=5, chunk_size=512).best()
    return best.encoding if best is not None else "cp1252"


def _windows(stray: re.Match[str]) -> str:
    """Single bytes of windows-1252 in UTF-8 text: the quotes and dashes of a pasted passage."""
    return stray[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _lookup(label: str) -> str:
    """Python's name for an encoding label, widened as browsers do; "" for one nobody knows."""
    try:
        name = codecs.lookup(label).name
        b" ".decode(name, "replace")
    except (LookupError, ValueError):
        return ""
    if name.replace("_", "-") in NO_CHARSETS:
        return ""
    return REPLACED.get(name, name)


def _wide(body: bytes) -> str:
    """UTF-16 without a byte order mark: every second byte of mostly Latin text is NUL."""
    head = body[: HEAD & ~1]
    if head.count(0) < len(head) // 4 or len(head) < 4:  # noqa: PLR2004
        return ""
    odd, even = head[1::2].count(0), head[::2].count(0)
    return "utf-16-le" if odd > 4 * even else "utf-16-be" if even > 4 * odd else ""
