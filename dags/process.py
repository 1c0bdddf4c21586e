"""Read, judge, store and match what has been archived.

**What**: takes registered segments, reads their pages in a killable child, recognises wire copies, writes the
articles, rings alerts for topics that new stories meet, and sends those that are due.

**How often**: all the time. It looks for a new segment every second; a run works for ten minutes (`COPYDESK_BOX`), and
the next begins within a minute. What was changed in `topics.yml` counts after 45 seconds at most.

**Check**: `copydesk status`: `imbalance=0`, and no captures stay `pending` for longer than a minute.

**When it fails**: a segment's claim ends after 60 seconds (`COPYDESK_LEASE`), then another run takes it up again;
doing it twice changes nothing. A page that kills the reading child is rejected with its reason, not retried.
"""

from collections import Counter
from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task
from desk import LONG, ROUND, desk, plain, rounds


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
def process() -> None:
    """Read, judge, store and match what has been archived."""

    @task
    def work() -> dict[str, int]:
        """Work on segments as they come."""
        from copydesk import pipeline
        from copydesk.config.lastgood import sources_in_force, topics_in_force

        with desk("process") as (settings, ports):
            counts, lease, most = Counter[str](), settings.lease, settings.batch
            for until in rounds("process", ports, settings.box):
                topics = topics_in_force(ports.archive, settings.topics, ports.now())
                sources = sources_in_force(ports.archive, settings.sources, ports.now())
                counts += pipeline.process(
                    ports, topics, sources, lease=lease, until=until, idle=ROUND, most=most
                )
            return plain(counts)

    work()


process()
