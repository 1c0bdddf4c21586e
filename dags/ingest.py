"""Fetch what is new, and archive it.

**What**: registers segments that a killed run left behind, polls the feeds, sitemaps and inboxes of `sources.yml`
that are due, and captures the pending addresses into the archive; segments wake `process`.

**How often**: every minute, for at most 45 seconds (`COPYDESK_FETCH__BOX`). Two tasks share the hosts. What one
run does not reach stays pending for the next.

**Check**: `copydesk status` shows every source with its entries by outcome; `pending` goes down between polls.

**When it fails**: nothing is lost; the next run goes on. While Elasticsearch is away, what was due before is
fetched into the archive, up to `COPYDESK_FETCH__SPOOL` bytes, and registered when it is back. `IndexUnreachable` in
the log means that Elasticsearch is down; `run copydesk restore` that it came back empty. A source that fails alone
does not fail the task: see its reason in `copydesk status`.
"""

import logging
from datetime import timedelta

from airflow.sdk import Asset, CronTriggerTimetable, dag, task
from desk import TASK, desk, plain, spooling

SEGMENTS = Asset("copydesk-segments")
TASKS = 2


@dag(
    schedule=CronTriggerTimetable("* * * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    description=__doc__.partition("\n")[0],
    doc_md=__doc__,
    tags=["copydesk"],
    dagrun_timeout=timedelta(minutes=10),
)
def ingest() -> None:
    """Fetch what is new, and archive it."""

    @task
    def recover() -> int:
        """Register segments that a killed worker left behind; while the server is away there is nothing to do."""
        from copydesk.errors import IndexUnreachable
        from copydesk.operating.recovering import recover as register_lost

        try:
            with desk("ingest.recover") as (_, ports):
                return register_lost(ports)
        except IndexUnreachable as exc:
            logging.getLogger(__name__).warning("nothing registered: %s", exc)
            return 0

    @task(outlets=[SEGMENTS], map_index_template="shard {{ task.op_kwargs['number'] }}")
    def fetch(number: int) -> dict[str, int]:
        """Poll and capture one share of the hosts; while the server is away only fetch what was due."""
        from copydesk import pipeline
        from copydesk.config import files, lastgood
        from copydesk.operating import recovering

        with spooling(number, TASKS) as shards, desk(f"ingest.fetch-{number}") as (settings, ports):
            recovering.recover(ports)  # the server may have come back after the task before this one
            sources = lastgood.sources_in_force(ports.archive, settings.sources, ports.now())
            own, until = files.share_of(sources, number, TASKS)[0], ports.now() + settings.fetch.box
            lease, looks = settings.lease, settings.fetch.revisit
            return plain(pipeline.ingest(ports, own, shards=shards, lease=lease, until=until, looks=looks))

    recover() >> fetch.expand(number=list(range(TASKS)))


ingest()
