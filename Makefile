# Copydesk on this machine. `make help` lists what there is.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
EVAL := .venv-eval
KIBANA := .venv-kibana
OBJECTS := .venv-objects
NEWER := 3.12
CODE := plugins dags tools tests

export PYTHONPATH := plugins:tools
# the matrices of judging are small: a second thread only costs time
export OPENBLAS_NUM_THREADS := 1

.DEFAULT_GOAL := help
.PHONY: help demo rehearse test unit test-browser test-objects coverage release up down check format bench eval world dashboards lock env clean simulate soak fuzz picture screenshot

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

demo: $(READY) ## run everything on the made news world and show what it does
	@$(RUN) -m local demo

rehearse: $(READY) ## what docker-compose.yml starts, without Docker: Airflow on PostgreSQL; the scheduler is killed on the way
	@$(RUN) -m local rehearse

test: $(READY) ## the whole suite, with real servers; on another day with TODAY=2028-02-29, less with TESTS='-m "not scheduler"'
	@$(RUN) -m pytest $(if $(TODAY),--today $(TODAY)) $(TESTS)

unit: $(READY) ## the tests that need no server, no child and no seconds
	@$(RUN) -m pytest -n 2 tests/unit

test-browser: $(READY) ## the page in a Chromium of this machine
	@$(RUN) -m pytest tests/browser

test-objects: $(OBJECTS)/.ready ## the archive on S3, by s3fs, on a server that stands for it
	@$(OBJECTS)/bin/python -m pytest tests/objects

coverage: $(READY) ## how much of the library the unit tests and the laws run, with its floor
	@$(VENV)/bin/coverage run -m pytest tests/unit tests/laws
	@$(VENV)/bin/coverage report --skip-covered --format total

SEEDS := 200
SECONDS := 60
SEED := 1
fuzz: $(READY) ## broken inputs through every parser at the border; SECONDS=60 SEED=1
	@PYTHONPATH=plugins:tools:tests $(RUN) -m fuzz --seconds $(SECONDS) --seed $(SEED)

simulate: $(READY) ## the street in memory under drawn faults, and killed at every write; SEEDS=200
	@PYTHONPATH=plugins:tools:tests $(RUN) -m simulation --seeds $(SEEDS)
	@PYTHONPATH=plugins:tools:tests $(RUN) -m simulation --sweep

soak: SEEDS := 10
soak: $(READY) ## the street on a real Elasticsearch, over connections that are cut at random; SEEDS=10
	@PYTHONPATH=plugins:tools:tests $(RUN) -m simulation --soak $(SEEDS)

up: $(READY) ## Airflow with its page and Elasticsearch on loopback, until `make down`
	@$(RUN) -m local up

down: $(READY) ## stop what `make up` started
	@$(RUN) -m local down

check: $(READY) ## ruff, format, mypy, import contracts, declared dependencies, complexity, locks
	@$(RUN) -m ruff check $(CODE)
	@$(RUN) -m ruff format --check $(CODE)
	@$(RUN) -m mypy $(CODE)
	@$(VENV)/bin/lint-imports
	@$(VENV)/bin/deptry plugins
	@$(VENV)/bin/xenon --max-absolute C --max-modules C --max-average A plugins dags tools
	@! grep -nE 'https?://' *.lock

format: $(READY) ## mend what ruff can mend
	@$(RUN) -m ruff check --fix $(CODE)
	@$(RUN) -m ruff format $(CODE)

bench: $(READY) ## speed, as ratios of CPU time within one run
	@$(RUN) -m benches

eval: $(EVAL)/.ready ## quality on ../shared, with the libraries beside it; PARTS="copies --quick" for less
	@$(EVAL)/bin/python -m benches.quality $(PARTS)

world: $(READY) ## the made news world alone, on port 8099
	@$(RUN) -m newsworld --port 8099 --write .local/world

picture: $(READY) ## what the README shows: an alert, a folded story, a page before and after cleaning
	@PYTHONPATH=plugins:tools:tests $(RUN) -m made.picture

screenshot: $(READY) ## the README's picture of the page, taken by a Chromium of this machine
	@PYTHONPATH=plugins:tools:tests $(RUN) -m made.desks docs/page.png

dashboards: $(KIBANA)/.ready ## what config/kibana says, compiled for Kibana; by a Python 3.12, or the NEWER=... you name
	@$(KIBANA)/bin/python tools/dashboards.py

env: ## .env with passwords for docker compose
	@$(PYTHON) tools/local/env.py

lock: $(READY) ## pin requirements*.in anew, with hashes and without addresses
	@for name in requirements-uv requirements requirements-dev requirements-eval requirements-objects; do \
	  $(VENV)/bin/uv pip compile $$name.in --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header --quiet --output-file $$name.lock; done
	@$(VENV)/bin/uv pip compile requirements-kibana.in --universal --python-version 3.12 --generate-hashes \
	  --no-emit-index-url --no-header --quiet --output-file requirements-kibana.lock

release: $(READY) ## the wheel in dist/, built and tried in an empty environment
	@$(RUN) -m local.release

clean: ## remove the environment and all local data
	rm -rf $(VENV) $(EVAL) $(KIBANA) $(OBJECTS) .local

$(READY): requirements-uv.lock requirements.lock requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Copydesk needs Python 3.11 or newer; set PYTHON=...")'
	@echo "setting up $(VENV): Python packages, 190 MB to download the first time" >&2
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --require-hashes -r requirements-uv.lock
	@$(VENV)/bin/uv pip install --quiet --python $(RUN) --compile-bytecode --require-hashes \
	  -r requirements.lock -r requirements-dev.lock
	@$(VENV)/bin/uv pip install --quiet --python $(RUN) --no-deps --no-build-isolation --editable .
	@touch $(READY)

$(EVAL)/.ready: $(READY) requirements.lock requirements-eval.lock
	@echo "setting up $(EVAL): the libraries to compare with, 90 MB to download the first time" >&2
	@test -x $(EVAL)/bin/python || $(VENV)/bin/uv venv --quiet --python $(RUN) $(EVAL)
	@$(VENV)/bin/uv pip install --quiet --python $(EVAL)/bin/python --compile-bytecode --require-hashes \
	  -r requirements.lock -r requirements-eval.lock
	@touch $@

$(OBJECTS)/.ready: $(READY) requirements-objects.lock
	@echo "setting up $(OBJECTS): what stands for S3, 40 MB to download the first time" >&2
	@test -x $(OBJECTS)/bin/python || $(VENV)/bin/uv venv --quiet --python $(RUN) $(OBJECTS)
	@$(VENV)/bin/uv pip install --quiet --python $(OBJECTS)/bin/python --require-hashes \
	  -r requirements-objects.lock
	@touch $@

$(KIBANA)/.ready: $(READY) requirements-kibana.lock
	@test -x $(KIBANA)/bin/python || $(VENV)/bin/uv venv --quiet --python $(NEWER) $(KIBANA)
	@$(VENV)/bin/uv pip install --quiet --python $(KIBANA)/bin/python --require-hashes -r requirements-kibana.lock
	@touch $@
