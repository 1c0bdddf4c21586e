"""What robots.txt lets us do (RFC 9309). Pure; the fetcher asks for the file and keeps the answer."""

import re
from dataclasses import dataclass

from protego import Protego

from copydesk.adapters.http.download import Failure, Response
from copydesk.outcomes import Reason
from copydesk.signals import AGENT

__all__ = ["Rules", "rules"]

LONGEST_DELAY = 30.0
"""Seconds of Crawl-delay that are honoured; more would never let a news site be read."""

OF_GROUPS = re.compile(r"\s*(user[- ]?agent|allow|di[as]+l+[ao]w|crawl[- ]delay)\b", re.IGNORECASE)
"""Lines that groups are made of, with the ways to miswrite them that the parser knows."""

KEPT = 24 * 3600.0
KEPT_AFTER_TROUBLE = 600.0
KEPT_AFTER_SILENCE = 60.0
"""Seconds an answer holds: a day for a file or its absence, as the RFC allows, minutes for a site that is ill, one
where nothing answered at all, which may be the trouble of our own network."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one site lets us do.

    Attributes:
        parsed: The file, or None where there is none and everything is allowed.
        closed: Why nothing may be fetched for now; "" when the file decides.
        silent: What befell us on the way to a site that said nothing at all; None when it is the site that forbids.
        kept: How long this holds, in seconds.
        delay: Seconds the site asks us to leave between two requests, at most 30.
    """

    parsed: Protego | None = None
    closed: str = ""
    silent: Reason | None = None
    kept: float = KEPT
    delay: float = 0.0

    def check(self, url: str) -> None:
        """Raises Failure when the address may not be fetched."""
        if self.silent:
            raise Failure(self.silent, self.closed, wait=self.kept, asked=False)
        if self.closed:
            raise Failure.refusal(Reason.ROBOTS, self.closed, wait=self.kept, asked=False)
        if self.parsed is not None and not self.parsed.can_fetch(url, AGENT):
            raise Failure.refusal(Reason.ROBOTS, "robots.txt disallows it")


def rules(answer: Response | Failure) -> Rules:
    """The rules that follow from asking for /robots.txt, redirects followed.

    None there (4xx, or more redirects than five) allows everything; a site that is ill (5xx, 429, no answer)
    allows nothing until it is well.
    """
    if isinstance(answer, Failure):
        if answer.reason is Reason.REDIRECTS:
            return Rules()
        silent = answer.reason if answer.reason in {Reason.CONNECTION, Reason.TIMEOUT} else None
        return _closed(f"robots.txt cannot be had: {answer.reason} {answer.detail}".strip(), silent)
    if answer.status == 200:  # noqa: PLR2004 (OK)
        parsed = Protego.parse(_of_groups(answer.body.decode("utf-8-sig", errors="replace")))
        asked = parsed.crawl_delay(AGENT) or 0.0
        return Rules(parsed=parsed, delay=min(asked, LONGEST_DELAY) if asked > 0 else 0.0)  # "nan" is not
    if 400 <= answer.status < 500 and answer.status != 429:  # noqa: PLR2004 (client errors, too many requests)
        return Rules()
    return _closed(f"robots.txt answered {answer.status}")


def _of_groups(text: str) -> str:
    """Only the lines that groups are made of: any other between two names would end a group for the parser (2.2.1)."""
    return "\n".join(line for line in text.splitlines() if OF_GROUPS.match(line))


def _closed(why: str, silent: Reason | None = None) -> Rules:
    return Rules(closed=why, silent=silent, kept=KEPT_AFTER_SILENCE if silent else KEPT_AFTER_TROUBLE)
