"""`python -m benches.signals`: how many hosts of each development set say what to machines, by their meta elements."""

from selectolax.lexbor import LexborHTMLParser

from benches.samples import pages
from copydesk.reading.facts import gather
from copydesk.signals import SIGNALS, in_page
from copydesk.urls import host

__all__: list[str] = []


def main() -> None:
    """Count and print."""
    hosts: dict[str, set[str]] = {}
    saying: dict[tuple[str, str], set[str]] = {}
    for page in pages():
        hosts.setdefault(page.set, set()).add(host(page.url))
        for signal in in_page(gather(LexborHTMLParser(page.body.decode())).meta):
            saying.setdefault((page.set, signal), set()).add(host(page.url))
    for name, all_of in hosts.items():
        counts = (f"{signal} {len(saying.get((name, signal), ()))}" for signal in SIGNALS)
        print(f"{name}: {len(all_of)} hosts, {', '.join(counts)}")


if __name__ == "__main__":
    main()
