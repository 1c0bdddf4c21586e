"""Keys: a query's tree → the terms that lead to it: every article it asks for holds one of them. Pure."""

from collections.abc import Collection, Mapping
from itertools import chain

from copydesk.query.tree import And, Near, Node, Or, Term, forms_of, terms_of

__all__ = ["keys_of"]


def keys_of(tree: Node, spread: Mapping[Term, int]) -> frozenset[Term] | None:
    """The fewest terms, those that fewest topics ask for, of which each article that is asked for holds one.

    None where it may hold none. `spread` says how many topics ask for a term.
    """
    match tree:
        case Term():
            return frozenset([tree])
        case Near():
            return min((frozenset([term]) for term in terms_of(tree)), key=lambda keys: _cost(keys, spread))
        case And():
            found = [keys for part in tree.parts if (keys := keys_of(part, spread)) is not None]
            return min(found, key=lambda keys: _cost(keys, spread), default=None)
        case Or():
            parts = [keys_of(part, spread) for part in tree.parts]
            return None if None in parts else frozenset(chain.from_iterable(filter(None, parts)))
        case _:
            return None


def _cost(keys: Collection[Term], spread: Mapping[Term, int]) -> tuple[int, int]:
    """How many topics ask for the terms, and how short the longest words of these are: short ones stand everywhere."""
    return sum(spread[term] for term in keys), -min((_longest(term) for term in keys), default=0)


def _longest(term: Term) -> int:
    return max((len(token.word) for token in forms_of(term.text)[0]), default=0)
