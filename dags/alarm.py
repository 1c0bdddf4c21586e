"""Tell the operator of Copydesk's own troubles.

**What**: looks whether a part has failed for ten minutes, Elasticsearch is away, a disk nearly full, a configuration
file refused, a channel failing or given up, a capture lost by the archive; tells it over the channels that
`COPYDESK_ALARM` names: once, again every day, and when it is over. Without such it stands in the log of this task.

**How often**: every five minutes.

**Check**: `copydesk status` begins with the troubles there are.

**When it fails**: nobody is told of troubles; nothing else depends on it. What was told stands in `alarm.json`
beside the archive.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task
from desk import TASK, as_airflow_says, in_force


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
def alarm() -> None:
    """Tell the operator of Copydesk's own troubles."""

    @task
    def tell() -> int:
        """Look at everything once, and tell what is due; the number of troubles."""
        from copydesk.monitoring.watching import watch

        with as_airflow_says():
            return watch(in_force())

    tell()


alarm()
