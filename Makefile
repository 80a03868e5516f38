# The tasks of this project. A fresh machine needs Python 3.11 or newer with venv and pip, make, and a
# package registry; everything else goes into .venv/. Another Python: `make PYTHON=python3.13 test`.

PYTHON ?= python3
VENV ?= .venv
PYTEST_OPTIONS ?= -n auto

bin := $(VENV)/bin
pip := $(bin)/python -m pip --disable-pip-version-check install --quiet --quiet

.DELETE_ON_ERROR:
.PHONY: help demo test quick lint check format docs lock clean

help:  ## Show the tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

demo: $(VENV)/.installed  ## Watch the tracker work on an embedded world, offline
	$(bin)/tracker demo
	@echo
	@echo "# The command is $(bin)/tracker; for this shell: . $(bin)/activate"

test: $(VENV)/.installed-dev  ## Run the whole suite
	$(bin)/python -m pytest $(PYTEST_OPTIONS)

quick: $(VENV)/.installed-dev  ## Run the suite without its slow tests, up to the first failure
	$(bin)/python -m pytest $(PYTEST_OPTIONS) -m "not slow" --exitfirst

lint: $(VENV)/.installed-dev  ## Run the linters, the type checker and the check of imports
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/codespell

check: test lint  ## Run all that must pass before a change lands

format: $(VENV)/.installed-dev  ## Put the code into its one form
	$(bin)/ruff check --fix .
	$(bin)/ruff format .

docs: $(VENV)/.installed-dev  ## Write docs/commands.md again, from the commands themselves
	$(bin)/python -m tests.docs.commands

# Resolves for every platform and every Python from 3.11 on; the files hold no address of a registry.
compile := build/lock/bin/uv pip compile pyproject.toml --quiet --no-config --universal --python-version 3.11 --upgrade \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header
lock:  ## Resolve the dependencies anew and write both lock files
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip --disable-pip-version-check install --quiet "uv>=0.8"
	$(compile) --output-file build/runtime.txt
	$(compile) --group test --group lint --constraint build/runtime.txt --output-file build/all.txt
	printf '# What the tracker runs with. Written by `make lock`; do not edit.\n' | cat - build/runtime.txt > requirements.lock
	grep -vxFf build/runtime.txt build/all.txt > build/dev.txt
	printf '# What tests and linters need besides. Written by `make lock`; do not edit.\n-r requirements.lock\n' \
		| cat - build/dev.txt > requirements-dev.lock

clean:  ## Remove the virtual environment and all that was built
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment. A stamp file says that it is as the lock files want it, so nothing is installed twice.

$(bin)/python:
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) is not there: install Python 3.11 or newer, or name it: make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "make: $$($(PYTHON) --version) is too old: Python 3.11 or newer is needed, for example: make PYTHON=python3.12" >&2; exit 1; }
	@echo "making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { \
		rm -rf $(VENV); echo "make: $(PYTHON) has no venv; on Debian: apt install python3-venv" >&2; exit 1; }

$(VENV)/.installed: requirements.lock pyproject.toml | $(bin)/python
	$(pip) --requirement requirements.lock
	$(pip) --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(pip) --requirement requirements-dev.lock
	@touch $@
