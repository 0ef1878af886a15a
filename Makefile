# Every target needs nothing but python3 (3.11 or newer); `make help` lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
# Trust the machine's certificates, so that installs work behind a company proxy too.
export UV_SYSTEM_CERTS ?= 1
PYTEST_ARGS ?=

.PHONY: help setup lock run test check fix schema migration bench graphiql

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo "Python 3.11 or newer is needed; say which one with PYTHON=python3.12" && exit 1)
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

$(VENV)/.runtime: requirements.lock pyproject.toml | $(UV)
	@[ -e $(VENV)/.dev ] || $(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@[ -e $(VENV)/.dev ] || VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock requirements.lock pyproject.toml | $(UV)
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@ $(VENV)/.runtime

setup: $(VENV)/.dev ## Install everything, development tools included, into .venv

lock: $(UV) ## Resolve pyproject.toml into the hashed lock files
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" pyproject.toml --output-file requirements.lock
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" pyproject.toml --group dev --output-file requirements-dev.lock
