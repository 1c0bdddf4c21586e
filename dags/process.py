"""Read, judge, store and match what has been archived.

**What**: takes registered segments, reads their pages in a killable child, recognises wire copies, writes the
articles, and rings alerts for topics that new stories meet.

**How often**: whenever `ingest` has archived something, and every minute in case a wake-up was lost. A run ends
when nothing has come for 15 seconds (`COPYDESK_IDLE`), or after about a minute.

**Check**: `copydesk status`: `imbalance=0`, and no captures stay `pending` for longer than a minute.

**When it fails**: a segment's claim ends after 60 seconds (`COPYDESK_LEASE`), then another run takes it up again;
doing it twice changes nothing. A page that kills the reading child is rejected with its reason, not retried.
"""

from datetime import timedelta

from airflow.sdk import Asset, AssetOrTimeSchedule, CronTriggerTimetable, dag, task
from desk import TASK, desk, plain

SEGMENTS = Asset("copydesk-segments")
BOX = timedelta(seconds=50)


@dag(
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("* * * * *", timezone="UTC"),
        assets=SEGMENTS,
    ),
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    description=__doc__.partition("\n")[0],
    doc_md=__doc__,
    tags=["copydesk"],
    dagrun_timeout=timedelta(minutes=10),
)
def process() -> None:
    """Read, judge, store and match what has been archived."""

    @task
    def work() -> dict[str, int]:
        """Work on segments until none is left."""
        from copydesk import pipeline
        from copydesk.config.lastgood import sources_in_force, topics_in_force

        with desk("process") as (settings, ports):
            now, archive = ports.now(), ports.archive
            topics = topics_in_force(archive, settings.topics, now)
            sources = sources_in_force(archive, settings.sources, now)
            until, lease, idle, most = now + BOX, settings.lease, settings.idle, settings.batch
            counts = pipeline.process(ports, topics, sources, lease=lease, until=until, idle=idle, most=most)
            return plain(counts)

    work()


process()
