# Everything a person or a machine does with this project. `make` lists it.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash

PYTHON ?= $(shell sh deploy/interpreter.sh)
BIN := .venv/bin
STAMP := .venv/installed
COMPOSE := docker compose
WORKERS ?= 2
# Tests start hundreds of processes: what one of them has compiled, the others load.
export PYTHONDONTWRITEBYTECODE :=

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## the environment in .venv, as the lock says
	@:

$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || { python="$(PYTHON)"; \
	  "$${python:?Luotsi needs Python 3.11 or newer with its venv, and none was found}" -m venv .venv; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## the platform on this machine, with a story of nine weeks played on it
	@$(BIN)/luotsi demo

test: setup ## all tests, on real PostgreSQL and Kafka where this machine has them
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(ARGS)

check: setup ## format, lint, types, walls between the rooms, duplicates
	@$(BIN)/ruff format --diff --quiet .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pylint --disable=all --enable=duplicate-code --score=no shared services tests

bench: setup ## all benchmarks, as a table
	@$(BIN)/python -m tests.bench

contracts: setup ## writes deploy/contracts/ and the event map anew
	@$(BIN)/luotsi contracts write $(ARGS)

up: ## the whole platform in containers, ready when this returns
	$(COMPOSE) up --detach --build --wait

down: ## takes the containers down, with their data
	$(COMPOSE) down --volumes --remove-orphans

logs: ## what the containers say
	$(COMPOSE) logs --follow --tail 100

lock: ## resolves all dependencies anew into requirements.lock
	@test -x .cache/lock/bin/uv || { $(PYTHON) -m venv .cache/lock && .cache/lock/bin/pip install --quiet uv; }
	.cache/lock/bin/uv pip compile pyproject.toml --all-extras --group build --group dev --group bench --universal --no-strip-extras \
	  --python-version 3.11 --upgrade --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet \
	  --output-file requirements.lock

.PHONY: help setup demo test check bench contracts up down logs lock
