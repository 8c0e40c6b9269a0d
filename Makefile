# "make help" lists what there is. Ports and folder can be given:  make run WEB_PORT=9700 VAR_DIR=/srv/city
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
PY := .venv/bin/python
BOOTSTRAP := docker/start/bootstrap
BIN := PATH="$(CURDIR)/.venv/bin:$$PATH"

.PHONY: help run stop test test-dates faults check fix bench demo-traffic messages docs lock packages clean-var

help:  ## This list.
	@grep -hE '^[a-z%-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z%-]+):.*## /  make \1\t/' | expand -t 24

run:  ## Install what is missing, then run the whole city; Ctrl-C stops it.
	@$(BOOTSTRAP) run && exec $(PY) -m cityplatform.local up

stop:  ## Stop what runs in this folder.
	@$(BOOTSTRAP) run && exec $(PY) -m cityplatform.local stop

test:  ## The whole test suite, a worker for each core (ARGS="-k word" for a part, in one process).
	@$(BOOTSTRAP) dev && exec $(PY) -m pytest $(or $(ARGS),-n auto)

test-dates:  ## The tests that look at the clock, on weekends, at month ends and at midnight (ARGS="--at 2028-02-29T23:58+08:00").
	@$(BOOTSTRAP) dev && exec $(PY) -m tests.dates $(ARGS)

check:  ## Format, lint, types, import contracts, migrations, API document, translations.
	@$(BOOTSTRAP) dev && $(BIN) exec .ci/check

fix:  ## Format and correct what ruff can correct.
	@$(BOOTSTRAP) dev && .venv/bin/ruff format . && .venv/bin/ruff check --fix .

faults:  ## Sixty seconds of load while processes are killed: nothing acknowledged is lost.
	@$(BOOTSTRAP) dev && LOAD_SECONDS=$${LOAD_SECONDS:-60} exec $(PY) -m pytest tests/faults $(ARGS)

bench-%:  ## One benchmark, such as bench-ingest.
	@$(BOOTSTRAP) dev && exec $(PY) -m benchmarks.$* $(ARGS)

demo-traffic:  ## Import road speeds (DATA=folder, or the simulator's own), train, compare, plan rounds.
	@$(BOOTSTRAP) run && exec $(PY) -m cityplatform.local with manage.py demo_traffic $(if $(DATA),--data $(DATA)) $(ARGS)

messages:  ## Collect the sentences to translate, then compile the catalogues.
	@$(BOOTSTRAP) dev && $(BIN) exec .ci/messages

docs:  ## Write the generated pages: API document and configuration.
	@$(BOOTSTRAP) dev && $(BIN) exec .ci/generate

lock:  ## Write constraints.txt: the exact version of everything in .venv.
	@$(BOOTSTRAP) dev && .venv/bin/pip freeze --exclude cityplatform | sed 's/+cpu//' > constraints.txt

packages:  ## Only the system packages (for an administrator).
	@$(BOOTSTRAP) packages

clean-var:  ## Stop, then remove database, demonstration city, logs and passwords.
	@$(BOOTSTRAP) run && exec $(PY) -m cityplatform.local clean
