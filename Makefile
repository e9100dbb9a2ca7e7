# `make forecast` and `make test` need Python 3.12 or newer and make; they set up the rest.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# The first Python that runs, is new enough and can make an environment. Each is tried by running
# it: a name on the path may be a launcher for a version that is not there.
PYTHON ?= $(shell for p in python3.13 python3.12 python3 python python3.14; do \
	if $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; \
	then echo $$p; break; fi; done)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
SCENARIO ?= baseline
PYTEST_ARGS ?=
WORKERS ?= 2

.PHONY: help forecast test slow browser bench docs lint format types clean

help: ## List what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile

forecast: $(VENV)/.test-ready ## Run the baseline scenario and print its forecast
	$(BIN)/amplicast run $(SCENARIO)

test: $(VENV)/.test-ready ## Run the tests, without the slow ones, benchmarks and browsers
	$(BIN)/python -m pytest -n $(WORKERS) --no-loadscope-reorder $(PYTEST_ARGS)

slow: $(VENV)/.test-ready ## Run the tests that fit or sweep
	$(BIN)/python -m pytest -m slow -n $(WORKERS) --no-loadscope-reorder $(PYTEST_ARGS)

browser: $(VENV)/.test-ready ## Run the tests that need a Chromium
	$(BIN)/python -m pytest -m browser $(PYTEST_ARGS)

bench: $(VENV)/.test-ready ## Measure speed
	$(BIN)/python -m pytest -m benchmark $(PYTEST_ARGS)

docs: $(VENV)/.test-ready ## Check that what the documents say and run is true
	$(BIN)/python -m pytest tests/docs -m "not benchmark" $(PYTEST_ARGS)

lint: $(VENV)/.dev-ready ## Check format, style, layers and spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/codespell

format: $(VENV)/.dev-ready ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.dev-ready ## Check types with both checkers
	$(BIN)/mypy
	$(BIN)/pyright

clean: ## Remove the environment, builds and caches; runs stay
	rm -rf $(VENV) build dist .benchmarks .hypothesis .import_linter_cache .mypy_cache \
		.pytest_cache .ruff_cache
	find core plugins forecasts tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.12 or newer, with venv, is needed." \
		"Name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.test-ready: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -e ".[test]"
	@touch $@

$(VENV)/.dev-ready: $(VENV)/.test-ready
	$(PIP) -e ".[dev]"
	@touch $@
