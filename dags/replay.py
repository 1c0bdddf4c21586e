"""Rebuild articles, families and stories from the archive.

**What**: reads the whole archive again with the rules of today into a new generation of indices, compares it with
the live one and swaps the aliases. Rings nothing.

**How often**: by hand, after cleaning or judging rules changed, or after the index was lost (first
`copydesk restore`).

**Check**: the task's result names counts before and after and which checksums agree.

**When it fails**: the live index is as it was; start it again. `not swapped` means that too many articles would
be missing: look at the reasons in `copydesk status`, then set `force`.
"""

from datetime import timedelta

from airflow.sdk import Param, dag, task
from desk import TASK, desk


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args={**TASK, "retries": 0, "execution_timeout": timedelta(days=3)},
    description=__doc__.partition("\n")[0],
    doc_md=__doc__,
    tags=["copydesk"],
    params={
        "since": Param(
            "",
            type="string",
            pattern=r"^(\d{4}-\d{2})?$",
            title="First month",
            description="YYYY-MM; empty rebuilds everything. What was first seen before is carried over.",
        ),
        "force": Param(
            default=False,
            type="boolean",
            title="Swap all the same",
            description="Swap although more than one article in a hundred would be missing.",
        ),
    },
)
def replay() -> None:
    """Rebuild articles, families and stories from the archive."""

    @task
    def rebuild(since: str, force: str) -> dict[str, tuple[int, int]]:
        """Build the next generation, compare it, swap it in."""
        from copydesk.config.lastgood import sources_in_force
        from copydesk.operating.replaying import replay as run

        with desk("replay") as (settings, ports):
            sources = sources_in_force(ports.archive, settings.sources, ports.now())
            return run(ports, sources, since=since, force=force == "True").counts

    rebuild("{{ params.since }}", "{{ params.force }}")


replay()
