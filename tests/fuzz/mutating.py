"""One input, broken in a few places; the same seed, target and number break it in the same way. Pure."""

from collections.abc import Callable, Sequence
from random import Random

__all__ = ["LARGEST", "mutated"]

LARGEST = 60_000
"""Bytes of an input: what is large costs time, and teaches little that small inputs don't."""

MOST_CHANGES = 6

ANYWHERE = (
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\r\n", b"\t", b"%", b"&", b"<", b">",
    b'"',
    b"'", b"[", b"]", b"{", b"}", b"\\", b"-1", b"0", b"9" * 30, b"9" * 400, b"1e999", b"\\ud800", b"&#x110000;",
    b"]]>",
    b"<![CDATA[", b"<!--", b"http://[]@/", b"http://[::1", b"//exa\xe2\x84\x80mple", b"2026-13-45T25:61:61+99:99",
)  # fmt: skip
"""What parsers stumble over, of whatever kind they are."""

Change = Callable[[bytearray, Random, Sequence[bytes], Sequence[bytes]], None]


def mutated(seeds: Sequence[bytes], tokens: Sequence[bytes], random: Random) -> bytes:
    """One of the seeds with one to six changes."""
    data = bytearray(random.choice(seeds))
    for _ in range(random.randint(1, MOST_CHANGES)):
        random.choice(CHANGES)(data, random, seeds, tokens)
    return bytes(data[:LARGEST])


def _part(data: bytearray, random: Random, longest: int = 40) -> slice:
    at = random.randrange(len(data) + 1)
    return slice(at, min(len(data), at + random.randint(1, longest)))


def _flip(data: bytearray, random: Random, _seeds: Sequence[bytes], _tokens: Sequence[bytes]) -> None:
    if data:
        data[random.randrange(len(data))] = random.randrange(256)


def _drop(data: bytearray, random: Random, _seeds: Sequence[bytes], _tokens: Sequence[bytes]) -> None:
    del data[_part(data, random)]


def _cut(data: bytearray, random: Random, _seeds: Sequence[bytes], _tokens: Sequence[bytes]) -> None:
    del data[random.randrange(len(data) + 1) :]


def _insert(data: bytearray, random: Random, _seeds: Sequence[bytes], tokens: Sequence[bytes]) -> None:
    at = random.randrange(len(data) + 1)
    data[at:at] = random.choice((*ANYWHERE, *tokens))


def _replace(data: bytearray, random: Random, _seeds: Sequence[bytes], tokens: Sequence[bytes]) -> None:
    data[_part(data, random, 12)] = random.choice((*ANYWHERE, *tokens))


def _repeat(data: bytearray, random: Random, _seeds: Sequence[bytes], _tokens: Sequence[bytes]) -> None:
    part = _part(data, random, 60)
    data[part] = data[part] * random.choice((2, 3, 50, 1000))


def _move(data: bytearray, random: Random, _seeds: Sequence[bytes], _tokens: Sequence[bytes]) -> None:
    part = data[_part(data, random, 200)]
    at = random.randrange(len(data) + 1)
    data[at:at] = part


def _splice(data: bytearray, random: Random, seeds: Sequence[bytes], _tokens: Sequence[bytes]) -> None:
    other = bytearray(random.choice(seeds))
    data[random.randrange(len(data) + 1) :] = other[random.randrange(len(other) + 1) :]


CHANGES: Sequence[Change] = (
    _flip,
    _drop,
    _cut,
    _insert,
    _insert,
    _replace,
    _replace,
    _repeat,
    _move,
    _splice,
)
