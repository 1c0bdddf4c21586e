"""Points in time as people give them to commands."""

import re
from datetime import UTC, datetime

from pydantic import TypeAdapter

from copydesk.durations import Duration
from copydesk.errors import ConfigError

__all__ = ["moment"]

DURATION = re.compile(r"[\d.]+[smhd]", re.ASCII)


def moment(option: str, text: str, now: datetime) -> datetime:
    """A duration before now, or a day or time (in UTC where it names no zone). Raises ConfigError for anything else."""
    try:
        if DURATION.fullmatch(text):
            return now - TypeAdapter(Duration).validate_python(text)
        said = datetime.fromisoformat(text)
    except (OverflowError, ValueError) as exc:
        raise ConfigError(
            f"{option} {text}: must be a duration such as 7d, or a day such as 2026-11-22"
        ) from exc
    return said if said.tzinfo else said.replace(tzinfo=UTC)
