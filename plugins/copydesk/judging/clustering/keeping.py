"""The last decisions on large sets, kept while the process lives: a decision depends on the set and on nothing else.

A worker asks twice at least, before it refreshes and after, and mostly nothing came between. A decision on other texts
is made anew, for each weight hangs on how rare a thing is in the whole set. Pure, as the decision is.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import orjson

from copydesk.index.judgement import Ruling
from copydesk.judging.clustering.decision import Decision, decide
from copydesk.judging.fingerprint import Fingerprint, kept

__all__ = ["LEAST_KEPT", "decided", "digest_of", "forget"]

KEPT, LEAST_KEPT = 8, 48
"""Decisions that are kept, and on how many texts: on fewer one costs less than the rest of the step."""


@dataclass(frozen=True, slots=True)
class _Set:
    """Texts and rulings; equal to those with the same digest."""

    digest: bytes
    rulings: tuple[Ruling, ...]
    texts: Sequence[Fingerprint] = field(compare=False)


def decided(texts: Sequence[Fingerprint], rulings: Sequence[Ruling]) -> Decision:
    """What `decide` says; not to be changed, for who asks again may get the same one."""
    if len(texts) < LEAST_KEPT:
        return decide(texts, rulings)
    return _decided(_Set(digest_of(texts), tuple(rulings), texts))


@lru_cache(maxsize=KEPT)
def _decided(of: _Set) -> Decision:
    return decide(of.texts, of.rulings)


def forget() -> None:
    """Let go of all that is kept: for measures that move a threshold while the process lives."""
    _decided.cache_clear()


def digest_of(texts: Sequence[Fingerprint]) -> bytes:
    """Of the records of these fingerprints, in this order: what is read from the index is what was made."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(orjson.dumps([text.id, kept(text)]))
    return digest.digest()
