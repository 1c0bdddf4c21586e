"""`make eval`: quality on the development sets, each part as its own file prints it when called alone."""

from benches import copies, extraction

__all__ = ["main"]


def main() -> None:
    """Print what is read and recognised, and how well."""
    extraction.main([])
    copies.main([])


if __name__ == "__main__":
    main()
