"""`make eval`: quality on the development sets, each part as its own file prints it when called alone."""

from benches import copies

__all__ = ["main"]


def main() -> None:
    """Print what is recognised, and how well."""
    copies.main([])


if __name__ == "__main__":
    main()
