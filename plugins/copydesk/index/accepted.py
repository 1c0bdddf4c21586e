"""What Elasticsearch takes of a document under our mapping, and how it reads the values. Pure.

The rules were found by writing values to a server; `tests/contracts/test_refusals.py` holds both against each other
with drawn documents. Only two things that Elasticsearch takes are refused here, for nothing of ours writes them:
times with a zone by name, and names of fields with dots in them.
"""

import struct
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import orjson
import regex

from copydesk.index import Body, Json, Kind, Write
from copydesk.index.mapping import DOCUMENT_BYTES, ID_BYTES, PROPERTIES, TERM_BYTES

__all__ = [
    "LONG",
    "encoded",
    "id_refusal",
    "indexed",
    "is_text",
    "milliseconds",
    "refusal",
    "version_refusal",
]

LONG = 2**63
"""One more than the greatest whole number of Elasticsearch."""
LONGEST_LONG = 20
DAY = timedelta(days=1) // timedelta(milliseconds=1)
CYCLE = 400
"""Years after which the calendar repeats itself."""
SPACES = "".join(map(chr, range(33)))

ISO = regex.compile(
    r"(?P<year>-?[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})(?:T(?:(?P<hour>[0-9]{2})"
    r"(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<part>[0-9]{1,9}))?)?)?"
    r"(?:Z|(?P<sign>[+-])(?P<hours>[0-9]{2})(?::?(?P<minutes>[0-9]{2})(?:(?<=:[0-9]{2}):(?P<s1>[0-9]{2})|"
    r"(?<![:][0-9]{2})(?P<s2>[0-9]{2}))?)?)?)?)?)?)?",
)
EPOCH = regex.compile(r"-?[0-9]{1,19}(?:\.[0-9]{0,6})?")
JAVA_FLOAT = regex.compile(
    r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|"
    r"\.[0-9a-fA-F]+)[pP][+-]?[0-9]+)[fFdD]?",
)
JAVA_DECIMAL = regex.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,9})?")


def id_refusal(id_: str) -> str:
    """Why no document can have such an id; "" if one can."""
    try:
        size = len(id_.encode())
    except UnicodeEncodeError as exc:
        return f"not JSON: {exc.reason} in the id"
    return "" if 0 < size <= ID_BYTES else f"id must have 1 to {ID_BYTES} bytes"


def is_text(value: object) -> bool:
    """Whether a value can stand in a question; what holds half of a character is stored and found nowhere."""
    try:
        str(value).encode()
    except UnicodeEncodeError:
        return False
    return True


def version_refusal(write: Write) -> str:
    """Why no document can have the version of a write; "" if one can."""
    version = write.version or 0
    return "" if 0 <= version < LONG else f"version {version} is out of range"


def encoded(body: Body) -> bytes | str:
    """The document as it travels; why it can't, as a text, if it holds what JSON or a request does not."""
    try:
        # orjson refuses a lone surrogate, a number beyond 64 bits, a type JSON does not know
        content = orjson.dumps(dict(body))
    except TypeError as exc:
        return f"not JSON: {exc}"
    if len(content) > DOCUMENT_BYTES:
        return f"document of {len(content)} bytes is over the limit of {DOCUMENT_BYTES}"
    return content


def refusal(kind: Kind, body: Body) -> str:
    """Why a document, as it comes out of its JSON, can never be kept; "" if it can."""
    return _object(PROPERTIES[kind], body, str(kind))


def _object(properties: Mapping[str, Any], body: Mapping[str, Any], path: str) -> str:
    for name, value in body.items():
        if name not in properties:
            return f"strict_dynamic_mapping_exception: [{name}] is not mapped for {path}"
        reason = _field(properties[name], value)
        if reason:
            return f"document_parsing_exception: [{name}] of {path}: {reason}"
    return ""


def _field(entry: Mapping[str, Any], value: Any) -> str:
    """Why a field of the mapping does not take a value; several values are taken as each of them is."""
    if value is None or entry.get("enabled") is False:
        return ""
    if isinstance(value, list | tuple):
        return next((reason for item in value if (reason := _field(entry, item))), "")
    if "properties" in entry:
        return _object(entry["properties"], value, "it") if isinstance(value, Mapping) else "no object"
    if isinstance(value, Mapping):
        return "an object is no value"
    return _VALUES[entry["type"]](entry, value)


def _keyword(entry: Mapping[str, Any], value: Json) -> str:
    if "ignore_above" in entry:
        return ""
    size = len(term(value).encode())
    return f"immense term of {size} bytes, at most {TERM_BYTES}" if size > TERM_BYTES else ""


def _text(_entry: Mapping[str, Any], _value: Json) -> str:
    return ""


def _flag(_entry: Mapping[str, Any], value: Json) -> str:
    return "" if isinstance(value, bool) or value in ("true", "false", "") else f"no boolean: {_shown(value)}"


def _date(_entry: Mapping[str, Any], value: Json) -> str:
    return "" if milliseconds(value) is not None else f"failed to parse date: {_shown(value)}"


def _long(_entry: Mapping[str, Any], value: Json) -> str:
    if isinstance(value, bool):
        return "a boolean is no number"
    if isinstance(value, float):
        fits = -LONG <= value <= LONG
    elif isinstance(value, int):
        fits = -LONG <= value < LONG
    else:
        number = _decimal(str(value)) if value != "" else Decimal(0)
        fits = number is not None and number.adjusted() < LONGEST_LONG and -LONG <= int(number) < LONG
    return "" if fits else f"out of range of a long, or no number: {_shown(value)}"


def _decimal(text: str) -> Decimal | None:
    if not JAVA_DECIMAL.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _float(_entry: Mapping[str, Any], value: Json) -> str:
    if isinstance(value, bool):
        return "a boolean is no number"
    if isinstance(value, str) and value and not JAVA_FLOAT.fullmatch(value.strip(SPACES)):
        return f"no number: {_shown(value)}"
    try:
        struct.pack(">f", _java_float(value))
    except OverflowError:
        return f"out of range of a float: {_shown(value)}"
    return ""


def _java_float(value: Json) -> float:
    """A number, or a text that is one in Java."""
    text = str(value).strip(SPACES)
    if "x" in text.lower():
        return float.fromhex(text.rstrip("fFdD"))
    number = float(text.rstrip("fFdD") or 0)
    if number - number != 0:
        raise OverflowError
    return number


_VALUES = {
    "keyword": _keyword,
    "text": _text,
    "boolean": _flag,
    "date": _date,
    "long": _long,
    "float": _float,
}


def _shown(value: Json) -> str:
    return repr(value)[:100]


def milliseconds(value: Json) -> int | None:
    """A time in whole milliseconds since 1970, as Elasticsearch compares it; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, int):
        return value if -LONG <= value < LONG else None
    return _milliseconds(term(value))


@lru_cache(maxsize=100_000)
def _milliseconds(text: str) -> int | None:
    """Of a text; kept, for the store in memory asks the same ones again with each search."""
    if iso := ISO.fullmatch(text):
        return _iso_milliseconds(iso.groupdict())
    if not EPOCH.fullmatch(text):
        return None
    whole = Decimal(text).to_integral_value("ROUND_FLOOR")
    return int(whole) if -LONG < whole < LONG else None


def _iso_milliseconds(parts: Mapping[str, str | None]) -> int | None:
    given = {name: int(part) for name, part in parts.items() if part and name not in {"sign", "part"}}
    years = given["year"] // CYCLE - 5
    hours, minutes = given.get("hours", 0), given.get("minutes", 0)
    seconds = given.get("s1", given.get("s2", 0))
    offset = (hours * 60 + minutes) * 60 + seconds
    if minutes > 59 or seconds > 59 or offset > 18 * 3600:  # noqa: PLR2004 (a clock, and the zones of Java)
        return None
    try:
        moment = datetime(
            given["year"] - years * CYCLE,
            given.get("month", 1),
            given.get("day", 1),
            given.get("hour", 0),
            given.get("minute", 0),
            given.get("second", 0),
            tzinfo=UTC,
        )
    except ValueError:
        return None
    cycle = (date(2400, 1, 1) - date(2000, 1, 1)).days * DAY
    part = int((parts["part"] or "").ljust(3, "0")[:3])
    signed = -offset if parts["sign"] == "+" else offset
    return round(moment.timestamp()) * 1000 + part + years * cycle + signed * 1000


def term(value: Json) -> str:
    """A value of a keyword field as it is searched and counted."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def indexed(entry: Mapping[str, Any], value: Any) -> list[Any]:
    """The values by which Elasticsearch finds, sorts and counts what a field holds; none where it only returns it."""
    if isinstance(value, list | tuple):
        return [one for item in value for one in indexed(entry, item)]
    read = _READ.get(entry.get("type", "object"), _nothing)(entry, value) if value is not None else None
    return [] if read is None else [read]


def _nothing(_entry: Mapping[str, Any], _value: Json) -> None:
    return None


def _read_keyword(entry: Mapping[str, Any], value: Json) -> str | None:
    """A label that is too long is given back, but not found."""
    read = term(value)
    length = len(read.encode("utf-16-le", "surrogatepass")) // 2
    return read if length <= entry.get("ignore_above", length) else None


def _read_date(_entry: Mapping[str, Any], value: Json) -> int | None:
    return milliseconds(value)


def _read_long(_entry: Mapping[str, Any], value: Json) -> int | None:
    return None if value == "" else int(Decimal(str(value)))


def _read_float(_entry: Mapping[str, Any], value: Json) -> float | None:
    return None if value == "" else float(struct.unpack(">f", struct.pack(">f", _java_float(value)))[0])


def _read_flag(_entry: Mapping[str, Any], value: Json) -> bool:
    return value in {True, "true"}


_READ = {
    "keyword": _read_keyword,
    "text": _read_keyword,
    "boolean": _read_flag,
    "date": _read_date,
    "long": _read_long,
    "float": _read_float,
}
