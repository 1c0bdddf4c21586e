"""Fetch what is new, and archive it.

**What**: registers segments that a killed run left behind, polls the feeds, sitemaps and inboxes of `sources.yml`
that are due, and captures the pending addresses into the archive, where `process` finds them within a second.

**How often**: all the time. Two tasks share the hosts; each works for ten minutes (`COPYDESK_BOX`), and the next run
begins within a minute of the last. What was changed in `sources.yml` counts after 45 seconds at most. What one run does
not reach stays pending for the next.

**Check**: `copydesk status` shows every source with its entries by outcome; `pending` goes down between polls.

**When it fails**: nothing is lost; the next run goes on. While Elasticsearch is away, what was due before is
fetched into the archive, up to `COPYDESK_FETCH__SPOOL` bytes, and registered when it is back. `IndexUnreachable` in
the log means that Elasticsearch is down; `run copydesk restore` that it came back empty. A source that fails alone
does not fail the task: see its reason in `copydesk status`.
"""

from collections import Counter
from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task
from desk import LONG, desk, plain, rounds, spooling

TASKS = 2


@dag(
    schedule=CronTriggerTimetable("* * * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=LONG,
    description=__doc__.partition("\n")[0],
    doc_md=__doc__,
    tags=["copydesk"],
    dagrun_timeout=timedelta(minutes=30),
)
def ingest() -> None:
    """Fetch what is new, and archive it."""

    @task(map_index_template="shard {{ task.op_kwargs['number'] }}")
    def fetch(number: int) -> dict[str, int]:
        """Poll and capture one share of the hosts; while the server is away only fetch what was due."""
        from copydesk import pipeline
        from copydesk.config import files, lastgood
        from copydesk.operating.recovering import recover

        name = f"ingest.fetch-{number}"
        with spooling(number, TASKS) as shards, desk(name) as (settings, ports):
            recover(ports)
            counts, lease, looks = Counter[str](), settings.lease, settings.fetch.revisit
            for until in rounds(name, ports, settings.box):
                sources = lastgood.sources_in_force(ports.archive, settings.sources, ports.now())
                own, _ = files.share_of(sources, number, TASKS)
                counts += pipeline.ingest(ports, own, shards=shards, lease=lease, until=until, looks=looks)
            return plain(counts)

    fetch.expand(number=list(range(TASKS)))


ingest()
