# Throughline's front door: `make run` starts it, `make test` tests it, `make help` lists the rest.
PYTHON ?= python3
UV ?= uv
ARGS ?=

BIN := .venv/bin
READY := .venv/.ready-to-run
READY_TO_TEST := .venv/.ready-to-test

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUTF8 := 1

INSTALL = $(BIN)/python -m pip install --quiet
LOCK = $(UV) pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --upgrade \
	--no-emit-index-url --no-emit-find-links --no-annotate --quiet --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help run test check audit format bench gallery presets ideas lock clean
.SUFFIXES:

help: ## list the recipes
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: $(READY) ## start Throughline (ARGS="--only web" is passed on)
	@exec $(BIN)/throughline run $(ARGS)

test: $(READY_TO_TEST) ## run every test (ARGS="tests/bot -k spine" is passed on)
	@exec $(BIN)/python -m pytest $(ARGS)

check: $(READY_TO_TEST) ## format, lint, types, tests: what has to pass before a change is merged
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict
	@$(MAKE) --no-print-directory test

format: $(READY_TO_TEST) ## put the code into the house's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY_TO_TEST) ## measure, and print the numbers as a table
	@exec $(BIN)/python -m benchmarks $(ARGS)

gallery: $(READY) ## draw the sheet of animatic stills that the README shows
	@mkdir -p docs/pictures
	@exec $(BIN)/python -m adapters.video.animatic.gallery docs/pictures/animatic.jpg

presets: $(READY) ## draw a still of every preset for the documents
	@exec $(BIN)/python -m adapters.video.animatic.presets docs/pictures/presets

ideas: $(READY) ## write docs/ideas.md and draw its stills, from bot/gallery.toml
	@mkdir -p docs/pictures
	@exec $(BIN)/python -m adapters.video.animatic.ideas docs/ideas.md

audit: | $(BIN)/python ## ask the public advisory databases about every pinned dependency (needs the network)
	@test -x .venv/audit/bin/pip-audit || { $(BIN)/python -m venv .venv/audit && .venv/audit/bin/python -m pip install --quiet "pip-audit>=2.10,<3"; }
	@.venv/audit/bin/pip-audit --disable-pip --require-hashes --requirement requirements.lock

# The test lock takes its versions from the run lock, so what is tested is what runs.
lock: ## choose the newest versions that fit pyproject.toml (needs uv) and write both lock files
	@command -v $(UV) >/dev/null || { echo "make lock needs uv on the PATH, or UV=/where/it/is." >&2; exit 1; }
	$(LOCK) --output-file requirements.lock
	$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean: ## remove what was built here (films and settings stay)
	rm -rf .venv build dist ./*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Throughline needs Python 3.11 or newer; '$(PYTHON)' was not found." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Throughline needs Python 3.11 or newer; try: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Throughline needs Python's venv; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Building .venv (once; about a minute) ..."
	@$(PYTHON) -m venv .venv

$(READY): requirements.lock pyproject.toml | $(BIN)/python
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(READY_TO_TEST): requirements-dev.lock pyproject.toml | $(BIN)/python
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@ $(READY)
