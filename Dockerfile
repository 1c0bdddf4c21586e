# Airflow, the library and the made news world in one image: what docker-compose.yml runs.
# Python's own image and the hashed lock give exactly the packages that the tests run on; Airflow's image would bring
# its own.

FROM python:3.12.13-slim-bookworm AS packages

RUN python -m venv /opt/venv
COPY requirements.lock /tmp/requirements.lock
# langdetect is the only package without a wheel: pip builds it, from hashed sources, with the current setuptools
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.lock


FROM python:3.12.13-slim-bookworm

# A volume that is mounted for the first time takes over owner and rights of the folder below it.
# Airflow writes airflow.cfg where it finds none, which a read-only container cannot; an empty one means its defaults.
RUN useradd --uid 50000 --user-group --home-dir /opt/airflow --shell /usr/sbin/nologin copydesk \
    && install --directory --owner=copydesk --group=copydesk --mode=0750 \
        /opt/airflow /opt/airflow/auth /opt/airflow/logs /var/lib/copydesk \
    && touch /opt/airflow/airflow.cfg

COPY --from=packages /opt/venv /opt/venv
WORKDIR /opt/copydesk
COPY plugins plugins
COPY dags dags
COPY tools/newsworld tools/newsworld
COPY config config
COPY --chmod=0755 <<'PYTHON' /usr/local/bin/copydesk
#!/opt/venv/bin/python
import sys
from copydesk.cli import main
sys.exit(main())
PYTHON

# plugins/ is copied and put on the path, not installed: one copy, found by Airflow, its tasks and the command line
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/copydesk/plugins:/opt/copydesk/tools \
    PYTHONUNBUFFERED=1 \
    OPENBLAS_NUM_THREADS=1 \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/copydesk/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/copydesk/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=false
RUN python -m compileall -q plugins dags tools

USER copydesk
