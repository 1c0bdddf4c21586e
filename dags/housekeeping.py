"""Keep the house: backup, furniture, retention, Airflow's own database.

**What**: writes what cannot be derived (ledger, alerts, takedowns) beside the archive, learns which lines are
furniture of their outlets, brings takedowns into the index, drops months of articles older than `COPYDESK_KEEP`,
merges the segments of past weeks of fingerprints, cleans Airflow's database of runs older than 30 days, and
removes task logs: of quiet tries after three days, of those that went wrong after 30. Logs of Airflow's components are
cut to their last 5 MiB when they have 10; of backups the newest 48 stay, the last of each of 30 days and of each month.

**How often**: every hour.

**Check**: the newest file in the archive's `backups/` is less than two hours old.

**When it fails**: each task stands alone; the next hour makes up for it. No backup for a day deserves a look.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task
from desk import TASK, desk

RUNS_KEPT = timedelta(days=30)


@dag(
    schedule=CronTriggerTimetable("7 * * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    description=__doc__.partition("\n")[0],
    doc_md=__doc__,
    tags=["copydesk"],
    dagrun_timeout=timedelta(minutes=50),
)
def housekeeping() -> None:
    """Keep the house: backup, furniture, retention, Airflow's own database."""

    @task
    def backup() -> str:
        """Write what cannot be derived beside the archive, and remove old ones among many."""
        from copydesk.operating.backup import backup as write
        from copydesk.operating.backup import thin

        with desk("housekeeping.backup") as (_, ports):
            name, _ = write(ports.index, ports.archive, ports.now())
            thin(ports.archive)
            return name

    @task
    def learn_furniture() -> int | None:
        """Freeze what is known of the outlets' furniture, if anything changed; the snapshot's number."""
        from copydesk.outlets.learning import learn

        with desk("housekeeping.learn") as (_, ports):
            return learn(ports.index, ports.archive, ports.now())

    @task
    def obey_takedowns() -> int:
        """Bring takedowns that stand beside the archive into the index."""
        from copydesk.takedowns import load_takedowns

        with desk("housekeeping.takedowns") as (_, ports):
            return load_takedowns(ports.index, ports.archive)

    @task
    def retain() -> list[str]:
        """Drop the months that are older than what is kept."""
        from copydesk.storing.retention import retain as drop_old

        with desk("housekeeping.retain") as (settings, ports):
            return drop_old(ports.index, ports.now() - settings.keep)

    @task
    def compact() -> list[str]:
        """Merge the weeks of fingerprints that are over, for looking copies up costs words times segments."""
        from copydesk.index import Kind

        with desk("housekeeping.compact") as (_, ports):
            return ports.index.compact(Kind.FINGERPRINTS, ports.now().date())

    @task
    def clean_airflow() -> None:
        """Remove old runs from Airflow's database."""
        from airflow_database import clean

        clean(RUNS_KEPT)

    @task
    def thin_logs() -> int:
        """Remove old files of Airflow's task logs, and cut those of its components short; how many."""
        import os
        from datetime import UTC, datetime
        from pathlib import Path

        from airflow.configuration import conf
        from airflow_logs import COMPONENTS, shorten, thin

        folder = Path(conf.get_mandatory_value("logging", "base_log_folder"))
        written_on = os.environ.get(COMPONENTS)
        return thin(folder, datetime.now(UTC)) + (shorten(Path(written_on)) if written_on else 0)

    backup()
    learn_furniture()
    obey_takedowns()
    retain()
    compact()
    clean_airflow()
    thin_logs()


housekeeping()
