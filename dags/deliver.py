"""Send the alerts whose delivery is due.

**What**: `process` delivers at once, and every 45 seconds what failed and is due again, up to about three days. This
does the same, so that alerts go out while `process` fails.

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

    send()


deliver()
