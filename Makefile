# What is done often, by name. `make` alone lists it. Everything runs in .venv, which `make setup` makes.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup check fast lint types contracts test terminal torture coverage pythons snapshots golden bench audit licences look constraints

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(BIN)/pytest ## make .venv with all that the checks need

$(BIN)/pytest: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	PIP_CONSTRAINT=constraints.txt $(BIN)/pip install -q -e '.[test]'
	@touch $@

check: lint types contracts test torture ## all of CI that needs no network

fast: setup ## the tests that need nothing but Python, in under a minute
	$(BIN)/pytest -m "not terminal and not slow"

lint: setup ## ruff: rules and format, and spelling where typos is installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@if command -v typos >/dev/null; then typos; fi

types: setup ## mypy, strict
	$(BIN)/mypy

contracts: setup ## which room may import which
	$(BIN)/lint-imports

test: setup ## every test but the torture
	$(BIN)/pytest

terminal: setup ## the tests in real terminals
	$(BIN)/pytest -m "terminal and not torture"

torture: setup ## kills, full disks and the longest fuzzing
	$(BIN)/pytest -m torture

coverage: setup ## how much of each room the tests reach
	$(BIN)/pytest --cov=annotations --cov=tui --cov-report=json:coverage.json --cov-report=
	$(BIN)/python -m tests.rooms coverage.json

pythons: ## the fast tests on every other Python that is here, from 3.11 to 3.14
	.ci/pythons

snapshots: setup ## draw the pictures of the screens anew; look at each before it is committed
	HASHIYA_UPDATE_SNAPSHOTS=1 $(BIN)/pytest -q tests/flows/test_snapshots.py
	git status --short tests/flows/snapshots

golden: setup ## write the bytes of each format anew; look at each before it is committed
	HASHIYA_UPDATE_GOLDEN=1 $(BIN)/pytest -q tests/annotations/formats/test_golden.py
	git status --short tests/annotations/formats/golden

bench: setup ## what layout, storing, formats and a key in a terminal cost; minutes
	$(BIN)/python -m tests.bench.layout
	$(BIN)/python -m tests.bench.store --articles 10000
	$(BIN)/python -m tests.bench.formats
	$(BIN)/python -m tests.bench.terminal
	$(BIN)/python -m tests.bench.hostile

audit: ## ask whether a version in constraints.txt is known to be vulnerable; needs the network
	$(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/pip install -q pip-audit
	$(VENV)-audit/bin/pip-audit --no-deps --disable-pip -r constraints.txt

licences: setup ## the licence of each library that is installed
	@$(BIN)/python -m tests.licences

look: setup ## what the app shows of the seeds in a tmux of 80 columns and 24 rows
	@$(BIN)/python -m tests.look

constraints: ## write the versions that CI installs anew, from a fresh environment
	.ci/constraints > constraints.new
	mv constraints.new constraints.txt
