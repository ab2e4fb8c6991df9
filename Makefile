# Scam Atlas. `make run` starts it, `make test` checks it; both install what they need.
HOST ?= 127.0.0.1
PORT ?= 8000
VENV ?= .venv
# The newest Python from 3.11 on that this machine has.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := $(VENV)/bin

.PHONY: run test check lint types build conformance clients bench bench-map bench-figures figures soak fuzz screenshots lock help clean

help: ## What can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: $(VENV)/.run ## Install, load the dossier, serve map and API
	@$(BIN)/scam-atlas serve --host $(HOST) --port $(PORT) || [ $$? -eq 130 ] # Ctrl-C is no error

test: $(VENV)/.test check ## Install what the tests need and run them all
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder # browser tests stay last

check: $(VENV)/.test lint types ## Lint, types, import contracts, stale data
	$(BIN)/lint-imports
	$(BIN)/scam-atlas build --check

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

build: $(VENV)/.run ## Rewrite data/processed from data/raw
	$(BIN)/scam-atlas build

conformance: $(VENV)/.test ## OGC's own suites and data: ETS_FEATURES=jar ETS_TILES=jar CQL2_DATA=folder
	@test -n "$(ETS_FEATURES)$(ETS_TILES)$(CQL2_DATA)" || { echo "Say what to run: make conformance \
	ETS_FEATURES=jar ETS_TILES=jar CQL2_DATA=folder (see CONTRIBUTING.md)" >&2; exit 1; }
ifneq ($(ETS_FEATURES)$(ETS_TILES),)
	PYTHONPATH=. $(BIN)/python scripts/conformance_ets.py \
		$(if $(ETS_FEATURES),--features $(ETS_FEATURES)) $(if $(ETS_TILES),--tiles $(ETS_TILES))
endif
ifneq ($(CQL2_DATA),)
	PYTHONPATH=. $(BIN)/python scripts/conformance_cql2.py $(CQL2_DATA)
endif

bench: $(VENV)/.bench ## Side by side with other servers, a million reports: see docs/performance.md
	$(BIN)/python -m benchmarks $(BENCH)

bench-map: $(VENV)/.test ## The map in a browser: first picture, weight, frames while dragged
	$(BIN)/python -m benchmarks.map $(BENCH_MAP)

bench-figures: $(VENV)/.run ## Static maps: seconds each, what they cost others, memory over 500
	$(BIN)/python -m benchmarks.figures $(BENCH_FIGURES)

figures: $(VENV)/.run ## The gallery of static maps into build/figures: FIGURES="thai-border pack" for some
	PYTHONPATH=. $(BIN)/python scripts/figures.py $(FIGURES)

screenshots: $(VENV)/.test ## Pictures of the map into docs/images/map: SCREENSHOTS="table phone" for some
	PYTHONPATH=. $(BIN)/python scripts/screenshots.py $(SCREENSHOTS)

soak: $(VENV)/.run ## 64 clients for a minute, the database away in the middle
	$(BIN)/python -m benchmarks.soak $(SOAK)

EXAMPLES ?= 100
SEED ?= 1
fuzz: $(VENV)/.test ## Ask the service all that its OpenAPI document allows, and what it does not: EXAMPLES=100 SEED=1
	FUZZ_EXAMPLES=$(EXAMPLES) FUZZ_SEED=$(SEED) $(BIN)/pytest -s tests/service/test_fuzz.py

clients: $(VENV)/.test ## QGIS against a fresh service (installs python3-qgis)
	scripts/install-system.sh clients
	PYTHONPATH=. $(BIN)/python scripts/clients.py

lock: ## Renew the lock files (needs uv)
	uv pip compile -q --upgrade --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 pyproject.toml --group build -o requirements.lock
	uv pip compile -q --upgrade --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 pyproject.toml --group build --group test -o requirements-test.lock

clean: ## Remove the virtual environment
	rm -rf $(VENV)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Scam Atlas needs Python 3.11 or newer; none was found." >&2; exit 1; }
	PYTHON=$(PYTHON) scripts/install-system.sh run
	$(PYTHON) -m venv $(VENV)

# Each stamp is newer than what it was made from, so a second start installs nothing.
$(VENV)/.run: requirements.lock pyproject.toml scripts/install-system.sh | $(BIN)/python
	PYTHON=$(PYTHON) scripts/install-system.sh run
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.bench: $(VENV)/.run scripts/install-system.sh
	PYTHON=$(PYTHON) scripts/install-system.sh bench
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.run
	PYTHON=$(PYTHON) scripts/install-system.sh test
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@
