"""Send the alerts whose delivery is due.

**What**: `process` delivers at once, and every 45 seconds what failed and is due again, up to about three days. This
does the same, so that alerts go out while `process` fails. Every 15 minutes `sweep` holds what was worked on since
against the topics once more; what had not rung rings, and is counted in `copydesk status`: 0, unless all is not well.

**How often**: every five minutes.

**Check**: the deliveries index holds no `pending` row whose `retry_at` is long past; `dead` rows say why.

**When it fails**: the rows stay pending. A channel that fails does not stop the others; a crash between sending
and recording may send one message twice, under the same id.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task
from desk import TASK, desk, plain


@dag(
    schedule=CronTriggerTimetable("*/5 * * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    description=__doc__.partition("\n")[0],
    doc_md=__doc__,
    tags=["copydesk"],
    dagrun_timeout=timedelta(minutes=10),
)
def deliver() -> None:
    """Send the alerts whose delivery is due."""

    @task
    def send() -> dict[str, int]:
        """Send what is due."""
        from copydesk.alerting import delivering
        from copydesk.config.lastgood import topics_in_force

        with desk("deliver") as (settings, ports):
            channels = topics_in_force(ports.archive, settings.topics, ports.now()).channels
            post, now = ports.notifier, ports.now()
            return plain(delivering.deliver(ports.index, post, channels, now, archive=ports.archive))

    @task
    def sweep() -> int:
        """Ring what should have rung since the last sweep and did not; how many alerts."""
        from copydesk.alerting import sweeping
        from copydesk.config.lastgood import topics_in_force

        with desk("deliver.sweep") as (settings, ports):
            topics = topics_in_force(ports.archive, settings.topics, ports.now()).topics
            return sweeping.sweep(ports.index, topics, ports.now(), ports.archive)

    send()
    sweep()


deliver()
