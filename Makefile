# Every command a developer or an operator of the demo needs. `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help run ready hall test rules long check fmt bench drill mutate messages clean lock install install-dev catalogues
.SUFFIXES:

PY := .venv/bin/python
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))

STATIC := $(shell find static -type f ! -name '*.gz' ! -name '*.br' ! -name '.compressed' ! -path 'static/made/*')

# Compiled modules are kept: without them every process of the tests compiles the whole house again.
export PYTHONDONTWRITEBYTECODE :=

PORT ?= 8000
KILL ?= 0
DB ?= sqlite
TESTS ?= tests
WORKERS ?= 4

help: ## List these commands
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ready ## Serve the demo contest (PORT=8000); installs, migrates and loads what is missing
	@$(PY) -m flask --app app demo setup
	@PORT=$(PORT) exec $(PY) -m gunicorn -c gunicorn.conf.py app:app

ready: install catalogues static/.compressed ## Install what serving needs and nothing else: no demo, no database

hall: export QUIZ_DATA_DIR := $(CURDIR)/instance/hall
hall: ready ## Serve a hall without a line from its own empty database, no demo (PORT=8000)
	@$(PY) -m flask --app app db upgrade
	@$(PY) -m flask --app app package prepare
	@PORT=$(PORT) exec $(PY) -m gunicorn -c gunicorn.conf.py app:app

test: install-dev catalogues static/.compressed ## Run every test: rules, both databases, browser (TESTS=tests/core WORKERS=4)
	@CHROMIUM="$$(bin/ensure_chromium.sh)" && export CHROMIUM && \
	exec $(PY) -m pytest -n $(WORKERS) --dist worksteal -m "not long" $(TESTS)

rules: install-dev ## Run the tests of the rule book alone: no application, no database
	@exec $(PY) -m pytest --confcutdir=tests/core -p no:randomly -p no:xdist -p no:cov -p no:logging -q tests/core

long: install-dev catalogues static/.compressed ## Run the tests that take long: thousands of histories, hostile files, restored worlds, axe on every page, a stage day
	@CHROMIUM="$$(bin/ensure_chromium.sh)" && export CHROMIUM && \
	exec $(PY) -m pytest -n $(WORKERS) --dist worksteal -m long $(TESTS)

check: install-dev ## Look for faults without running: ruff, formatting, types of the rules
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

fmt: install-dev ## Put the code in its standard form
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

bench: install-dev catalogues static/.compressed ## Measure the hot paths beside bare Flask (BENCH="--only save --rounds 3")
	@WRK="$$(bin/ensure_wrk.sh)" && export WRK && exec $(PY) -m bench $(BENCH)

drill: install-dev catalogues static/.compressed ## Play a whole district's contest over HTTP (KILL=20 workers, DB=postgres)
	@$(PY) -m drill --kill $(KILL) --db $(DB)

mutate: install-dev ## Break the rules on purpose and count the breaks that tests notice
	@rm -rf mutants && mkdir mutants
	@$(PY) -m mutmut run > mutants/run.log 2>&1 || { tail -c 3000 mutants/run.log; exit 1; }
	@$(PY) bin/mutation_score.py

messages: install ## Collect the interface's sentences into the catalogues and compile them
	@$(PY) -m babel.messages.frontend --quiet extract -F pyproject.toml -k _l -k lazy_gettext --no-wrap \
		--add-location=file --sort-output -o translations/messages.pot app.py quiz templates
	@$(PY) -m babel.messages.frontend --quiet update -l en --no-fuzzy-matching --no-wrap --ignore-obsolete \
		--ignore-pot-creation-date -i translations/messages.pot -d translations
	@$(PY) bin/repeat_vietnamese.py
	@$(MAKE) --no-print-directory catalogues

clean: ## Remove what tools left behind; the environment and the data stay
	rm -rf mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov
	find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +
	find . -path ./.venv -prune -o -name '*.mo' -type f -exec rm -f {} +

lock: install-dev ## Lock requirements*.in again, after a change to them
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(PY) -m uv pip compile --quiet --generate-hashes --universal \
		--fork-strategy fewest --python-version 3.11 requirements.in -o requirements.txt
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(PY) -m uv pip compile --quiet --generate-hashes --universal \
		--fork-strategy fewest --python-version 3.11 -c requirements.txt requirements-dev.in -o requirements-dev.txt

install:
	@bin/install.sh requirements.txt

install-dev: install
	@bin/install.sh requirements-dev.txt

catalogues: $(CATALOGUES)

%.mo: %.po | install
	@$(PY) -m babel.messages.frontend --quiet compile -i $< -o $@

# Small copies of the style sheets and scripts (.br, .gz), served to whoever accepts them.
static/.compressed: $(STATIC) bin/compress_static.py | install
	@$(PY) bin/compress_static.py
	@touch $@
